"""Rules of stickiness (semantics 14)."""

from collections.abc import Iterator

from eventglass.errors import Violation
from insights.v1.query_spec_pb2 import QuerySpec


def violations(spec: QuerySpec) -> Iterator[Violation]:
    """Check the options of a stickiness."""
    if spec.stickiness.min_events < 0:
        yield Violation(
            field="query.stickiness.min_events",
            code="OUT_OF_RANGE",
            description="must be at least 1, or 0 for 1",
        )
