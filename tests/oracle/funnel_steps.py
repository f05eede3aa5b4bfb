"""The rows of a funnel: counts, rates and times of the counted attempts (semantics 11.14, 11.15)."""

from collections.abc import Sequence
from itertools import pairwise

from google.protobuf.duration_pb2 import Duration

from insights.v1.funnel_pb2 import FunnelOrder, FunnelStep, FunnelTimeBin
from tests.oracle.aggregations import Number, percentile, quotient
from tests.oracle.attempts import Attempt
from tests.oracle.funnel_rules import FunnelRules
from tests.oracle.question import Question, label_of
from tests.oracle.zones import DAY, HOUR

_MINUTE = HOUR // 60
_EDGES = (
    *(0, _MINUTE // 2, 2 * _MINUTE, 5 * _MINUTE, 15 * _MINUTE, HOUR, 6 * HOUR),
    *(DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY),
)


def steps(question: Question, rules: FunnelRules, counted: Sequence[Attempt]) -> list[FunnelStep]:
    """One row per step."""
    return [_step(question, rules, counted, step) for step in rules.steps]


def overall_rate(rules: FunnelRules, counted: Sequence[Attempt]) -> Number:
    """The share of all that reached the last step."""
    return quotient(_count(counted, rules.steps[-1]), len(counted))


def _step(question: Question, rules: FunnelRules, counted: Sequence[Attempt], step: int) -> FunnelStep:
    count = _count(counted, step)
    row = FunnelStep(
        event=_label(question, rules, step), count=count, conversion_rate=quotient(count, len(counted))
    )
    if step > 1:
        before = rules.before(step)
        rate = quotient(count, _count(counted, before))
        if rate is not None:
            row.step_conversion_rate = rate
        _add_times(row, _times(counted, before, step))
    return row


def _count(counted: Sequence[Attempt], step: int) -> int:
    return sum(step in attempt.served for attempt in counted)


def _label(question: Question, rules: FunnelRules, step: int) -> str:
    if rules.order == FunnelOrder.FUNNEL_ORDER_UNORDERED:
        return f"any {step}"
    return label_of(question.spec.events[step - 1])


def _times(counted: Sequence[Attempt], before: int, step: int) -> list[int]:
    """How long each took from the required step before."""
    reached = [attempt.served for attempt in counted if step in attempt.served]
    return [served[step].time - served[before].time for served in reached]


def _add_times(row: FunnelStep, times: list[int]) -> None:
    numbers = [float(time) for time in times]
    for length, milliseconds in (
        (row.average_time, quotient(sum(numbers), len(numbers))),
        (row.median_time, percentile(50, numbers)),
        (row.p90_time, percentile(90, numbers)),
        (row.p95_time, percentile(95, numbers)),
    ):
        if milliseconds is not None:
            length.CopyFrom(duration(milliseconds))
    for start, end in pairwise((*_EDGES, None)):
        assert start is not None
        inside = [time for time in times if start <= time and (end is None or time < end)]
        row.histogram.append(
            FunnelTimeBin(
                start=duration(start), end=None if end is None else duration(end), count=len(inside)
            )
        )


def duration(milliseconds: float) -> Duration:
    """Spell a length of time for the answer, to the nearest nanosecond."""
    seconds, nanos = divmod(round(milliseconds * 1_000_000), 1_000_000_000)
    return Duration(seconds=seconds, nanos=nanos)
