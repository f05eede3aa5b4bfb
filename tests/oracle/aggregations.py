"""The number that is computed of a group of events or sessions (semantics 4); None where there is none."""

import math
from collections.abc import Callable, Sequence

from insights.v1.aggregation_pb2 import Aggregation
from tests.oracle.history import StoredEvent
from tests.oracle.sessions import Session
from tests.oracle.values import MISSING, dimension_of, number_of, read

Number = float | None


def quotient(dividend: float, divisor: float) -> Number:
    """Divide; nothing is left of a division by zero or of what is not finite."""
    return finite(dividend / divisor) if divisor else None


def finite(number: float) -> Number:
    """A number, unless it is infinite or undefined; -0 is 0."""
    return number + 0.0 if math.isfinite(number) else None


def _count(events: Sequence[StoredEvent], _: str) -> Number:
    return len(events)


def _unique_users(events: Sequence[StoredEvent], _: str) -> Number:
    return len({event.person for event in events if event.person})


def _unique_sessions(events: Sequence[StoredEvent], _: str) -> Number:
    return len({event.session_id for event in events if event.session_id})


def _count_per_user(events: Sequence[StoredEvent], _: str) -> Number:
    persons = [event.person for event in events if event.person]
    return quotient(len(persons), len(set(persons)))


def _distinct_values(events: Sequence[StoredEvent], name: str) -> Number:
    return len({dimension_of(read(event, name)) for event in events} - {MISSING})


def _of_numbers(compute: Callable[[list[float]], Number]) -> Callable[[Sequence[StoredEvent], str], Number]:
    """An aggregation of the numbers that a property has."""

    def aggregate(events: Sequence[StoredEvent], name: str) -> Number:
        numbers = [number_of(read(event, name)) for event in events]
        return compute([number for number in numbers if number is not None])

    return aggregate


def _sum(numbers: list[float]) -> Number:
    return rounded(_total(numbers))


def _total(numbers: list[float]) -> Number:
    try:
        return finite(math.fsum(numbers))
    except OverflowError:
        return None


def rounded(number: Number) -> Number:
    """Round to 15 digits, unless it is that large that a whole number may have more."""
    return float(f"{number:.15g}") if number is not None and abs(number) < 1e15 else number


def _average(numbers: list[float]) -> Number:
    total = _total(numbers)
    return None if total is None else rounded(quotient(total, len(numbers)))


def percentile(percent: int, numbers: list[float]) -> Number:
    """Interpolate linearly between the closest ranks, as numpy does: rank p/100 * (n - 1), from 0."""
    if not numbers:
        return None
    ranked = sorted(numbers)
    rank, hundredths = divmod(percent * (len(ranked) - 1), 100)
    if hundredths == 0:
        return finite(ranked[rank])
    lower, upper = ranked[rank], ranked[rank + 1]
    return finite(lower + (upper - lower) * (hundredths / 100))


def _average_duration(sessions: Sequence[Session]) -> Number:
    seconds = quotient(sum(session.duration for session in sessions), len(sessions))
    return None if seconds is None else seconds / 1000


def _bounce_rate(sessions: Sequence[Session]) -> Number:
    return quotient(sum(len(session.events) == 1 for session in sessions), len(sessions))


def _events_per_session(sessions: Sequence[Session]) -> Number:
    return quotient(sum(len(session.passing) for session in sessions), len(sessions))


# Of the events of a group; the text is the aggregation property.
OF_EVENTS: dict[Aggregation, Callable[[Sequence[StoredEvent], str], Number]] = {
    Aggregation.AGGREGATION_COUNT: _count,
    Aggregation.AGGREGATION_UNIQUE_USERS: _unique_users,
    Aggregation.AGGREGATION_UNIQUE_SESSIONS: _unique_sessions,
    Aggregation.AGGREGATION_COUNT_PER_USER: _count_per_user,
    Aggregation.AGGREGATION_DISTINCT_VALUES: _distinct_values,
    Aggregation.AGGREGATION_SUM: _of_numbers(_sum),
    Aggregation.AGGREGATION_AVERAGE: _of_numbers(_average),
    Aggregation.AGGREGATION_MIN: _of_numbers(lambda numbers: min(numbers, default=None)),
    Aggregation.AGGREGATION_MAX: _of_numbers(lambda numbers: max(numbers, default=None)),
    Aggregation.AGGREGATION_MEDIAN: _of_numbers(lambda numbers: percentile(50, numbers)),
    Aggregation.AGGREGATION_P90: _of_numbers(lambda numbers: percentile(90, numbers)),
    Aggregation.AGGREGATION_P95: _of_numbers(lambda numbers: percentile(95, numbers)),
    Aggregation.AGGREGATION_P99: _of_numbers(lambda numbers: percentile(99, numbers)),
}

# Of the sessions of a group.
OF_SESSIONS: dict[Aggregation, Callable[[Sequence[Session]], Number]] = {
    Aggregation.AGGREGATION_SESSIONS: len,
    Aggregation.AGGREGATION_AVERAGE_SESSION_DURATION: _average_duration,
    Aggregation.AGGREGATION_BOUNCE_RATE: _bounce_rate,
    Aggregation.AGGREGATION_EVENTS_PER_SESSION: _events_per_session,
}
