"""Methods that browsers also reach by paths of their own, because of what they cannot send."""

from collections.abc import Sequence

from eventglass.transport import beacon, event_source
from eventglass.transport.call import AnyMethod, Method, Streaming
from eventglass.transport.guard import Guard
from eventglass.transport.plain_http import App

_BATCH_CREATE = "/events.v1.EventsService/BatchCreate"
_STREAM = "/events.v1.EventsService/Stream"


def streams(methods: Sequence[AnyMethod], guard: Guard) -> dict[str, App]:
    """Make what an EventSource reads, by path."""
    for each in methods:
        if isinstance(each, Streaming) and each.path == _STREAM:
            return {event_source.PATH: event_source.event_source(each, guard)}
    return {}


def beacons(methods: Sequence[AnyMethod], guard: Guard, *, most_bytes: int) -> dict[str, App]:
    """Make what takes beacons, by path: from pages of anywhere, because the key says who may write."""
    for each in methods:
        if isinstance(each, Method) and each.path == _BATCH_CREATE:
            return {beacon.PATH: beacon.beacon(each, guard, most_bytes=most_bytes)}
    return {}
