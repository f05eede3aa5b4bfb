"""HEATMAP: when in the local week things happen (semantics 15)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta

from insights.v1.heatmap_pb2 import HeatmapCell, HeatmapResult
from tests.oracle.aggregations import OF_EVENTS
from tests.oracle.history import EPOCH, StoredEvent
from tests.oracle.question import Question, aggregation_of
from tests.oracle.selection import selected
from tests.oracle.zones import HOUR, local, pieces

WEEK_OF_HOURS = [(weekday, hour) for weekday in range(1, 8) for hour in range(24)]


def heatmap(question: Question, events: Sequence[StoredEvent]) -> HeatmapResult:
    """Answer a heatmap."""
    [selector] = question.selectors
    history = [event for event in events if event.time <= question.now]
    whole = question.ranges[0].span
    found: dict[tuple[int, int], list[StoredEvent]] = defaultdict(list)
    for event in selected(question, selector, history):
        if whole.holds(event.time):
            shown = local(question.zone, event.time)
            found[shown.isoweekday(), shown.hour].append(event)
    number_of = OF_EVENTS[aggregation_of(question.spec, selector)]
    lengths: dict[tuple[int, int], int] = defaultdict(int)
    for cell, length in _stretches(question):
        lengths[cell] += length
    cells = [
        HeatmapCell(
            weekday=weekday,
            hour=hour,
            value=number_of(found[weekday, hour], "") or 0,
            hours_in_range=lengths[weekday, hour] / HOUR,
        )
        for weekday, hour in WEEK_OF_HOURS
    ]
    result = HeatmapResult(cells=cells)
    largest = max(cells, key=lambda cell: cell.value)  # of equal ones, the first
    if largest.value:
        result.peak.CopyFrom(largest)
    return result


def _stretches(question: Question) -> Iterator[tuple[tuple[int, int], int]]:
    """Walk through the range from one local hour to the next, and give each one's cell and length."""
    whole = question.ranges[0].span
    for begin, end, ahead in pieces(question.zone, *whole):
        at = begin
        while at < end:
            hour_ends = (at + ahead) // HOUR * HOUR + HOUR - ahead
            following = min(hour_ends, end)
            shown = EPOCH + timedelta(milliseconds=at + ahead)
            yield (shown.isoweekday(), shown.hour), following - at
            at = following
