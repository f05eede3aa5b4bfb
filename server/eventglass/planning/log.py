"""The log: which stored events to list, and where a page of them begins."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from eventglass.planning.conditions import Condition
from eventglass.planning.filters import condition_of
from eventglass.planning.page_tokens import (
    DEFAULT_SIZE,
    INSTANTS,
    Pin,
    broken_token,
    pack,
    pin_of,
    text,
    unpack,
    whole,
)
from eventglass.planning.people import People
from eventglass.planning.scope import Scope
from events.v1.list_pb2 import ListOrder, ListRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """An event's place in the log.

    Args:
        time_ms: when it happened.
        event_id: its id.
    """

    time_ms: int
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """One page of the log. All times are in milliseconds since 1970.

    Args:
        people: what is known of persons.
        names: of events; empty: any.
        condition: what else must hold.
        zone: of times in properties that name none.
        start: the first instant; None: whenever.
        end: the first instant after the last.
        arrived_after: only events that arrived later; None: all.
        newest_first: the order.
        pin: what all pages share.
        after: where the page before ended; None for the first page.
        size: events of this page at most.
        request: what the next page's token belongs to.
    """

    project_id: str
    people: People
    names: tuple[str, ...]
    condition: Condition
    zone: ZoneInfo
    start: int | None
    end: int
    arrived_after: int | None
    newest_first: bool
    pin: Pin
    after: Position | None
    size: int
    request: ListRequest


def plan_log(request: ListRequest, scope: Scope) -> LogPage:
    """Resolve a valid request; a later page looks at what the first one looked at."""
    zone = ZoneInfo(request.timezone or scope.project.timezone)
    pin, after = decode(request, scope.project.id) if request.page_token else (pin_of(scope), None)
    has_range = request.HasField("time_range")
    latest = pin.now + 1
    return LogPage(
        project_id=scope.project.id,
        people=scope.people,
        names=tuple(request.names),
        condition=condition_of(request.filters, request.where if request.HasField("where") else None, zone),
        zone=zone,
        start=request.time_range.start.ToMilliseconds() if has_range else None,
        end=min(request.time_range.end.ToMilliseconds(), latest) if has_range else latest,
        arrived_after=request.arrived_after.ToMilliseconds() if request.HasField("arrived_after") else None,
        newest_first=request.order != ListOrder.LIST_ORDER_OLDEST_FIRST,
        pin=pin,
        after=after,
        size=request.page_size or DEFAULT_SIZE,
        request=request,
    )


def encode(page: LogPage, last: Position) -> str:
    """Make the token that leads on from an event."""
    return pack(page.request, page.project_id, page.pin, [last.time_ms, last.event_id])


def decode(request: ListRequest, project_id: str) -> tuple[Pin, Position]:
    """Read the request's token.

    Raises:
        PageTokenError: it is no token, or not one of this request to this project.
    """
    pin, content = unpack(request, project_id, request.page_token)
    try:
        time_ms, event_id = content
        return pin, Position(time_ms=whole(time_ms, INSTANTS), event_id=text(event_id))
    except (ValueError, TypeError) as error:
        raise broken_token() from error
