"""KPI: one number per series over the whole range (semantics 10)."""

from collections.abc import Sequence

from insights.v1.series_pb2 import Kpi, KpiComparison
from insights.v1.time_pb2 import TimeRange
from tests.oracle.aggregations import Number, finite, quotient
from tests.oracle.counting import Series
from tests.oracle.question import Question
from tests.oracle.series import Line, lines, timestamp


def kpis(question: Question, all_series: Sequence[Series]) -> list[Kpi]:
    """One per series, then the formula's; each with its comparisons."""
    every_line = lines(question, all_series)
    ranges = len(question.ranges)
    by_series = [every_line[at : at + ranges] for at in range(0, len(every_line), ranges)]
    return [_kpi(question, main, others) for main, *others in by_series]


def _kpi(question: Question, main: Line, others: Sequence[Line]) -> Kpi:
    return Kpi(
        event=main.label,
        series_index=main.series_index,
        value=main.numbers[0],
        partial=main.asked.span.end > question.now,
        comparisons=[_comparison(main.numbers[0], other) for other in others],
    )


def _comparison(number: Number, other: Line) -> KpiComparison:
    compared = other.numbers[0]
    change = None if number is None or compared is None else finite(number - compared)
    relative = None if change is None or compared is None else quotient(change, abs(compared))
    return KpiComparison(
        label=other.asked.label,
        time_range=TimeRange(start=timestamp(other.asked.span.start), end=timestamp(other.asked.span.end)),
        value=compared,
        change=change,
        relative_change=relative,
    )
