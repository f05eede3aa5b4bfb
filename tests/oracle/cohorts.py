"""Who is in which cohort (semantics 12.1, 12.8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from insights.v1.retention_pb2 import RetentionCohort
from tests.oracle.breakdowns import Value, value_of
from tests.oracle.buckets import Span
from tests.oracle.history import StoredEvent
from tests.oracle.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person in one cohort."""

    person: str
    cohort: int  # the number of the period, from 0
    start: int  # the time of the person's start in that cohort
    value: Value


def members(question: Question, periods: Sequence[Span], starting: Sequence[StoredEvent]) -> list[Member]:
    """The members of all cohorts, given the starting events of all times."""
    span = question.ranges[0].span
    of_persons = [event for event in starting if event.person]
    in_range = [event for event in of_persons if span.holds(event.time)]
    match question.spec.retention.cohort:
        case RetentionCohort.RETENTION_COHORT_RECURRING:
            parts = [[event for event in in_range if period.holds(event.time)] for period in periods]
            firsts = [events for part in parts for events in _first_events(part)]
        case RetentionCohort.RETENTION_COHORT_FIRST_IN_RANGE:
            firsts = _first_events(in_range)
        case _:
            firsts = [events for events in _first_events(of_persons) if span.holds(events[0].time)]
    return [_member(question, periods, events) for events in firsts]


def _first_events(events: Iterable[StoredEvent]) -> list[list[StoredEvent]]:
    """The events of each person's first millisecond."""
    by_person: dict[str, list[StoredEvent]] = {}
    for event in events:
        by_person.setdefault(event.person, []).append(event)
    first = {person: min(event.time for event in own) for person, own in by_person.items()}
    return [[event for event in own if event.time == first[person]] for person, own in by_person.items()]


def _member(question: Question, periods: Sequence[Span], events: Sequence[StoredEvent]) -> Member:
    """A member by the events of its start, the smallest value of which counts (2.6)."""
    start = events[0].time
    [cohort] = [at for at, period in enumerate(periods) if period.holds(start)]
    return Member(
        person=events[0].person,
        cohort=cohort,
        start=start,
        value=min(value_of(event, question.spec.breakdown) for event in events),
    )
