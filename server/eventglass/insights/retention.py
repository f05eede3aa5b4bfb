"""RETENTION: who comes back in the periods after they started."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from eventglass.engine.engine import Rows
from eventglass.insights.dimensions import Typed, alike
from eventglass.insights.groups import ordered
from eventglass.insights.insight import Insight
from eventglass.planning import buckets
from eventglass.planning.retention import Retention, retention_of
from eventglass.planning.scope import Scope
from eventglass.sql.fragment import statement
from eventglass.sql.retention import retained, width
from eventglass.sql.statement import Statement
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec
from insights.v1.retention_pb2 import (
    AverageRate,
    Cohort,
    RetentionBreakdown,
    RetentionPeriod,
    RetentionResult,
)

# Persons by cohort and periods after it.
_Cells = dict[tuple[int, int], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """A retention table before it is a message: per cohort its counts, per cohort which are partial."""

    counts: Sequence[Sequence[int]]
    partial: Sequence[Sequence[bool]]


def plan(spec: QuerySpec, scope: Scope) -> Retention:
    """Resolve a valid spec."""
    return retention_of(spec, scope)


def to_sql(plan: Retention) -> Statement:
    """Compile to one statement, which reads the events once."""
    return statement(retained(plan), columns=width(plan))


def shape(plan: Retention, rows: Rows) -> QueryResponse:
    """Make a cell of every period from each cohort's own on, also where no row is.

    Two rows (0, period 1, period 1, 10 persons) and (0, period 1, period 2, 4) of a range of two weeks
    are the cohorts 10, 4 and 0.
    """
    overall: _Cells = {}
    of_value: defaultdict[int, _Cells] = defaultdict(dict)
    typed: dict[int, tuple[Typed, ...]] = {}
    for is_of_value, number, period, persons, *kept in zip(*rows.columns, strict=True):
        cohort = number - 1
        after = period - number if plan.length is None else period
        if is_of_value:
            of_value[kept[0]][cohort, after] = persons
            typed[kept[0]] = tuple(kept[1:])
        else:
            overall[cohort, after] = persons
    partial = _partial(plan)
    response = QueryResponse(retention=RetentionResult())
    _fill(response.retention, plan, _Table(counts=_counts(plan, overall), partial=partial))
    for value in ordered(typed, plan.breakdown) if plan.breakdown else ():
        made = response.retention.breakdowns.add(dimensions=value.dimensions)
        _fill(made, plan, _Table(counts=_counts(plan, of_value[value.place]), partial=partial))
    response.metadata.warnings.extend(alike(each.dimensions for each in response.retention.breakdowns))
    return response


def _lengths(plan: Retention) -> Iterator[int]:
    """How many cells each cohort has."""
    periods = len(plan.edges) - 1
    return (min(periods - cohort, plan.cells) for cohort in range(periods))


def _counts(plan: Retention, cells: _Cells) -> list[list[int]]:
    by_cohort: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for (cohort, after), persons in cells.items():
        by_cohort[cohort][after] = persons
    return [list(_row(plan, by_cohort[cohort], length)) for cohort, length in enumerate(_lengths(plan))]


def _row(plan: Retention, found: dict[int, int], length: int) -> Iterable[int]:
    if not plan.on_or_after:
        return (found.get(after, 0) for after in range(length))
    # A person stands in the last period of a return, and counts for all before it.
    last = max(found, default=0)
    later = list(accumulate(found.get(after, 0) for after in range(last, 0, -1)))[::-1]
    returned = [found.get(0, 0), *later, *([0] * length)]
    return returned[:length]


def _partial(plan: Retention) -> list[list[bool]]:
    end, now = plan.end, plan.selection.now
    spans = list(pairwise(plan.edges))
    if plan.length is None:
        over = [
            buckets.is_partial(begin, finish, start=plan.start, end=end, now=now) for begin, finish in spans
        ]
        return [over[cohort : cohort + length] for cohort, length in enumerate(_lengths(plan))]
    return [
        [min(finish, end) + (after + 1) * plan.length > min(end, now) for after in range(length)]
        for (_, finish), length in zip(spans, _lengths(plan), strict=True)
    ]


def _fill(result: RetentionResult | RetentionBreakdown, plan: Retention, table: _Table) -> None:
    for begin, counts, partial in zip(plan.edges, table.counts, table.partial, strict=False):
        result.cohorts.append(_cohort(begin, counts, partial))
    result.average_rates.extend(_averages(table))


def _cohort(begin: int, counts: Sequence[int], partial: Sequence[bool]) -> Cohort:
    size = counts[0]
    made = Cohort(
        size=size,
        periods=(
            RetentionPeriod(
                period=after, count=count, rate=count / size if size else None, partial=partial[after]
            )
            for after, count in enumerate(counts)
        ),
    )
    made.cohort_date.FromMilliseconds(begin)
    return made


def _averages(table: _Table) -> Iterator[AverageRate]:
    """Weigh the complete cells of each period by the sizes of their cohorts."""
    for after in range(max(map(len, table.counts), default=0)):
        complete = [
            (counts[after], counts[0])
            for counts, partial in zip(table.counts, table.partial, strict=True)
            if after < len(counts) and not partial[after]
        ]
        size = sum(each for _, each in complete)
        count = sum(each for each, _ in complete)
        yield AverageRate(period=after, rate=count / size if size else None, size=size)


INSIGHT = Insight(plan=plan, to_sql=to_sql, shape=shape)
