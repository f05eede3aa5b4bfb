"""EventsService.List: stored events, page by page."""

from collections.abc import Iterator, Sequence
from typing import Any

from eventglass.engine.engine import Engine, Limits, Rows
from eventglass.errors import refuse
from eventglass.live.stored import stored_event
from eventglass.planning.log import LogPage, Position, encode, plan_log
from eventglass.planning.scope import Scope
from eventglass.spec.live import violations_of_list
from eventglass.sql.log import log_page
from events.v1.list_pb2 import ListRequest, ListResponse
from events.v1.stored_event_pb2 import StoredEvent

MOST_BYTES = 2 * 2**20

# As sql/log.py selects them.
_FIELDS = (
    "event_id",
    "name",
    "time_ms",
    "received_ms",
    "person_id",
    "user_id",
    "anonymous_id",
    "session_id",
    "properties",
    "context",
)


async def list_events(
    request: ListRequest, scope: Scope, engine: Engine, deadline_seconds: float | None
) -> ListResponse:
    """Answer with one page.

    Args:
        request: as it arrived.
        scope: whose events, and when.
        engine: where they are.
        deadline_seconds: what is left of the caller's time; None for no end.

    Raises:
        InvalidArgumentError: with everything that is wrong with the request.
        EventglassError: as the engine raises them.
    """
    refuse(violations_of_list(request, scope.project))
    page = plan_log(request, scope)
    rows = await engine.query(log_page(page), Limits(max_seconds=deadline_seconds))
    return page_of(page, rows)


def page_of(page: LogPage, rows: Rows) -> ListResponse:
    """Make a page of rows, of which there is one more than fits where there are more."""
    found = list(zip(*rows.columns, strict=True))
    response = ListResponse(events=_fitting(found[: page.size]))
    if len(response.events) < len(found):
        last = response.events[-1]
        position = Position(time_ms=last.timestamp.ToMilliseconds(), event_id=last.event_id)
        response.next_page_token = encode(page, position)
    if page.pin.watermark is not None:
        response.watermark.FromMilliseconds(page.pin.watermark)
    return response


def _fitting(rows: Sequence[Sequence[Any]]) -> Iterator[StoredEvent]:
    """Give events until the page is full; at least one, if there is one."""
    size = 0
    for event in map(_event, rows):
        size += event.ByteSize()
        if size > MOST_BYTES and size > event.ByteSize():
            return
        yield event


def _event(row: Sequence[Any]) -> StoredEvent:
    return stored_event(**dict(zip(_FIELDS, row, strict=True)))
