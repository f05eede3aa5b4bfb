"""Which value of a breakdown a person (or session) of a funnel has (semantics 11.16)."""

from collections.abc import Callable, Sequence

from insights.v1.funnel_pb2 import FunnelAttribution
from tests.oracle.attempts import Attempt
from tests.oracle.breakdowns import Value, properties_of
from tests.oracle.funnel_events import FunnelEvent
from tests.oracle.question import Question
from tests.oracle.values import MISSING


def attributed(question: Question, attempt: Attempt, events: Sequence[FunnelEvent]) -> Value:
    """The value of a unit, given its counted attempt and all its events."""
    options = question.spec.funnel
    match options.attribution:
        case FunnelAttribution.FUNNEL_ATTRIBUTION_LAST_STEP:
            return attempt.chain[max(attempt.chain)].value
        case FunnelAttribution.FUNNEL_ATTRIBUTION_STEP:
            return _at_step(attempt, options.attribution_step)
        case FunnelAttribution.FUNNEL_ATTRIBUTION_FIRST_TOUCH:
            return _touch(question, events, min)
        case FunnelAttribution.FUNNEL_ATTRIBUTION_LAST_TOUCH:
            return _touch(question, events, max)
        case _:
            return attempt.chain[1].value


def _at_step(attempt: Attempt, step: int) -> Value:
    """At a step if it is done, else at the last required one reached before it."""
    if step in attempt.extras:
        return attempt.extras[step].value
    return attempt.chain[max(each for each in attempt.chain if each <= step)].value


def _touch(question: Question, events: Sequence[FunnelEvent], choose: Callable[[list[int]], int]) -> Value:
    """The value at the first or last millisecond in the range with an event of a step that has a value."""
    span = question.ranges[0].span
    touches = [
        event
        for event in events
        if event.steps and event.has_value and event.held is not None and span.holds(event.time)
    ]
    if not touches:
        return tuple(MISSING for _ in properties_of(question.spec.breakdown))
    time = choose([event.time for event in touches])
    return min(event.value for event in touches if event.time == time)
