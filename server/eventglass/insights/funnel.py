"""FUNNEL: how many get how far, how fast, and how that changes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from google.protobuf.duration_pb2 import Duration

from eventglass.engine.engine import Rows
from eventglass.insights.dimensions import Typed, alike
from eventglass.insights.groups import ordered
from eventglass.insights.insight import Insight
from eventglass.planning import buckets
from eventglass.planning.funnel import Funnel, Order, Step, funnel_of
from eventglass.planning.scope import Scope
from eventglass.sql.fragment import statement
from eventglass.sql.funnel import answer
from eventglass.sql.funnel.packing import MOST_EVENTS
from eventglass.sql.statement import Statement
from insights.v1.funnel_pb2 import FunnelBreakdown, FunnelResult, FunnelStep, FunnelTrendPoint
from insights.v1.metadata_pb2 import QueryTruncation
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelPlan:
    """A funnel, and where the buckets of its trend begin and the last one ends; no edges without."""

    funnel: Funnel
    edges: tuple[int, ...]


def plan(spec: QuerySpec, scope: Scope) -> FunnelPlan:
    """Resolve a valid spec."""
    funnel = funnel_of(spec, scope)
    return FunnelPlan(funnel=funnel, edges=_edges(funnel, spec) if spec.funnel.trend else ())


def _edges(funnel: Funnel, spec: QuerySpec) -> tuple[int, ...]:
    unit, selection = buckets.UNITS[spec.granularity], funnel.selection
    return buckets.edges(funnel.start, funnel.end, unit, selection.zone, selection.week_start)


def to_sql(plan: FunnelPlan) -> Statement:
    """Compile to one statement, which reads the events once."""
    return statement(answer.answered(plan.funnel, plan.edges), columns=answer.width(plan.funnel))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reached:
    """A step's numbers: units, and milliseconds from the required step before."""

    units: int
    total: int
    percentiles: Sequence[float]
    histogram: Mapping[int, int]


_NOBODY = _Reached(units=0, total=0, percentiles=(), histogram={})


def shape(plan: FunnelPlan, rows: Rows) -> QueryResponse:
    """Make steps and values of the rows of kind STEP, points of BUCKET.

    Two rows (STEP, step 1, 1000 units) and (STEP, 2, 650) of a funnel of three steps are the counts
    1000, 650 and 0, with the rates 1, 0.65 and 0.
    """
    # By the place of a value; 0 is all together.
    reached: defaultdict[int, dict[int, _Reached]] = defaultdict(dict)
    typed: dict[int, tuple[Typed, ...]] = {}
    trend: dict[int, tuple[int, int]] = {}
    cut_units = cut_events = 0
    for kind, key, units, total, percentiles, histogram, with_cut, left_out, *value in zip(
        *rows.columns, strict=True
    ):
        place, *kept = value or (0,)
        if kind == answer.BUCKET:
            trend[key] = (units, total)
            continue
        if place == 0:
            cut_units, cut_events = cut_units + with_cut, cut_events + left_out
        elif key:
            typed[place] = tuple(kept)
        reached[place][key] = _Reached(units=units, total=total, percentiles=percentiles, histogram=histogram)
    response = QueryResponse(funnel=FunnelResult())
    if cut_units:
        response.metadata.truncations.append(_cut(cut_units, cut_events))
    _add_steps(response.funnel, reached[0], plan.funnel)
    response.funnel.breakdowns.extend(_breakdowns(plan.funnel, reached, typed))
    response.funnel.trend.extend(_trend(plan, trend))
    response.metadata.warnings.extend(alike(each.dimensions for each in response.funnel.breakdowns))
    return response


def _add_steps(result: FunnelResult | FunnelBreakdown, reached: dict[int, _Reached], funnel: Funnel) -> None:
    counts = [reached.get(at + 1, _NOBODY).units for at, _ in enumerate(funnel.steps)]
    for at, step in enumerate(funnel.steps):
        made = FunnelStep(event=_label(at, step, funnel), count=counts[at])
        if counts[0]:
            made.conversion_rate = counts[at] / counts[0]
        if at > 0:
            before = counts[at - 1 if funnel.order is Order.UNORDERED else funnel.required_before(at)]
            if before:
                made.step_conversion_rate = counts[at] / before
            _add_times(made, reached.get(at + 1, _NOBODY))
        result.steps.append(made)
    if counts[0]:
        result.overall_conversion_rate = counts[-1] / counts[0]


def _label(at: int, step: Step, funnel: Funnel) -> str:
    return f"any {at + 1}" if funnel.order is Order.UNORDERED else step.series.label


def _add_times(step: FunnelStep, reached: _Reached) -> None:
    if reached.units:
        step.average_time.CopyFrom(_duration(reached.total / reached.units))
        for name, percentile in zip(
            ("median_time", "p90_time", "p95_time"), reached.percentiles, strict=True
        ):
            getattr(step, name).CopyFrom(_duration(percentile))
    for start, end in zip(answer.HISTOGRAM, [*answer.HISTOGRAM[1:], None], strict=True):
        found = step.histogram.add(start=_duration(start), count=reached.histogram.get(start, 0))
        if end is not None:
            found.end.CopyFrom(_duration(end))


def _duration(milliseconds: float) -> Duration:
    made = Duration()
    made.FromNanoseconds(round(milliseconds * 1_000_000))
    return made


def _breakdowns(
    funnel: Funnel, reached: dict[int, dict[int, _Reached]], typed: dict[int, tuple[Typed, ...]]
) -> Iterator[FunnelBreakdown]:
    if funnel.breakdown is None:
        return
    for value in ordered(typed, funnel.breakdown):
        made = FunnelBreakdown(dimensions=value.dimensions)
        _add_steps(made, reached[value.place], funnel)
        yield made


def _trend(plan: FunnelPlan, found: dict[int, tuple[int, int]]) -> Iterator[FunnelTrendPoint]:
    funnel = plan.funnel
    now = funnel.selection.now
    for begin, finish in pairwise(plan.edges):
        entered, converted = found.get(begin, (0, 0))
        point = FunnelTrendPoint(entered=entered, converted=converted)
        point.timestamp.FromMilliseconds(begin)
        if entered:
            point.conversion_rate = converted / entered
        last = finish + funnel.window
        point.partial = buckets.is_partial(
            begin, finish, start=funnel.start, end=funnel.end, now=now
        ) or now < (min(last, funnel.end) if funnel.within_range else last)
        yield point


def _cut(units: int, events: int) -> QueryTruncation:
    return QueryTruncation(
        reason="FUNNEL_EVENTS",
        message=f"{units} had more than {MOST_EVENTS:,} events to look at; later ones were not looked at",
        kept=units * MOST_EVENTS,
        total=units * MOST_EVENTS + events,
    )


INSIGHT = Insight(plan=plan, to_sql=to_sql, shape=shape)
