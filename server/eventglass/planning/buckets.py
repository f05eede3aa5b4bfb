"""Buckets: where each begins, in the zone's calendar (semantics 1.5)."""

import enum
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from eventglass.catalog.project import WeekStart
from eventglass.planning import zone as clock
from insights.v1.time_pb2 import Granularity


class Unit(enum.Enum):
    """The size of a bucket, with its shortest usual length in milliseconds."""

    MINUTE = clock.MINUTE
    HOUR = clock.HOUR
    DAY = clock.DAY
    WEEK = 7 * clock.DAY
    MONTH = 28 * clock.DAY
    QUARTER = 90 * clock.DAY
    YEAR = 365 * clock.DAY


UNITS: dict[Granularity, Unit] = {
    Granularity.GRANULARITY_UNSPECIFIED: Unit.DAY,
    Granularity.GRANULARITY_MINUTE: Unit.MINUTE,
    Granularity.GRANULARITY_HOUR: Unit.HOUR,
    Granularity.GRANULARITY_DAY: Unit.DAY,
    Granularity.GRANULARITY_WEEK: Unit.WEEK,
    Granularity.GRANULARITY_MONTH: Unit.MONTH,
    Granularity.GRANULARITY_QUARTER: Unit.QUARTER,
    Granularity.GRANULARITY_YEAR: Unit.YEAR,
}


# Validation counts the buckets that planning then lists; each is of up to 20,000 edges.
@lru_cache(maxsize=16)
def edges(start: int, end: int, unit: Unit, zone: ZoneInfo, week_start: WeekStart) -> tuple[int, ...]:
    """List the bucket edges around `[start, end)`, all in milliseconds.

    Returns:
        Strictly increasing instants, the first at or before `start`, the last at or after `end`:
        bucket i is `[edges[i], edges[i + 1])`.
    """
    if unit in _FIRST_DATES:
        candidates = _calendar_edges(start, unit, zone, week_start)
    else:
        candidates = _clock_edges(start, end, unit.value, zone)
    return _around(start, end, candidates)


def is_partial(begin: int, finish: int, *, start: int, end: int, now: int) -> bool:
    """Tell whether a range does not cover all of a bucket, or the bucket ends in the future."""
    return begin < start or finish > end or finish > now


def _around(start: int, end: int, candidates: Iterator[int]) -> tuple[int, ...]:
    found: list[int] = []
    for edge in candidates:
        if found and edge <= found[-1]:
            continue  # a date that was skipped begins where the next one does
        if found and edge <= start:
            found.clear()
        found.append(edge)
        if edge >= end:
            break
    return tuple(found)


def _clock_edges(start: int, end: int, step: int, zone: ZoneInfo) -> Iterator[int]:
    """Where the local clock shows a new hour (minute), or is set back."""
    before, after = start - 2 * clock.DAY, end + 2 * clock.DAY
    turns = [before, *clock.changes(before, after, zone), after]
    for begin, finish in pairwise(turns):
        ahead = clock.offset(begin, zone)
        if begin != before and _is_new(begin, ahead, step, zone):
            yield begin
        first = begin + (-(begin + ahead)) % step
        yield from range(first if first > begin else begin + step, finish, step)


def _is_new(change: int, ahead: int, step: int, zone: ZoneInfo) -> bool:
    previous = clock.offset(change - 1, zone)
    return ahead < previous or (change - 1 + previous) // step != (change + ahead) // step


def _calendar_edges(start: int, unit: Unit, zone: ZoneInfo, week_start: WeekStart) -> Iterator[int]:
    # Where a clock is set back over midnight a date can begin, end and go on: begin a day early.
    day = _FIRST_DATES[unit](clock.local(start, zone).date() - timedelta(days=1), week_start)
    while True:
        yield clock.first_instant(day, zone)
        day = _following(day, unit)


def _week(day: date, week_start: WeekStart) -> date:
    return day - timedelta(days=day.weekday() if week_start is WeekStart.MONDAY else day.isoweekday() % 7)


_FIRST_DATES: dict[Unit, Callable[[date, WeekStart], date]] = {
    Unit.DAY: lambda day, _: day,
    Unit.WEEK: _week,
    Unit.MONTH: lambda day, _: day.replace(day=1),
    Unit.QUARTER: lambda day, _: day.replace(month=day.month - (day.month - 1) % 3, day=1),
    Unit.YEAR: lambda day, _: day.replace(month=1, day=1),
}


def _following(day: date, unit: Unit) -> date:
    match unit:
        case Unit.DAY:
            return day + timedelta(days=1)
        case Unit.WEEK:
            return day + timedelta(days=7)
        case Unit.MONTH:
            return months_later(day, 1)
        case Unit.QUARTER:
            return months_later(day, 3)
        case _:
            return months_later(day, 12)


def months_later(first_of_month: date, months: int) -> date:
    """Move the first day of a month by whole months, back if negative."""
    index = first_of_month.year * 12 + first_of_month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
