"""The oracle: answers a valid spec by brute force, as `docs/semantics.md` says.

It shares nothing with the server but the contract's messages. Read it to trust the numbers.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.oracle.counting import Series, all_series
from tests.oracle.history import StoredEvent
from tests.oracle.kpi import kpis
from tests.oracle.question import Question, question
from tests.oracle.series import points
from tests.oracle.table import rows


def answer(
    spec: QuerySpec,
    events: Sequence[StoredEvent],
    *,
    now: datetime,
    timezone: str = "UTC",
    week_start: str = "monday",
) -> QueryResponse:
    """Answer a valid spec, all pages of a table at once, without metadata.

    Args:
        spec: The spec; its defaults are filled in here.
        events: The project's events, without duplicates, in any order.
        now: Events later than this are in no answer.
        timezone: The project's zone, used if the spec has none.
        week_start: "monday" or "sunday".
    """
    asked = question(spec, now=now, timezone=timezone, week_start=week_start)
    return _SHAPES[spec.visualization](asked, all_series(asked, events))


def _series(asked: Question, series: Sequence[Series]) -> QueryResponse:
    return QueryResponse(series=points(asked, series))


def _kpi(asked: Question, series: Sequence[Series]) -> QueryResponse:
    return QueryResponse(kpis=kpis(asked, series))


def _table(asked: Question, series: Sequence[Series]) -> QueryResponse:
    all_rows = rows(asked, series)
    return QueryResponse(rows=all_rows, total_rows=len(all_rows))


_SHAPES: dict[Visualization, Callable[[Question, Sequence[Series]], QueryResponse]] = {
    Visualization.VISUALIZATION_UNSPECIFIED: _series,
    Visualization.VISUALIZATION_LINE: _series,
    Visualization.VISUALIZATION_AREA: _series,
    Visualization.VISUALIZATION_BAR: _series,
    Visualization.VISUALIZATION_KPI: _kpi,
    Visualization.VISUALIZATION_TABLE: _table,
}
