"""Random ranges of time around an instant, with about as many buckets as asked for."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from insights.v1.time_pb2 import Comparison, Granularity, TimeRange
from tests.oracle.choosing import one_in, weighted
from tests.oracle.comparisons import comparison_span, span_of
from tests.oracle.history import milliseconds_of
from tests.oracle.series import timestamp
from tests.oracle.years import AFTER_LAST, FIRST, of_a_range
from tests.oracle.zones import DAY, HOUR, first_instant

# The shortest length of a bucket, changes of the clock aside.
LENGTHS = {
    Granularity.GRANULARITY_UNSPECIFIED: DAY,
    Granularity.GRANULARITY_MINUTE: HOUR // 60,
    Granularity.GRANULARITY_HOUR: HOUR,
    Granularity.GRANULARITY_DAY: DAY,
    Granularity.GRANULARITY_WEEK: 7 * DAY,
    Granularity.GRANULARITY_MONTH: 28 * DAY,
    Granularity.GRANULARITY_QUARTER: 90 * DAY,
    Granularity.GRANULARITY_YEAR: 365 * DAY,
}
GRANULARITIES = tuple(it for it in LENGTHS if it != Granularity.GRANULARITY_UNSPECIFIED)

# Nothing happens in the worlds beyond a few years, and zones take long to walk through.
_LONGEST = 6 * 365 * DAY


@st.composite
def ranges(
    draw: st.DrawFn, anchor: datetime, zone: ZoneInfo, granularity: Granularity, most: int
) -> TimeRange:
    """Draw a range that mostly holds the anchor and has at most about so many buckets."""
    longest = min(most * LENGTHS[granularity], _LONGEST)
    kinds = [_instants(anchor, longest)]
    if longest >= DAY:
        kinds += [_midnights(anchor, zone, longest // DAY)] * 2
    if longest >= 31 * DAY:
        kinds += [_months(anchor, zone, longest // (31 * DAY))] * 2
    whole = [span for span in _to_the_edges(anchor) if span[1] - span[0] <= most * LENGTHS[granularity]]
    if draw(one_in(16)) and whole:
        kinds.append(st.sampled_from(whole))
    start, end = draw(weighted(*kinds))
    return _range(start, end)


def all_years(anchor: datetime) -> st.SearchStrategy[TimeRange]:
    """Draw all years that there are, up to or from an instant perhaps."""
    return st.sampled_from([_range(*span) for span in _to_the_edges(anchor)])


@st.composite
def comparisons(draw: st.DrawFn, main: TimeRange, zone: ZoneInfo) -> list[Comparison]:
    """Draw up to two comparisons with different labels."""
    found: list[Comparison] = []
    for kind in draw(
        st.lists(st.sampled_from(("previous_period", "previous_year", "time_range")), max_size=2)
    ):
        comparison = draw(_comparisons(kind, main))
        taken = {other.label or other.WhichOneof("range") for other in found}
        span = comparison_span(comparison, span_of(main), zone)
        # A range inside a repeated hour may have nothing left of it a year before.
        if (comparison.label or kind) not in taken and span.start < span.end:
            found.append(comparison)
    return found


@st.composite
def _comparisons(draw: st.DrawFn, kind: str, main: TimeRange) -> Comparison:
    label = draw(st.sampled_from(("", "", "before", "früher \\'\0")))
    if kind == "previous_period":
        return Comparison(previous_period=True, label=label)
    if kind == "previous_year":
        return Comparison(previous_year=True, label=label)
    span = span_of(main)
    length = span.end - span.start
    moved = draw(st.sampled_from((-length, -length // 2, length // 3, -DAY, 1, 365 * -DAY)))
    shorter = draw(st.sampled_from((0, 0, length // 2, min(length - 1, 1))))
    return Comparison(time_range=_range(span.start + moved, span.end + moved - shorter), label=label)


def _to_the_edges(anchor: datetime) -> list[tuple[int, int]]:
    middle = milliseconds_of(anchor)
    return [(FIRST, AFTER_LAST), (FIRST, middle + 1), (FIRST, middle), (middle, AFTER_LAST)]


@st.composite
def _instants(draw: st.DrawFn, anchor: datetime, longest: int) -> tuple[int, int]:
    """Any millisecond to any other, often of a whole minute, half an hour or the anchor itself."""
    step = draw(st.sampled_from([step for step in (1, 60_000, 900_000, 1_800_000) if step <= longest]))
    steps = draw(_up_to(longest // step))
    start = milliseconds_of(anchor) - draw(_part_of(steps)) * step + draw(st.sampled_from((0, 0, 0, 1, -1)))
    length = steps * step
    return start, start + length


@st.composite
def _midnights(draw: st.DrawFn, anchor: datetime, zone: ZoneInfo, longest: int) -> tuple[int, int]:
    """From a local midnight to another, at most so many days later."""
    days = draw(_up_to(longest))
    day = anchor.astimezone(zone).date() - timedelta(days=draw(_part_of(days)))
    return first_instant(zone, day), first_instant(zone, day + timedelta(days=days))


@st.composite
def _months(draw: st.DrawFn, anchor: datetime, zone: ZoneInfo, longest: int) -> tuple[int, int]:
    """From the local begin of a month to that of another, at most so many months later."""
    months = draw(_up_to(longest))
    month = anchor.astimezone(zone).year * 12 + anchor.astimezone(zone).month - 1
    month -= draw(_part_of(months))
    return first_instant(zone, _first_of(month)), first_instant(zone, _first_of(month + months))


def _up_to(most: int) -> st.SearchStrategy[int]:
    """From 1 to a number, often close to it; hypothesis' own integers are mostly small."""
    long = st.integers(1, 16).map(lambda part: max(1, most * part // 16))
    return weighted(long, long, st.integers(1, most))


def _part_of(length: int) -> st.SearchStrategy[int]:
    """How much of a length lies before the anchor: mostly not all, so that the anchor is in the range."""
    return st.sampled_from((4, 0, 1, 2, 8, 3, 5, 6, 7, 7)).map(lambda eighths: length * eighths // 8)


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _range(start: int, end: int) -> TimeRange:
    first, after = of_a_range(start, end)
    return TimeRange(start=timestamp(first), end=timestamp(after))
