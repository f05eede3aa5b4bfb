"""LINE, AREA and BAR: one point per series, kept value, range and bucket."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from eventglass.engine.engine import Rows
from eventglass.insights import groups
from eventglass.insights.dimensions import alike, as_text
from eventglass.insights.insight import Insight
from eventglass.insights.points import Bucket, Line, beginning, response_of
from eventglass.planning import breakdowns, buckets, formula
from eventglass.planning.active_hours import ActiveHours, active_hours, counts_users
from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.durations import milliseconds
from eventglass.planning.event_hours import EventHours, event_hours
from eventglass.planning.first_times import FirstTimes, first_times
from eventglass.planning.formula import Formula
from eventglass.planning.gathered_sessions import reads_gathered_sessions
from eventglass.planning.ranges import Range
from eventglass.planning.rolling import Rolling, rolling_of
from eventglass.planning.scope import Scope
from eventglass.planning.selection import Selection, select
from eventglass.sql.aggregations import measures
from eventglass.sql.fragment import statement
from eventglass.sql.groups import grouped, width
from eventglass.sql.rolling import rolled
from eventglass.sql.source import Source
from eventglass.sql.statement import Statement
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec
from insights.v1.series_pb2 import SeriesPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPlan:
    """Series over time.

    Args:
        edges: per range, where buckets begin and the last one ends, in milliseconds.
        formula: the formula and its text.
        rolling: the windows that buckets look at; None for what is in them.
        hours: the hours to read instead of events; None for events.
        gathered_sessions: what is gathered of sessions is read instead of their events.
    """

    selection: Selection
    breakdown: Breakdown | None
    edges: tuple[tuple[int, ...], ...]
    formula: tuple[Formula, str] | None
    rolling: Rolling | None
    hours: ActiveHours | EventHours | FirstTimes | None
    gathered_sessions: bool


def plan(spec: QuerySpec, scope: Scope) -> SeriesPlan:
    """Resolve a valid spec."""
    selection = select(spec, scope)
    unit = buckets.UNITS[spec.granularity]
    edges = tuple(
        buckets.edges(each.start, each.end, unit, selection.zone, selection.week_start)
        for each in selection.ranges
    )
    breakdown = breakdowns.breakdown_of(spec, default_limit=breakdowns.DEFAULT_LIMIT)
    rolling = (
        rolling_of(selection.ranges, edges, milliseconds(spec.rolling_window), unit, selection.zone)
        if spec.HasField("rolling_window")
        else None
    )
    instants = rolling.moments if rolling else tuple(_instants(selection, edges))
    of_persons = counts_users(selection.series)
    return SeriesPlan(
        selection=selection,
        breakdown=breakdown,
        edges=edges,
        formula=(formula.parse(spec.formula, len(selection.series)), spec.formula) if spec.formula else None,
        rolling=rolling,
        hours=active_hours(selection, instants, of_persons=of_persons, breakdown=breakdown)
        or event_hours(selection, instants, breakdown)
        or first_times(selection, breakdown),
        gathered_sessions=reads_gathered_sessions(selection, breakdown),
    )


def _instants(selection: Selection, edges: Iterable[Iterable[int]]) -> Iterator[int]:
    for each in selection.ranges:
        yield from (each.start, each.end)
    for of_range in edges:
        yield from of_range


def to_sql(plan: SeriesPlan) -> Statement:
    """Compile to one statement: a row per series, range, bucket and kept value that has events."""
    source = Source(
        selection=plan.selection,
        measures=measures(plan.selection.series, weighed=isinstance(plan.hours, EventHours)),
        breakdown=plan.breakdown,
        edges=plan.edges,
        hours=plan.hours,
        gathered_sessions=plan.gathered_sessions,
    )
    shared = plan.formula is not None
    if plan.rolling:
        read = replace(source, selection=replace(plan.selection, ranges=plan.rolling.read))
        return statement(rolled(read, plan.rolling, shared=shared), columns=width(source))
    return statement(grouped(source, shared=shared), columns=width(source))


def shape(plan: SeriesPlan, rows: Rows) -> QueryResponse:
    """Make a point of every bucket, also where no row is.

    For two rows (series 0, comparison 0, bucket 0, result 3) and (0, 0, 86400000, 5) of a range of
    three days from 1970-01-01 the points are 3, 5 and 0. With rolling windows the results are changes,
    and the points 3, 8 and 8.
    """
    found = groups.read(
        rows,
        plan.selection,
        measures(plan.selection.series),
        breakdown=plan.breakdown,
        has_buckets=True,
        shared=plan.formula is not None,
    )
    if plan.rolling:
        found = found.summed(plan.edges)
    response = response_of(_lines(plan, found), list(_buckets(plan)))
    kept = [value.dimensions for values in found.values for value in values]
    response.metadata.warnings.extend(alike(kept))
    return response


def _lines(plan: SeriesPlan, found: groups.Groups) -> Iterator[Line]:
    for position, series in enumerate(plan.selection.series):
        for value in found.values[position]:
            number = found.numbers_of(position, value)
            yield Line(shared=_of_line(position, series.label, value), number=number)
    if plan.formula:
        parsed, text = plan.formula
        for value in found.values[0]:
            number = partial(found.formula, parsed, value)
            yield Line(shared=_of_line(len(plan.selection.series), text, value), number=number)


def _of_line(position: int, label: str, value: groups.Value) -> SeriesPoint:
    return SeriesPoint(
        breakdown=as_text(value.dimensions[0]) if value.dimensions else None,
        event=label,
        series_index=position,
        dimensions=value.dimensions,
    )


def _buckets(plan: SeriesPlan) -> Iterator[Bucket]:
    for comparison, (range_, edges) in enumerate(zip(plan.selection.ranges, plan.edges, strict=True)):
        whole, cut = (
            SeriesPoint(partial=each, comparison=range_.label).SerializeToString() for each in (False, True)
        )
        for index, (begin, finish) in enumerate(pairwise(edges)):
            of_range = cut if _is_partial(begin, finish, range_, plan.selection.now) else whole
            yield Bucket(comparison, begin, of_range + beginning(begin, index))


def _is_partial(begin: int, finish: int, range_: Range, now: int) -> bool:
    return buckets.is_partial(begin, finish, start=range_.start, end=range_.end, now=now)


INSIGHT = Insight(plan=plan, to_sql=to_sql, shape=shape)
