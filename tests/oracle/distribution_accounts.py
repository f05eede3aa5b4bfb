"""What must hold of every distribution, whatever the question."""

from itertools import pairwise

from insights.v1.distribution_pb2 import DistributionResult

_NUMBERS = ("minimum", "median", "p90", "p95", "p99", "maximum")


def account_for_all(result: DistributionResult) -> None:
    """Fail unless the bins join each other and hold all numbers, and the numbers are in order."""
    assert sum(each.count for each in result.bins) == result.total
    assert all(before.end == after.start for before, after in pairwise(result.bins))
    found = [getattr(result, name) for name in _NUMBERS if result.HasField(name)]
    assert found == sorted(found)
    assert len(found) == (len(_NUMBERS) if result.total else 0)
