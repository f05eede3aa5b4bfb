"""Rules of breakdowns."""

from collections.abc import Iterator

from eventglass.errors import Violation
from eventglass.spec import counts, edges
from insights.v1.query_spec_pb2 import QuerySpec, Visualization

LARGEST_LIMIT = 1_000
MOST_PROPERTIES = 5


def violations(spec: QuerySpec) -> Iterator[Violation]:
    """Check the breakdown."""
    if not spec.HasField("breakdown"):
        return
    given = spec.breakdown
    names = [given.property, *given.then_by]
    for position, name in enumerate(names):
        path = f"query.breakdown.then_by[{position - 1}]" if position else "query.breakdown.property"
        if not name:
            yield Violation(field=path, code="REQUIRED", description="is required; name a property")
        elif name in names[:position]:
            yield Violation(
                field=path, code="DUPLICATE", description="stands here twice; name each property once"
            )
    if len(names) > MOST_PROPERTIES:
        yield Violation(
            field="query.breakdown.then_by",
            code="TOO_MANY",
            description=f"holds {len(names) - 1}; at most {MOST_PROPERTIES - 1} are possible",
        )
    yield from _of_limit(spec)
    yield from edges.violations("query.breakdown.buckets", given.buckets)


def _of_limit(spec: QuerySpec) -> Iterator[Violation]:
    given = spec.breakdown
    yield from counts.violations("query.breakdown.limit", given.limit, most=LARGEST_LIMIT)
    if given.hide_other and not given.limit and spec.visualization == Visualization.VISUALIZATION_TABLE:
        yield Violation(
            field="query.breakdown.hide_other",
            code="UNUSED_FIELD",
            description="hides nothing in a table without a limit; set limit, or leave it out",
        )
