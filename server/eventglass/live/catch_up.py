"""What a stream has not sent since it ended: from the log, before what is new."""

from collections.abc import AsyncGenerator
from dataclasses import replace

from eventglass.engine.engine import Engine, Limits
from eventglass.engine.layout import AFTER_LAST_TIME
from eventglass.live.log import page_of
from eventglass.live.subscription import MOST_AT_ONCE
from eventglass.planning import zone as clock
from eventglass.planning.log import LogPage, plan_log
from eventglass.planning.people import WHOEVER
from eventglass.planning.scope import Scope
from eventglass.sql.log import log_count, log_page
from events.v1.list_pb2 import ListOrder, ListRequest
from events.v1.stream_pb2 import StreamGap, StreamRequest, StreamResponse

# Each page of them is a scan; whoever was away for longer is better served by the log.
MOST_EVENTS = 10_000
_PAGE_SIZE = 1_000


async def missed(
    request: StreamRequest, scope: Scope, engine: Engine, until_ms: int
) -> AsyncGenerator[StreamResponse]:
    """Yield the events that arrived after `arrived_after` by the time at which they happened.

    Where they are too many, one message with a gap says how many.

    Args:
        request: valid, with `arrived_after`.
        scope: whose events, and when.
        engine: where they are.
        until_ms: the last arrival that counts, in milliseconds since 1970.
    """
    listed = ListRequest(
        names=request.names,
        filters=request.filters,
        where=request.where if request.HasField("where") else None,
        timezone=request.timezone,
        arrived_after=request.arrived_after,
        order=ListOrder.LIST_ORDER_OLDEST_FIRST,
        page_size=_PAGE_SIZE,
    )
    # Who is slow takes minutes, and meanwhile the project's first person may be erased.
    within = replace(scope, watermark=clock.moment(until_ms), people=WHOEVER)
    ((number,),) = (await engine.query(log_count(_page(listed, within)), Limits())).columns
    if number > MOST_EVENTS:
        yield StreamResponse(gap=StreamGap(missed=number), watermark=request.arrived_after)
        return
    while True:
        page = _page(listed, within)
        found = page_of(page, await engine.query(log_page(page), Limits()))
        for start in range(0, len(found.events), MOST_AT_ONCE):
            some = found.events[start : start + MOST_AT_ONCE]
            yield StreamResponse(events=some, watermark=request.arrived_after)
        if not found.next_page_token:
            return
        listed.page_token = found.next_page_token


def _page(listed: ListRequest, scope: Scope) -> LogPage:
    # A stream sends events whenever they happen, also later than now.
    return replace(plan_log(listed, scope), end=AFTER_LAST_TIME)
