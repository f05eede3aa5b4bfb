"""The oracle: answers a valid spec by brute force, as `docs/semantics.md` says.

It shares nothing with the server but the contract's messages. Read it to trust the numbers.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from insights.v1.filter_pb2 import FilterExpression
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.oracle.audiences import of_audience
from tests.oracle.counting import all_series
from tests.oracle.distributions import distribution
from tests.oracle.funnels import funnel
from tests.oracle.heatmaps import heatmap
from tests.oracle.history import StoredEvent, milliseconds_of, remembered
from tests.oracle.kpi import kpis
from tests.oracle.lifecycles import lifecycle
from tests.oracle.paths import paths
from tests.oracle.question import Question, question
from tests.oracle.retentions import retention
from tests.oracle.series import points
from tests.oracle.stickiness import stickiness
from tests.oracle.table import rows


def answer(
    spec: QuerySpec,
    events: Sequence[StoredEvent],
    *,
    now: datetime,
    timezone: str = "UTC",
    week_start: str = "monday",
    audience: FilterExpression | None = None,
) -> QueryResponse:
    """Answer a valid spec, all pages of a table at once, without metadata.

    Args:
        spec: The spec; its defaults are filled in here.
        events: The project's events, without duplicates, in any order.
        now: Events later than this are in no answer.
        timezone: The project's zone, used if the spec has none.
        week_start: "monday" or "sunday".
        audience: The tree of the audience that the spec names, if it names one.
    """
    if audience is not None:
        zone = ZoneInfo(timezone or "UTC")
        events = of_audience(events, audience, now=milliseconds_of(now), zone=zone)
    asked = question(spec, now=now, timezone=timezone, week_start=week_start)
    until_now = [event for event in events if event.time <= asked.now]
    return SHAPES[spec.visualization](asked, remembered(until_now))


def _series(asked: Question, events: Sequence[StoredEvent]) -> QueryResponse:
    return QueryResponse(series=points(asked, all_series(asked, events)))


def _kpi(asked: Question, events: Sequence[StoredEvent]) -> QueryResponse:
    return QueryResponse(kpis=kpis(asked, all_series(asked, events)))


def _table(asked: Question, events: Sequence[StoredEvent]) -> QueryResponse:
    all_rows = rows(asked, all_series(asked, events))
    return QueryResponse(rows=all_rows, total_rows=len(all_rows))


def _funnel(asked: Question, events: Sequence[StoredEvent]) -> QueryResponse:
    return QueryResponse(funnel=funnel(asked, events))


def _retention(asked: Question, events: Sequence[StoredEvent]) -> QueryResponse:
    return QueryResponse(retention=retention(asked, events))


def _lifecycle(asked: Question, events: Sequence[StoredEvent]) -> QueryResponse:
    return QueryResponse(lifecycle=lifecycle(asked, events))


def _paths(asked: Question, events: Sequence[StoredEvent]) -> QueryResponse:
    return QueryResponse(paths=paths(asked, events))


def _stickiness(asked: Question, events: Sequence[StoredEvent]) -> QueryResponse:
    return QueryResponse(stickiness=stickiness(asked, events))


def _distribution(asked: Question, events: Sequence[StoredEvent]) -> QueryResponse:
    return QueryResponse(distribution=distribution(asked, events))


def _heatmap(asked: Question, events: Sequence[StoredEvent]) -> QueryResponse:
    return QueryResponse(heatmap=heatmap(asked, events))


SHAPES: dict[Visualization, Callable[[Question, Sequence[StoredEvent]], QueryResponse]] = {
    Visualization.VISUALIZATION_UNSPECIFIED: _series,
    Visualization.VISUALIZATION_LINE: _series,
    Visualization.VISUALIZATION_AREA: _series,
    Visualization.VISUALIZATION_BAR: _series,
    Visualization.VISUALIZATION_KPI: _kpi,
    Visualization.VISUALIZATION_TABLE: _table,
    Visualization.VISUALIZATION_FUNNEL: _funnel,
    Visualization.VISUALIZATION_RETENTION: _retention,
    Visualization.VISUALIZATION_LIFECYCLE: _lifecycle,
    Visualization.VISUALIZATION_PATHS: _paths,
    Visualization.VISUALIZATION_STICKINESS: _stickiness,
    Visualization.VISUALIZATION_DISTRIBUTION: _distribution,
    Visualization.VISUALIZATION_HEATMAP: _heatmap,
}
