"""STICKINESS: in how many buckets of the range people were active."""

from collections import defaultdict
from itertools import accumulate

from eventglass.engine.engine import Rows
from eventglass.insights.insight import Insight
from eventglass.planning.scope import Scope
from eventglass.planning.stickiness import Stickiness, stickiness_of
from eventglass.sql.fragment import statement
from eventglass.sql.statement import Statement
from eventglass.sql.stickiness import WIDTH, stuck
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec
from insights.v1.stickiness_pb2 import StickinessPoint, StickinessResult, StickinessSeries


def plan(spec: QuerySpec, scope: Scope) -> Stickiness:
    """Resolve a valid spec."""
    return stickiness_of(spec, scope)


def to_sql(plan: Stickiness) -> Statement:
    """Compile to one statement, which reads the events once."""
    return statement(stuck(plan), columns=WIDTH)


def shape(plan: Stickiness, rows: Rows) -> QueryResponse:
    """Make a point of every number of buckets, also where no row is.

    The rows (series 0, 1 bucket, 6 persons) and (0, 3, 2) of a range of three days are the points 6,
    0 and 2; cumulative 8, 2 and 2.
    """
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for series, buckets, persons in zip(*rows.columns, strict=True):
        found[series][buckets] = persons
    most = len(plan.edges) - 1
    response = QueryResponse(stickiness=StickinessResult())
    for position, series in enumerate(plan.selection.series):
        exact = [found[position].get(buckets, 0) for buckets in range(1, most + 1)]
        counts = list(accumulate(reversed(exact)))[::-1] if plan.cumulative else exact
        everybody = sum(exact)
        made = StickinessSeries(event=series.label, series_index=position)
        for buckets, count in enumerate(counts, start=1):
            rate = count / everybody if everybody else None
            made.points.append(StickinessPoint(buckets=buckets, count=count, rate=rate))
        response.stickiness.series.append(made)
    return response


INSIGHT = Insight(plan=plan, to_sql=to_sql, shape=shape)
