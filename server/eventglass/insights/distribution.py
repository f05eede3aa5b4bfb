"""DISTRIBUTION: how numbers are spread."""

from collections.abc import Sequence
from itertools import pairwise

from eventglass.engine.engine import Rows
from eventglass.insights.groups import finite
from eventglass.insights.insight import Insight
from eventglass.planning.distribution import Distribution, distribution_of
from eventglass.planning.scope import Scope
from eventglass.sql.distribution import WIDTH, spread
from eventglass.sql.fragment import statement
from eventglass.sql.statement import Statement
from insights.v1.distribution_pb2 import DistributionBin, DistributionResult
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec


def plan(spec: QuerySpec, scope: Scope) -> Distribution:
    """Resolve a valid spec."""
    return distribution_of(spec, scope)


def to_sql(plan: Distribution) -> Statement:
    """Compile to one statement, which answers with one row."""
    return statement(spread(plan), columns=WIDTH)


def shape(plan: Distribution, rows: Rows) -> QueryResponse:
    """Make bins and numbers of the row.

    Begins [0, 5] and held [(5, 2)] of numbers up to 10 are the bins [0, 5) with none and [5, 10]
    with two.
    """
    ((total, minimum, maximum, average, percentiles, begins, held),) = zip(*rows.columns, strict=True)
    result = DistributionResult(total=total)
    if total:
        median, p90, p95, p99 = map(finite, percentiles)
        result.MergeFrom(
            DistributionResult(
                minimum=minimum,
                maximum=maximum,
                average=finite(average),
                median=median,
                p90=p90,
                p95=p95,
                p99=p99,
            )
        )
    if total or plan.edges:
        result.bins.extend(_bins(_ends(plan, begins, maximum), begins, dict(held)))
    return QueryResponse(distribution=result)


def _ends(plan: Distribution, begins: Sequence[float], maximum: float) -> list[float | None]:
    """Where each bin begins, and where the last one ends; None for what is open."""
    return [None, *plan.edges, None] if plan.edges else [*begins, maximum]


def _bins(
    ends: Sequence[float | None], begins: Sequence[float], held: dict[float, int]
) -> list[DistributionBin]:
    # Of bins that begin alike, because they are narrower than doubles are apart, the last one holds.
    holds = {begin: at for at, begin in enumerate(begins)}
    counts = {holds[begin]: count for begin, count in held.items()}
    return [
        DistributionBin(start=start, end=end, count=counts.get(at, 0))
        for at, (start, end) in enumerate(pairwise(ends))
    ]


INSIGHT = Insight(plan=plan, to_sql=to_sql, shape=shape)
