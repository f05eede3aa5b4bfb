"""EventsService.Stream: what one subscriber has missed, then new events, until it hangs up."""

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from zoneinfo import ZoneInfo

import re2

from eventglass.catalog.project import Project
from eventglass.engine.engine import Engine
from eventglass.errors import InvalidArgumentError, Violation, refuse
from eventglass.live.broadcast import Broadcast
from eventglass.live.catch_up import missed
from eventglass.live.matching import matcher
from eventglass.live.subscription import Delivery, Selection, Subscription
from eventglass.planning.filters import condition_of
from eventglass.planning.scope import Scope
from eventglass.spec.live import violations_of_stream
from events.v1.stream_pb2 import StreamGap, StreamRequest, StreamResponse

KEEPALIVE_SECONDS = 15.0
_TICK_SECONDS = 1.0


async def stream(
    request: StreamRequest, scope: Scope, engine: Engine, broadcast: Broadcast
) -> AsyncGenerator[StreamResponse | None]:
    """Yield what a subscriber is sent, and None once a second while there is nothing.

    Args:
        request: as it arrived.
        scope: whose events they are.
        engine: where stored ones are.
        broadcast: where new ones come from.

    Raises:
        InvalidArgumentError: with everything that is wrong with the request.
        LimitError: there are too many streams.
        UnavailableError: the server stops.
        EventglassError: as the engine raises them.
    """
    subscription = broadcast.subscribe(scope.project.id, _selection(request, scope.project))
    try:
        since_ms = subscription.watermark_ms
        if request.HasField("arrived_after"):
            yield StreamResponse(watermark=request.arrived_after)
            # What arrives meanwhile is queued.
            async with aclosing(missed(request, scope, engine, since_ms)) as messages:
                async for message in messages:
                    yield message
        yield _message(since_ms)
        async for each in _new(subscription, broadcast):
            yield each
    finally:
        broadcast.unsubscribe(subscription)


async def _new(subscription: Subscription, broadcast: Broadcast) -> AsyncGenerator[StreamResponse | None]:
    sent = time.monotonic()
    while True:
        delivery = await subscription.take(_TICK_SECONDS)
        if delivery is not None:
            yield _message(
                delivery.watermark_ms, await broadcast.remaining(subscription.project_id, delivery)
            )
        elif time.monotonic() - sent < KEEPALIVE_SECONDS:
            yield None
            continue
        else:
            yield _message(subscription.watermark_ms)
        sent = time.monotonic()


def _selection(request: StreamRequest, project: Project) -> Selection:
    refuse(violations_of_stream(request))
    where = request.where if request.HasField("where") else None
    if where is None and not request.filters:
        return Selection(names=frozenset(request.names), matches=None)
    zone = ZoneInfo(request.timezone or project.timezone)
    try:
        matches = matcher(condition_of(request.filters, where, zone), zone)
    except re2.error:
        description = "has more texts than can be compared without regard to case; give fewer or shorter ones"
        violation = Violation(field="filters", code="TOO_MANY", description=description)
        raise InvalidArgumentError.of([violation]) from None
    return Selection(names=frozenset(request.names), matches=matches)


def _message(watermark_ms: int, delivery: Delivery | None = None) -> StreamResponse:
    message = StreamResponse(events=delivery.events if delivery else ())
    if watermark_ms:
        message.watermark.FromMilliseconds(watermark_ms)
    if delivery and delivery.gap:
        message.gap.CopyFrom(StreamGap(missed=delivery.gap.missed, at_most=delivery.gap.at_most))
    return message
