"""The stretches of time that the points of a series look at."""

from datetime import timedelta

from insights.v1.query_spec_pb2 import Visualization
from insights.v1.time_pb2 import Granularity
from tests.oracle.buckets import Span, buckets
from tests.oracle.comparisons import days_before
from tests.oracle.question import Question, Range
from tests.oracle.zones import DAY

_OF_THE_CLOCK = (Granularity.GRANULARITY_MINUTE, Granularity.GRANULARITY_HOUR)
_WHOLE = (Visualization.VISUALIZATION_KPI, Visualization.VISUALIZATION_TABLE)


def buckets_of(question: Question, asked: Range) -> list[Span]:
    """The buckets that a range touches."""
    return buckets(question.zone, question.granularity, question.week_start, asked.span)


def windows(question: Question, asked: Range) -> list[Span]:
    """What each bucket counts: its part of the range, or a rolling window before its end; else the range.

    A KPI with a rolling window is the last point of a line by days, whose window ends with the range.
    """
    if question.spec.HasField("rolling_window") and question.spec.visualization in _WHOLE:
        return [_last_window(question, asked.span)]
    if question.spec.visualization in _WHOLE:
        return [asked.span]
    return [_window(question, asked.span, bucket) for bucket in buckets_of(question, asked)]


def _window(question: Question, whole: Span, bucket: Span) -> Span:
    end = min(bucket.end, whole.end)
    if question.spec.HasField("rolling_window"):
        return Span(_rolling_start(question, bucket.end), end)
    return Span(max(bucket.start, whole.start), end)


def _last_window(question: Question, whole: Span) -> Span:
    length = _length(question)
    if length % DAY == 0:
        last_day = buckets(question.zone, Granularity.GRANULARITY_DAY, question.week_start, whole)[-1]
        return Span(days_before(question.zone, last_day.end, length // DAY), whole.end)
    return Span(whole.end - length, whole.end)


def _length(question: Question) -> int:
    return question.spec.rolling_window.ToTimedelta() // timedelta(milliseconds=1)


def _rolling_start(question: Question, bucket_end: int) -> int:
    """Where a bucket's rolling window begins (3.5); whole days are local ones, but for hours and minutes."""
    length = _length(question)
    if length % DAY == 0 and question.granularity not in _OF_THE_CLOCK:
        return days_before(question.zone, bucket_end, length // DAY)
    return bucket_end - length
