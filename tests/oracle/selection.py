"""Which events a series is made of (semantics 2.1, 2.6)."""

from collections.abc import Iterable, Sequence

from insights.v1.event_selector_pb2 import EventSelector
from tests.oracle.filters import passes
from tests.oracle.history import StoredEvent
from tests.oracle.question import Question


def selected(question: Question, selector: EventSelector, events: Sequence[StoredEvent]) -> list[StoredEvent]:
    """All events of a selector, of all times: its own conditions first, then the spec's."""
    own = [event for event in events if _is_of(question, selector, event)]
    if selector.first_time:
        own = first_of_each_person(own)
    spec = question.spec
    return [event for event in own if passes(event, spec.filters, spec.where, question.zone)]


def first_of_each_person(events: Iterable[StoredEvent]) -> list[StoredEvent]:
    """Keep each person's first event (of one millisecond, the smallest event_id); nobody has none."""
    first: dict[str, StoredEvent] = {}
    for event in sorted(events, key=lambda event: (event.time, event.event_id)):
        if event.person:
            first.setdefault(event.person, event)
    return list(first.values())


def _is_of(question: Question, selector: EventSelector, event: StoredEvent) -> bool:
    if selector.name and event.name != selector.name:
        return False
    return passes(event, selector.filters, selector.where, question.zone)
