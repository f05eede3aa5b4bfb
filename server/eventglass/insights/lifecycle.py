"""LIFECYCLE: who is new, stays, comes back and leaves, bucket by bucket."""

from dataclasses import dataclass
from itertools import pairwise

from eventglass.engine.engine import Rows
from eventglass.insights.insight import Insight
from eventglass.planning import buckets
from eventglass.planning.lifecycle import Lifecycle, lifecycle_of
from eventglass.planning.scope import Scope
from eventglass.sql.fragment import statement
from eventglass.sql.lifecycle import FIRST, WIDTH, lived
from eventglass.sql.statement import Statement
from insights.v1.lifecycle_pb2 import LifecycleResult
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The persons of a bucket, as sql/lifecycle.py counts them."""

    active: int = 0
    seen: int = 0
    new_users: int = 0
    returning: int = 0


def plan(spec: QuerySpec, scope: Scope) -> Lifecycle:
    """Resolve a valid spec."""
    return lifecycle_of(spec, scope)


def to_sql(plan: Lifecycle) -> Statement:
    """Compile to one statement, which reads the events once."""
    return statement(lived(plan), columns=WIDTH)


def shape(plan: Lifecycle, rows: Rows) -> QueryResponse:
    """Make every bucket of the range, also where no row is.

    Whoever is seen in a bucket is new, returning or else resurrecting; whoever was active in the
    bucket before is returning or else dormant. Of a range of one day, the rows (2, 5, 5, 0, 0) and
    (3, 9, 9, 4, 3) are 4 new, 3 returning, 2 resurrecting and 2 dormant.
    """
    found = {
        number: _Found(active=active, seen=seen, new_users=new_users, returning=returning)
        for number, active, seen, new_users, returning in zip(*rows.columns, strict=True)
    }
    response = QueryResponse(lifecycle=LifecycleResult())
    for number, (begin, finish) in enumerate(pairwise(plan.edges[1:]), start=FIRST):
        here, before = found.get(number, _Found()), found.get(number - 1, _Found())
        bucket = response.lifecycle.buckets.add(
            new_users=here.new_users,
            returning=here.returning,
            resurrecting=here.seen - here.new_users - here.returning,
            dormant=before.active - here.returning,
            partial=buckets.is_partial(begin, finish, start=plan.start, end=plan.end, now=plan.selection.now),
        )
        bucket.timestamp.FromMilliseconds(begin)
    return response


INSIGHT = Insight(plan=plan, to_sql=to_sql, shape=shape)
