"""Series: what each of them counts, when, under which value, and the numbers that come of it."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.event_selector_pb2 import EventSelector
from tests.oracle.aggregations import OF_EVENTS, OF_SESSIONS, Number
from tests.oracle.breakdowns import Value, value_of
from tests.oracle.buckets import Span
from tests.oracle.history import StoredEvent
from tests.oracle.question import Question, aggregation_of, label_of, property_of
from tests.oracle.selection import selected
from tests.oracle.sessions import Session, sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One event or one session that a series counts."""

    time: int
    value: Value
    subject: StoredEvent | Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One series, with what it counts in all history, in order of time."""

    label: str
    aggregation: Aggregation
    aggregation_property: str
    observations: Sequence[Observation]


def all_series(question: Question, events: Sequence[StoredEvent]) -> list[Series]:
    """The series of a question, one per selector; events later than now are in none."""
    history = [event for event in events if event.time <= question.now]
    return [_series(question, selector, history) for selector in question.selectors]


def numbers(series: Series, observations: Sequence[Observation], windows: Iterable[Span]) -> list[Number]:
    """The series' number of those of its observations (in order of time) that are in each window."""
    times = [observation.time for observation in observations]
    return [
        number(series, observations[bisect_left(times, window.start) : bisect_left(times, window.end)])
        for window in windows
    ]


def number(series: Series, observations: Iterable[Observation]) -> Number:
    """The series' number of some of its observations."""
    subjects = [observation.subject for observation in observations]
    if series.aggregation in OF_SESSIONS:
        return OF_SESSIONS[series.aggregation]([it for it in subjects if isinstance(it, Session)])
    events = [it for it in subjects if isinstance(it, StoredEvent)]
    return OF_EVENTS[series.aggregation](events, series.aggregation_property)


def _series(question: Question, selector: EventSelector, history: Sequence[StoredEvent]) -> Series:
    aggregation = aggregation_of(question.spec, selector)
    events = selected(question, selector, history)
    if aggregation in OF_SESSIONS:
        observations = [_of_session(question, session) for session in sessions(history, events)]
    else:
        observations = [_of_event(question, event) for event in events]
    return Series(
        label=label_of(selector),
        aggregation=aggregation,
        aggregation_property=property_of(question.spec, selector),
        observations=sorted(observations, key=lambda observation: observation.time),
    )


def _of_event(question: Question, event: StoredEvent) -> Observation:
    """Each event counts at its time under its own value (4.1)."""
    return Observation(time=event.time, value=value_of(event, question.spec.breakdown), subject=event)


def _of_session(question: Question, session: Session) -> Observation:
    """A session counts where it begins, under the value of its first passing event (2.4, 2.6)."""
    first = min(event.time for event in session.passing)
    values = [value_of(event, question.spec.breakdown) for event in session.passing if event.time == first]
    return Observation(time=session.begin, value=min(values), subject=session)
