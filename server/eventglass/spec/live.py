"""Rules of requests for events themselves: the log and streams."""

from collections.abc import Iterator
from functools import partial

from eventglass.catalog.project import Project
from eventglass.errors import Violation
from eventglass.planning import log
from eventglass.spec import behaviors, filters, paging, times
from events.v1.list_pb2 import ListRequest
from events.v1.stream_pb2 import StreamRequest

MOST_NAMES = 1_000

_ANY_PROJECT = Project(id="")


def violations_of_list(request: ListRequest, _: Project = _ANY_PROJECT) -> list[Violation]:
    """List what is wrong with a request, by field path."""
    in_range = (
        times.of_range("time_range", request.time_range, given=True) if request.HasField("time_range") else ()
    )
    in_arrival = (
        times.of_instant("arrived_after", request.arrived_after) if request.HasField("arrived_after") else ()
    )
    in_pages = paging.violations("", request.page_size, request.page_token, partial(log.decode, request))
    return [*in_range, *_of_choice(request), *in_arrival, *in_pages]


def violations_of_stream(request: StreamRequest, _: Project = _ANY_PROJECT) -> list[Violation]:
    """List what is wrong with a request, by field path."""
    return list(_of_choice(request))


def _of_choice(request: ListRequest | StreamRequest) -> Iterator[Violation]:
    """Check which events are asked for."""
    if len(request.names) > MOST_NAMES:
        yield Violation(
            field="names",
            code="TOO_MANY",
            description=f"holds {len(request.names)}; at most {MOST_NAMES} are possible",
        )
    for position, name in enumerate(request.names):
        if not name:
            yield Violation(
                field=f"names[{position}]",
                code="EMPTY",
                description="is empty; no event is called so, leave it out",
            )
    if len(request.filters) > filters.MOST_CONDITIONS:
        yield Violation(
            field="filters",
            code="TOO_MANY",
            description=f"holds {len(request.filters)}; at most {filters.MOST_CONDITIONS} are possible",
        )
    yield from filters.violations("", request.filters, request.where if request.HasField("where") else None)
    yield from behaviors.unused("", request)
    yield from times.of_zone("timezone", request.timezone)
