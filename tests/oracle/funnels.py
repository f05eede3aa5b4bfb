"""FUNNEL: how many went how far (semantics 11)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from insights.v1.funnel_pb2 import FunnelBreakdown, FunnelResult, FunnelTrendPoint
from tests.oracle.aggregations import quotient
from tests.oracle.attempts import Attempt, attempts, counted
from tests.oracle.breakdowns import Value, dimension_values
from tests.oracle.buckets import Span
from tests.oracle.funnel_events import units
from tests.oracle.funnel_rules import FunnelRules, rules_of
from tests.oracle.funnel_steps import overall_rate, steps
from tests.oracle.history import StoredEvent
from tests.oracle.kept_values import is_under, shown_values
from tests.oracle.question import Question
from tests.oracle.series import timestamp
from tests.oracle.touches import attributed
from tests.oracle.windows import buckets_of


class _Entered(NamedTuple):
    """A person (or session) in the funnel."""

    attempt: Attempt
    value: Value


def funnel(question: Question, events: Sequence[StoredEvent]) -> FunnelResult:
    """Answer a funnel."""
    rules = rules_of(question)
    of_units = [(unit, attempts(rules, unit)) for unit in units(question, events)]
    entered = [
        _Entered(attempt, attributed(question, attempt, unit))
        for unit, made in of_units
        if (attempt := counted(made)) is not None
    ]
    everyone = [each.attempt for each in entered]
    return FunnelResult(
        steps=steps(question, rules, everyone),
        overall_conversion_rate=overall_rate(rules, everyone),
        breakdowns=_breakdowns(question, rules, entered) if question.has_breakdown else [],
        trend=_trend(question, rules, [made for _, made in of_units]) if question.spec.funnel.trend else [],
    )


def _breakdowns(
    question: Question, rules: FunnelRules, entered: Sequence[_Entered]
) -> Iterator[FunnelBreakdown]:
    all_shown = shown_values(question, Counter(each.value for each in entered))
    for shown in all_shown:
        part = [each.attempt for each in entered if is_under(question, each.value, shown, all_shown)]
        yield FunnelBreakdown(
            dimensions=dimension_values(shown, question.spec.breakdown),
            steps=steps(question, rules, part),
            overall_conversion_rate=overall_rate(rules, part),
        )


def _trend(
    question: Question, rules: FunnelRules, of_units: Sequence[list[Attempt]]
) -> Iterator[FunnelTrendPoint]:
    """Per bucket the funnel of the attempts that begin in it (6.10)."""
    for bucket in buckets_of(question, question.ranges[0]):
        begun = [[attempt for attempt in made if bucket.holds(attempt.begin)] for made in of_units]
        entered = [attempt for made in begun if (attempt := counted(made)) is not None]
        converted = sum(attempt.depth == len(rules.required) for attempt in entered)
        yield FunnelTrendPoint(
            timestamp=timestamp(bucket.start),
            entered=len(entered),
            converted=converted,
            conversion_rate=quotient(converted, len(entered)),
            partial=_is_partial(question, rules, bucket),
        )


def _is_partial(question: Question, rules: FunnelRules, bucket: Span) -> bool:
    """A bucket that the range cuts, that is not over, or whose attempts can still convert."""
    convertible = bucket.end + rules.window
    if rules.within_range:
        convertible = max(bucket.end, min(convertible, rules.span.end))
    return bucket.start < rules.span.start or bucket.end > rules.span.end or convertible > question.now
