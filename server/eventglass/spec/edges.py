"""Rules of the edges of bins and buckets."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from eventglass.errors import Violation

MOST_EDGES = 1_000


def violations(path: str, edges: Sequence[float]) -> Iterator[Violation]:
    """Check that edges are few, finite and increasing."""
    if len(edges) > MOST_EDGES:
        yield Violation(
            field=path,
            code="TOO_MANY",
            description=f"holds {len(edges)} edges; at most {MOST_EDGES} are possible",
        )
    endless = [place for place, edge in enumerate(edges) if not math.isfinite(edge)]
    if endless:
        for place in endless[:MOST_EDGES]:
            yield Violation(
                field=f"{path}[{place}]", code="NOT_FINITE", description="must be a finite number"
            )
    elif any(a >= b for a, b in pairwise(edges)):
        yield Violation(
            field=path, code="NOT_INCREASING", description="must be numbers, each larger than the one before"
        )
