"""STICKINESS: in how many buckets people were active (semantics 14)."""

from collections import Counter
from collections.abc import Sequence

from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.stickiness_pb2 import StickinessPoint, StickinessResult, StickinessSeries
from tests.oracle.aggregations import quotient
from tests.oracle.history import StoredEvent
from tests.oracle.question import Question, label_of
from tests.oracle.selection import selected
from tests.oracle.windows import buckets_of


def stickiness(question: Question, events: Sequence[StoredEvent]) -> StickinessResult:
    """Answer a stickiness."""
    history = [event for event in events if event.time <= question.now]
    return StickinessResult(
        series=[
            StickinessSeries(
                event=label_of(selector), series_index=index, points=_points(question, selector, history)
            )
            for index, selector in enumerate(question.selectors)
        ]
    )


def _points(
    question: Question, selector: EventSelector, history: Sequence[StoredEvent]
) -> list[StickinessPoint]:
    options = question.spec.stickiness
    shown = buckets_of(question, question.ranges[0])
    active = _buckets_of_each_person(question, selector, history)
    points = []
    for number in range(1, len(shown) + 1):
        stuck = [
            person for person, its in active.items() if its == number or (options.cumulative and its > number)
        ]
        points.append(
            StickinessPoint(buckets=number, count=len(stuck), rate=quotient(len(stuck), len(active)))
        )
    return points


def _buckets_of_each_person(
    question: Question, selector: EventSelector, history: Sequence[StoredEvent]
) -> Counter[str]:
    """In how many buckets each person was active, if in any."""
    whole = question.ranges[0].span
    least = question.spec.stickiness.min_events or 1
    found: Counter[str] = Counter()
    for bucket in buckets_of(question, question.ranges[0]):
        deeds = Counter(
            event.person
            for event in selected(question, selector, history)
            if event.person and whole.holds(event.time) and bucket.holds(event.time)
        )
        found.update(person for person, number in deeds.items() if number >= least)
    return found
