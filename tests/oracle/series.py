"""LINE, AREA and BAR: one point per series, value, range and bucket (semantics 1.6 to 1.9)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from google.protobuf.timestamp_pb2 import Timestamp

from insights.v1.series_pb2 import SeriesPoint
from tests.oracle.aggregations import Number
from tests.oracle.breakdowns import Value, dimension_values, first_as_text
from tests.oracle.buckets import Span
from tests.oracle.counting import Series, numbers
from tests.oracle.formula import evaluate
from tests.oracle.question import Question, Range
from tests.oracle.ranking import part, shown_values
from tests.oracle.windows import buckets_of, windows


class Line(NamedTuple):
    """The points of one series and value in one range."""

    label: str
    series_index: int
    value: Value
    asked: Range
    numbers: list[Number]


def points(question: Question, all_series: Sequence[Series]) -> list[SeriesPoint]:
    """All points: by series, value rank, comparison and time."""
    return [point for line in lines(question, all_series) for point in _points(question, line)]


def lines(question: Question, all_series: Sequence[Series]) -> list[Line]:
    """The lines of all series, the formula's last, each by value rank and range."""
    shown = shown_values(question, all_series)
    by_series = [
        list(_lines_of(question, series, index, shown[index])) for index, series in enumerate(all_series)
    ]
    if question.spec.formula:
        by_series.append([_formula_line(question, column) for column in zip(*by_series, strict=True)])
    return [line for of_series in by_series for line in of_series]


def _lines_of(question: Question, series: Series, index: int, shown: Sequence[Value]) -> Iterator[Line]:
    for value in shown:
        observations = part(question, series, value, shown)
        for asked in question.ranges:
            of_windows = numbers(series, observations, windows(question, asked))
            yield Line(series.label, index, value, asked, of_windows)


def _formula_line(question: Question, column: Sequence[Line]) -> Line:
    """The formula of the lines that the series have for the same value and range, bucket by bucket."""
    formula = question.spec.formula
    results = [
        evaluate(formula, operands) for operands in zip(*(line.numbers for line in column), strict=True)
    ]
    return Line(formula, len(column), column[0].value, column[0].asked, results)


def _points(question: Question, line: Line) -> Iterator[SeriesPoint]:
    breakdown = question.spec.breakdown
    for at, bucket in enumerate(buckets_of(question, line.asked)):
        point = SeriesPoint(
            timestamp=timestamp(bucket.start),
            value=line.numbers[at],
            event=line.label,
            series_index=line.series_index,
            dimensions=dimension_values(line.value, breakdown),
            partial=is_partial(question, line.asked.span, bucket),
            comparison=line.asked.label,
            aligned_index=at,
        )
        if question.has_breakdown:
            point.breakdown = first_as_text(line.value, breakdown)
        yield point


def is_partial(question: Question, whole: Span, bucket: Span) -> bool:
    """A bucket that the range cuts, or that is not over."""
    return bucket.start < whole.start or bucket.end > whole.end or bucket.end > question.now


def timestamp(instant: int) -> Timestamp:
    """Spell an instant for the answer."""
    seconds, thousandths = divmod(instant, 1000)
    return Timestamp(seconds=seconds, nanos=thousandths * 1_000_000)
