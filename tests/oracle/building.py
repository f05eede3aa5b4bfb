"""Short builders for hand-made questions: what a test does not say is left out."""

from collections.abc import Mapping
from datetime import UTC, datetime

from google.protobuf.json_format import ParseDict

from insights.v1.breakdown_pb2 import DimensionValue
from insights.v1.filter_pb2 import FilterExpression
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec
from insights.v1.series_pb2 import Kpi, SeriesPoint
from insights.v1.table_pb2 import Row
from tests.oracle.answer import answer
from tests.oracle.buckets import Span
from tests.oracle.history import Json, StoredEvent, milliseconds_of

LONG_AFTER = "2030-01-01T00:00:00Z"


def ms(instant: str) -> int:
    """An RFC 3339 time (UTC where it names no offset) in milliseconds."""
    time = datetime.fromisoformat(instant)
    return milliseconds_of(time if time.tzinfo else time.replace(tzinfo=UTC))


def span(start: str, end: str) -> Span:
    """A stretch of time."""
    return Span(ms(start), ms(end))


def event(
    time: str = "2024-01-01T12:00:00Z",
    *,
    name: str = "buy",
    user: str = "",
    session: str = "",
    event_id: str = "",
    **properties: Json,
) -> StoredEvent:
    """An event; dots in property names are written as two underscores."""
    return StoredEvent(
        name=name,
        time=ms(time),
        user_id=user,
        session_id=session,
        event_id=event_id,
        properties={key.replace("__", "."): value for key, value in properties.items()},
    )


def ask(
    spec: Mapping[str, object],
    *events: StoredEvent,
    now: str = LONG_AFTER,
    audience: FilterExpression | None = None,
) -> QueryResponse:
    """Ask the oracle a spec given as JSON; the range defaults to 1 January 2024 in UTC."""
    whole = {"timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-01-02T00:00:00Z"}, **spec}
    return answer(ParseDict(whole, QuerySpec()), events, now=datetime.fromisoformat(now), audience=audience)


def numbers(response: QueryResponse) -> list[float | None]:
    """The numbers of all points, KPIs or rows in order; None where one is absent."""
    items: list[SeriesPoint | Kpi | Row] = [*response.series, *response.kpis, *response.rows]
    return [item.value if item.HasField("value") else None for item in items]


def values(response: QueryResponse) -> list[object]:
    """The first dimension of all points or rows: its content, or "missing", "other" or (from, to)."""
    items: list[SeriesPoint | Row] = [*response.series, *response.rows]
    return [content(item.dimensions[0]) for item in items]


def content(dimension: DimensionValue) -> object:
    """What a dimension is: its content, or "missing", "other" or (from, to)."""
    if dimension.is_missing or dimension.is_other:
        return "missing" if dimension.is_missing else "other"
    if dimension.HasField("range"):
        lower = getattr(dimension.range, "from") if dimension.range.HasField("from") else None
        return lower, dimension.range.to if dimension.range.HasField("to") else None
    return getattr(dimension, dimension.WhichOneof("value") or "")
