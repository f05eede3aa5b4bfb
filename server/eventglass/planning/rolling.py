"""Rolling windows: which buckets see an event that is at some instant (semantics 4.6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from eventglass.catalog.project import WeekStart
from eventglass.planning import zone as clock
from eventglass.planning.buckets import Unit
from eventglass.planning.buckets import edges as bucket_edges
from eventglass.planning.ranges import Range

_OF_THE_CLOCK = (Unit.MINUTE, Unit.HOUR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """The windows of the buckets of one range, in milliseconds.

    A bucket sees the events of `[its window's start, its end)`. Starts and ends grow from bucket to
    bucket, so an event is seen by buckets in a row: from the first one that has not ended, to before
    the first one whose window has not started.

    Args:
        edges: where buckets begin, and the range's end. The first bucket that has not ended at an
            instant begins at the last edge not after it (before all, it is the first bucket).
        starts: an instant before all that the buckets see, and those at which windows start.
        unseen: for each of them the edge at which the first bucket begins whose window has not started.
    """

    edges: tuple[int, ...]
    starts: tuple[int, ...]
    unseen: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolling:
    """The rolling windows of series.

    Args:
        main: the main range.
        windows: those of the main range, then of the comparisons.
        read: the times in which events are read, likewise.
    """

    main: Range
    windows: tuple[Windows, ...]
    read: tuple[Range, ...]

    @property
    def moments(self) -> tuple[int, ...]:
        """The instants at which it changes which buckets see an event, or whether it is in the main range."""
        turns = (at for each in self.windows for at in (*each.edges, *each.starts[1:]))
        return tuple(sorted({self.main.start, self.main.end, *turns}))


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
    starts = [[_start(end, length, unit, zone) for end in each[1:]] for each in edges]
    read = [
        replace(each, start=min(first, each.start)) for each, (first, *_) in zip(ranges, starts, strict=True)
    ]
    return Rolling(
        main=ranges[0],
        windows=tuple(map(_windows, read, edges, starts)),
        read=tuple(read),
    )


def _windows(read: Range, edges: Sequence[int], starts: Sequence[int]) -> Windows:
    within = (*edges[:-1], read.end)
    # Of windows that start at one instant (where a date was skipped) the last one counts.
    unseen = {read.start - 1: within[0], **dict(zip(starts, within[1:], strict=True))}
    return Windows(edges=within, starts=tuple(unseen), unseen=tuple(unseen.values()))


def last_window(range_: Range, length: int, zone: ZoneInfo) -> Range:
    """Find the window that ends with a range: of days that of its last day."""
    *_, end = bucket_edges(range_.start, range_.end, Unit.DAY, zone, WeekStart.MONDAY)
    at = end if length % clock.DAY == 0 else range_.end
    return replace(range_, start=_start(at, length, Unit.DAY, zone))


def _start(end: int, length: int, unit: Unit, zone: ZoneInfo) -> int:
    """Find where the window of a bucket starts."""
    days, rest = divmod(length, clock.DAY)
    if rest or unit in _OF_THE_CLOCK:
        return end - length
    return clock.first_instant(clock.local(end, zone).date() - timedelta(days=days), zone)
