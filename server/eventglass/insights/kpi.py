"""KPI: one number per series over the whole range, beside the same number of other ranges."""

import math
from dataclasses import dataclass, replace

from eventglass.engine.engine import Rows
from eventglass.insights import groups
from eventglass.insights.insight import Insight
from eventglass.planning import formula
from eventglass.planning.active_hours import ActiveHours, active_hours, counts_users
from eventglass.planning.durations import milliseconds
from eventglass.planning.event_hours import EventHours, event_hours
from eventglass.planning.first_times import FirstTimes, first_times
from eventglass.planning.formula import Formula
from eventglass.planning.gathered_sessions import reads_gathered_sessions
from eventglass.planning.ranges import Range
from eventglass.planning.rolling import last_window
from eventglass.planning.scope import Scope
from eventglass.planning.selection import Selection, select
from eventglass.sql.aggregations import measures
from eventglass.sql.fragment import statement
from eventglass.sql.groups import grouped, width
from eventglass.sql.source import Source
from eventglass.sql.statement import Statement
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec
from insights.v1.series_pb2 import Kpi, KpiComparison


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiPlan:
    """Numbers over whole ranges.

    Args:
        counted: of each range what is counted: all of it, or the rolling window that ends with it.
        formula: the formula with its text.
        hours: the hours to read instead of events; None for events.
        gathered_sessions: what is gathered of sessions is read instead of their events.
    """

    selection: Selection
    counted: tuple[Range, ...]
    formula: tuple[Formula, str] | None
    hours: ActiveHours | EventHours | FirstTimes | None
    gathered_sessions: bool


def plan(spec: QuerySpec, scope: Scope) -> KpiPlan:
    """Resolve a valid spec."""
    selection = select(spec, scope)
    counted = _counted(spec, selection)
    instants = [at for each in counted for at in (each.start, each.end)]
    of_persons = counts_users(selection.series)
    return KpiPlan(
        selection=selection,
        counted=counted,
        formula=(formula.parse(spec.formula, len(selection.series)), spec.formula) if spec.formula else None,
        hours=active_hours(selection, instants, of_persons=of_persons)
        or event_hours(selection, instants)
        or first_times(selection),
        gathered_sessions=reads_gathered_sessions(selection),
    )


def _counted(spec: QuerySpec, selection: Selection) -> tuple[Range, ...]:
    if not spec.HasField("rolling_window"):
        return selection.ranges
    length = milliseconds(spec.rolling_window)
    return tuple(last_window(each, length, selection.zone) for each in selection.ranges)


def to_sql(plan: KpiPlan) -> Statement:
    """Compile to one statement: a row per series and range that has events."""
    counted = replace(plan.selection, ranges=plan.counted)
    source = Source(
        selection=counted,
        measures=measures(plan.selection.series, weighed=isinstance(plan.hours, EventHours)),
        breakdown=None,
        hours=plan.hours,
        gathered_sessions=plan.gathered_sessions,
    )
    return statement(grouped(source, shared=False), columns=width(source))


def shape(plan: KpiPlan, rows: Rows) -> QueryResponse:
    """Make a number of every series, the formula's last.

    For rows (series 0, comparison 0, result 6) and (0, 1, 4) the number is 6, its change 2, its
    relative change 0.5.
    """
    found = groups.read(
        rows,
        plan.selection,
        measures(plan.selection.series),
        breakdown=None,
        has_buckets=False,
        shared=False,
    )
    ranges = range(len(plan.selection.ranges))
    response = QueryResponse()
    for position, series in enumerate(plan.selection.series):
        numbers = [found.number(position, groups.EVERYTHING, each, groups.WHOLE) for each in ranges]
        response.kpis.append(_kpi(plan.selection, position, series.label, numbers))
    if plan.formula:
        parsed, text = plan.formula
        numbers = [found.formula(parsed, groups.EVERYTHING, each, groups.WHOLE) for each in ranges]
        response.kpis.append(_kpi(plan.selection, len(plan.selection.series), text, numbers))
    return response


def _kpi(selection: Selection, position: int, label: str, numbers: list[float | None]) -> Kpi:
    kpi = Kpi(
        event=label,
        series_index=position,
        value=numbers[0],
        partial=selection.ranges[0].end > selection.now,
    )
    for range_, number in zip(selection.ranges[1:], numbers[1:], strict=True):
        comparison = kpi.comparisons.add(label=range_.label, value=number)
        comparison.time_range.start.FromMilliseconds(range_.start)
        comparison.time_range.end.FromMilliseconds(range_.end)
        _compare(comparison, numbers[0], number)
    return kpi


def _compare(comparison: KpiComparison, number: float | None, other: float | None) -> None:
    if number is None or other is None:
        return
    change = number - other
    if not math.isfinite(change):
        return
    comparison.change = change
    if other and math.isfinite(share := change / abs(other)):
        comparison.relative_change = share


INSIGHT = Insight(plan=plan, to_sql=to_sql, shape=shape)
