"""Rolling windows: which buckets see an event that is at some instant (semantics 4.6)."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from eventglass.catalog.project import WeekStart
from eventglass.planning import zone as clock
from eventglass.planning.buckets import Unit
from eventglass.planning.buckets import edges as bucket_edges
from eventglass.planning.ranges import Range

_OF_THE_CLOCK = (Unit.MINUTE, Unit.HOUR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """The windows of the buckets of one range.

    A bucket sees the events of `[its window's start, its end)`, none from the range's end on. Starts and
    ends grow from bucket to bucket, so an event is seen by buckets in a row. Between two moments all
    events are seen by the same ones.

    Args:
        edges: where buckets begin, and the range's end, in milliseconds.
        since: for each moment, the first bucket that sees the events from it on, by number from 1.
        until: for each moment, the first bucket after it that does not; not after `since` where none does.
    """

    edges: tuple[int, ...]
    since: tuple[int, ...]
    until: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolling:
    """The rolling windows of series.

    Args:
        moments: the instants at which it changes which buckets see an event, or whether it is in the main
            range, in order, in milliseconds; the first one is not after any event that is read.
        in_main: the numbers of the first moment that is in the main range and of the first one after it.
        windows: those of the main range, then of the comparisons.
        read: the times in which events are read, likewise.
    """

    moments: tuple[int, ...]
    in_main: tuple[int, int]
    windows: tuple[Windows, ...]
    read: tuple[Range, ...]


def rolling_of(
    ranges: Sequence[Range], edges: Sequence[Sequence[int]], length: int, unit: Unit, zone: ZoneInfo
) -> Rolling:
    """Find the windows of the buckets of ranges.

    Args:
        ranges: the main one first.
        edges: per range, where its buckets begin and the last one ends.
        length: of a window, in milliseconds; whole days are local ones, but for hours and minutes.
        unit: of the buckets.
        zone: whose days they are.
    """
    within = [(*each[:-1], range_.end) for each, range_ in zip(edges, ranges, strict=True)]
    # Ranges often share days, and those of a zone take a moment to find.
    ends = {end for each in edges for end in each[1:]}
    start_of = {end: _start(end, length, unit, zone) for end in ends}
    starts = [[start_of[end] for end in each[1:]] for each in edges]
    main = ranges[0]
    moments = sorted({main.start, main.end}.union(*within, *starts))
    return Rolling(
        moments=tuple(moments),
        in_main=(1 + moments.index(main.start), 1 + moments.index(main.end)),
        windows=tuple(_windows(moments, *each) for each in zip(within, starts, strict=True)),
        read=tuple(
            replace(each, start=min(first, each.start))
            for each, (first, *_) in zip(ranges, starts, strict=True)
        ),
    )


def _windows(moments: Sequence[int], edges: tuple[int, ...], starts: Sequence[int]) -> Windows:
    ends = edges[1:]
    return Windows(
        edges=edges,
        # Buckets that have ended, or whose windows have started, come before.
        since=tuple(1 + bisect_right(ends, each) for each in moments),
        until=tuple(1 + bisect_right(starts, each) for each in moments),
    )


def last_window(range_: Range, length: int, zone: ZoneInfo) -> Range:
    """Find the window that ends with a range: of days that of its last day."""
    *_, end = bucket_edges(range_.end - 1, range_.end, Unit.DAY, zone, WeekStart.MONDAY)
    at = end if length % clock.DAY == 0 else range_.end
    return replace(range_, start=_start(at, length, Unit.DAY, zone))


def _start(end: int, length: int, unit: Unit, zone: ZoneInfo) -> int:
    """Find where the window of a bucket starts."""
    days, rest = divmod(length, clock.DAY)
    if rest or unit in _OF_THE_CLOCK:
        return end - length
    return clock.days_before(end, days, zone)
