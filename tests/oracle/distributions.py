"""DISTRIBUTION: how numbers are spread (semantics 17)."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from insights.v1.distribution_pb2 import DistributionBin, DistributionOf, DistributionResult
from tests.oracle.aggregations import Number, finite, percentile, rounded
from tests.oracle.history import StoredEvent
from tests.oracle.question import Question, property_of
from tests.oracle.selection import selected
from tests.oracle.sessions import sessions
from tests.oracle.values import number_of, read

DEFAULT_BINS = 10


def distribution(question: Question, events: Sequence[StoredEvent]) -> DistributionResult:
    """Answer with bins, extremes, mean and percentiles."""
    numbers = _numbers(question, [event for event in events if event.time <= question.now])
    average = _average(numbers)
    of = question.spec.distribution.of
    is_counted = of in (
        DistributionOf.DISTRIBUTION_OF_EVENTS_PER_USER,
        DistributionOf.DISTRIBUTION_OF_SESSION_LENGTH,
    )
    return DistributionResult(
        bins=_bins(question, numbers),
        total=len(numbers),
        minimum=min(numbers, default=None),
        maximum=max(numbers, default=None),
        average=average if is_counted else rounded(average),
        median=percentile(50, numbers),
        p90=percentile(90, numbers),
        p95=percentile(95, numbers),
        p99=percentile(99, numbers),
    )


def _numbers(question: Question, history: Sequence[StoredEvent]) -> list[float]:
    [selector] = question.selectors
    span = question.ranges[0].span
    passing = selected(question, selector, history)
    in_range = [event for event in passing if span.holds(event.time)]
    match question.spec.distribution.of:
        case DistributionOf.DISTRIBUTION_OF_EVENTS_PER_USER:
            return list(map(float, Counter(event.person for event in in_range if event.person).values()))
        case DistributionOf.DISTRIBUTION_OF_SESSION_LENGTH:
            began = [session for session in sessions(history, passing) if span.holds(session.begin)]
            return [session.duration / 1000 for session in began]
        case _:
            name = property_of(question.spec, selector)
            found = [number_of(read(event, name)) for event in in_range]
            return [number + 0.0 for number in found if number is not None]  # -0 is 0


def _average(numbers: Sequence[float]) -> Number:
    try:
        return finite(math.fsum(numbers) / len(numbers)) if numbers else None
    except OverflowError:
        return None


def _bins(question: Question, numbers: Sequence[float]) -> list[DistributionBin]:
    """Given bins with those below and above, or equal ones with the maximum in the last."""
    given = list(question.spec.distribution.edges)
    if given:
        ends: list[tuple[Number, Number]] = list(pairwise([None, *given, None]))
        return _filled(ends, numbers)
    if not numbers:
        return []
    return _filled(list(pairwise(_equal_edges(min(numbers), max(numbers), _count(question)))), numbers)


def _count(question: Question) -> int:
    return question.spec.distribution.bins or DEFAULT_BINS


def _equal_edges(lowest: float, highest: float, count: int) -> list[float]:
    """Where equal bins begin, and where the last one ends: reckoned exactly, rounded at every step."""
    if lowest == highest:
        return [lowest, highest]
    low, high = Fraction(lowest), Fraction(highest)
    width = _rounded(high - low)
    inner = (_rounded(low + _rounded(_rounded(width * at) / count)) for at in range(1, count))
    return [lowest, *(float(min(max(edge, low), high)) for edge in inner), highest]


def _rounded(exact: Fraction) -> Fraction:
    """Round to the nearest double, or to what would be one if there were no largest."""
    unit = 2**100 if abs(exact) >= 2**1000 else 1
    return unit * Fraction(float(exact / unit))


def _filled(ends: Sequence[tuple[Number, Number]], numbers: Iterable[float]) -> list[DistributionBin]:
    """Count each number in the last bin that does not begin above it."""
    counts = Counter(
        max(at for at, (start, _) in enumerate(ends) if start is None or start <= number)
        for number in numbers
    )
    return [DistributionBin(start=start, end=end, count=counts[at]) for at, (start, end) in enumerate(ends)]
