"""Events as a funnel sees them: which steps they match, and in which order they stand (semantics 11.4)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.funnel_pb2 import FunnelCountBy
from tests.oracle.breakdowns import Value, properties_of, value_of
from tests.oracle.filters import passes
from tests.oracle.history import StoredEvent
from tests.oracle.question import Question
from tests.oracle.selection import selected
from tests.oracle.values import printed, read

# How the held properties of an event print.
Held = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelEvent:
    """One event of a unit, also one that matches no step."""

    time: int
    steps: frozenset[int]  # those that it matches, from 1
    required: frozenset[int]  # those of them that are not optional
    excluding: frozenset[int]  # the exclusions that it is an event of, from 0
    value: Value
    has_value: bool  # whether any of the breakdown's properties is present
    held: Held | None  # None if it lacks one of the held properties

    @property
    def place(self) -> tuple[int, float, int, int, Value]:
        """Where it stands: by millisecond, lowest step, its steps, value; without a step last.

        Of its steps the required ones come first, so that optional ones move no event of others.
        """
        lowest = min(self.required or self.steps, default=math.inf)
        return self.time, lowest, _binary(self.required), _binary(self.steps), self.value


def _binary(steps: frozenset[int]) -> int:
    return sum(2 ** (step - 1) for step in steps)


def units(question: Question, events: Sequence[StoredEvent]) -> list[list[FunnelEvent]]:
    """The events of each person (or session) in order; what the spec's filters drop does not exist."""
    spec = question.spec
    history = [event for event in events if event.time <= question.now]
    steps = _matching(question, history, dict(enumerate(spec.events, start=1)))
    exclusions = {at: exclusion.event for at, exclusion in enumerate(spec.funnel.exclusions)}
    excluding = _matching(question, history, exclusions)
    groups: dict[tuple[str, ...], list[FunnelEvent]] = {}
    for at, event in enumerate(history):
        unit = _unit(question, event)
        if all(unit) and passes(event, spec.filters, spec.where, question.zone):
            seen = _seen(question, event, steps[at], excluding[at])
            groups.setdefault(unit, []).append(seen)
    return [sorted(group, key=lambda event: event.place) for group in groups.values()]


def by_held(events: Sequence[FunnelEvent]) -> dict[Held, list[FunnelEvent]]:
    """Part events by what they hold; those that lack something take no part."""
    parts: dict[Held, list[FunnelEvent]] = {}
    for event in events:
        if event.held is not None:
            parts.setdefault(event.held, []).append(event)
    return parts


def _unit(question: Question, event: StoredEvent) -> tuple[str, ...]:
    """Whom (or which session) an event belongs to; a "" in it is nobody."""
    if question.spec.funnel.count_by == FunnelCountBy.FUNNEL_COUNT_BY_SESSIONS:
        return event.person, event.session_id
    return (event.person,)


def _matching(
    question: Question, history: Sequence[StoredEvent], selectors: Mapping[int, EventSelector]
) -> list[frozenset[int]]:
    """For each event the keys of the selectors that select it."""
    chosen = {key: set(map(id, selected(question, selector, history))) for key, selector in selectors.items()}
    return [frozenset(key for key, ids in chosen.items() if id(event) in ids) for event in history]


def _seen(
    question: Question, event: StoredEvent, steps: frozenset[int], excluding: frozenset[int]
) -> FunnelEvent:
    spec = question.spec
    held = [read(event, name) for name in spec.funnel.hold_constant]
    return FunnelEvent(
        time=event.time,
        steps=steps,
        required=frozenset(step for step in steps if not spec.events[step - 1].optional),
        excluding=frozenset() if steps else excluding,  # what matches a step is never an exclusion
        value=value_of(event, spec.breakdown),
        has_value=any(read(event, name) is not None for name in properties_of(spec.breakdown)),
        held=None if None in held else tuple(printed(content) for content in held),
    )
