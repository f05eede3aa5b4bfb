"""Every attempt that a person (or session) makes at a funnel (semantics 11.1 to 11.13)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from insights.v1.funnel_pb2 import FunnelOrder
from tests.oracle.funnel_events import FunnelEvent, Held, by_held
from tests.oracle.funnel_rules import Between, FunnelRules

# The places of the events that served the required steps, in the order of the steps.
Chain = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What became of one beginning."""

    chain: Mapping[int, FunnelEvent]  # by required step; when unordered by 1, 2, … as they were done
    extras: Mapping[int, FunnelEvent]  # by optional step
    held: Held
    is_hit: bool  # by an exclusion

    @property
    def begin(self) -> int:
        """The time of its first event."""
        return self.chain[1].time

    @property
    def depth(self) -> int:
        """How many required steps it reached."""
        return len(self.chain)

    @property
    def served(self) -> Mapping[int, FunnelEvent]:
        """The event of every step that is done."""
        return {**self.chain, **self.extras}


def attempts(rules: FunnelRules, events: Sequence[FunnelEvent]) -> list[Attempt]:
    """All attempts of one unit, whose events are in order."""
    return [
        _attempt(rules, held, part, first)
        for held, part in by_held(events).items()
        for first, event in enumerate(part)
        if rules.span.holds(event.time) and _begins(rules, event)
    ]


def counted(candidates: Sequence[Attempt]) -> Attempt | None:
    """The deepest attempt; of several the first that no exclusion hits; None if there is none.

    First is the one whose first event is first, then whose second is, …, then the smallest held values.
    """
    greatest = max((attempt.depth for attempt in candidates), default=0)
    clean = [attempt for attempt in candidates if attempt.depth == greatest and not attempt.is_hit]
    return min(clean, key=_rank, default=None)


def deepest(rules: FunnelRules, events: Sequence[FunnelEvent], first: int) -> Chain:
    """ORDERED: try every event for every step; of the longest chains the first, event by event."""

    @cache
    def longest(done: int, last: int) -> Chain:
        """How it goes on when so many required steps are done, the last by the event at `last`."""
        if done == len(rules.required):
            return ()
        ways = [
            (place, *longest(done + 1, place))
            for place in range(last + 1, len(events))
            if _can_serve(rules, rules.required[done], events, (first, last, place))
        ]
        return max(ways, key=len, default=())  # the first of the longest

    return (first, *longest(1, first))


def _consecutive(rules: FunnelRules, events: Sequence[FunnelEvent], first: int) -> Chain:
    """STRICT: each step by the very next event."""
    places = [first]
    for step in rules.required[1:]:
        last = places[-1]
        if last + 1 == len(events) or not _can_serve(rules, step, events, (first, last, last + 1)):
            break
        places.append(last + 1)
    return tuple(places)


def _in_any_order(rules: FunnelRules, events: Sequence[FunnelEvent], first: int) -> Chain:
    """UNORDERED: each event serves the lowest open step that it matches."""
    left = set(rules.required)
    places = []
    for place in range(first, len(events)):
        matching = left & events[place].steps
        if matching and rules.in_time(events[first].time, events[place].time):
            left.remove(min(matching))
            places.append(place)
    return tuple(places)


_CHAINS: dict[FunnelOrder, Callable[[FunnelRules, Sequence[FunnelEvent], int], Chain]] = {
    FunnelOrder.FUNNEL_ORDER_ORDERED: deepest,
    FunnelOrder.FUNNEL_ORDER_STRICT: _consecutive,
    FunnelOrder.FUNNEL_ORDER_UNORDERED: _in_any_order,
}


def _begins(rules: FunnelRules, event: FunnelEvent) -> bool:
    """Tell whether an attempt begins with an event."""
    if rules.order == FunnelOrder.FUNNEL_ORDER_UNORDERED:
        return bool(event.steps)
    return 1 in event.steps


def _can_serve(
    rules: FunnelRules, step: int, events: Sequence[FunnelEvent], places: tuple[int, int, int]
) -> bool:
    """Tell whether an event can serve a step; `places`: the first event's, the step before's, its own."""
    first, last, event = (events[place] for place in places)
    if step not in event.steps or not rules.in_time(first.time, event.time):
        return False
    return step not in rules.within or event.time - last.time <= rules.within[step]


def _attempt(rules: FunnelRules, held: Held, events: Sequence[FunnelEvent], first: int) -> Attempt:
    places = dict(zip(rules.required, _CHAINS[rules.order](rules, events, first), strict=False))
    chain = {step: events[place] for step, place in places.items()}
    extras = {step: _extra(rules, events, places, step) for step in rules.optional}
    return Attempt(
        chain=chain,
        extras={step: event for step, event in extras.items() if event is not None},
        held=held,
        is_hit=any(_is_hit(rules, at, between, chain, events) for at, between in enumerate(rules.exclusions)),
    )


def _extra(
    rules: FunnelRules, events: Sequence[FunnelEvent], places: Mapping[int, int], step: int
) -> FunnelEvent | None:
    """The first event that can serve an optional step between the required steps around it."""
    if rules.before(step) not in places:
        return None
    last, until = places[rules.before(step)], places.get(rules.after(step), len(events))
    for place in range(last + 1, until):
        if _can_serve(rules, step, events, (places[1], last, place)):
            return events[place]
    return None


def _is_hit(
    rules: FunnelRules,
    exclusion: int,
    between: Between,
    chain: Mapping[int, FunnelEvent],
    events: Sequence[FunnelEvent],
) -> bool:
    """Tell whether an exclusion's event comes between two steps, or after the first while there was time."""
    if between.from_step not in chain:
        return False
    after = chain[between.from_step].time
    times = [event.time for event in events if exclusion in event.excluding and event.time > after]
    if between.to_step in chain:
        return any(time < chain[between.to_step].time for time in times)
    return any(rules.in_time(chain[1].time, time) for time in times)


def _rank(attempt: Attempt) -> tuple[object, ...]:
    return [event.place for event in attempt.chain.values()], attempt.held
