"""Local clocks: a zone as a list of pieces in which its offset from UTC stays the same.

Instants are milliseconds since 1970. Local times are naive datetimes.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.oracle.history import EPOCH, milliseconds_of

MILLISECOND = timedelta(milliseconds=1)
HOUR = 3_600_000
DAY = 24 * HOUR


class Piece(NamedTuple):
    """A stretch `[begin, end)` of time with one offset (milliseconds east of UTC)."""

    begin: int
    end: int
    offset: int


def pieces(zone: ZoneInfo, begin: int, end: int) -> Iterator[Piece]:
    """Cut `[begin, end)` where the zone's clock is changed."""
    years = range(_utc(begin).year, _utc(end).year + 1)
    changes = [change for year in years for change in _changes(zone, year) if begin < change < end]
    edges = [begin, *changes, end]
    for first, last in pairwise(edges):
        yield Piece(first, last, offset(zone, first))


def offset(zone: ZoneInfo, instant: int) -> int:
    """The milliseconds that the zone's clock is ahead of UTC."""
    ahead = _utc(instant).astimezone(zone).utcoffset()
    assert ahead is not None
    return ahead // MILLISECOND


def local(zone: ZoneInfo, instant: int) -> datetime:
    """What the zone's clock and calendar show; `fold` is 1 when they show it for the second time."""
    return _utc(instant).astimezone(zone).replace(tzinfo=None)


def instant_of(zone: ZoneInfo, shown: datetime) -> int:
    """The instant at which the zone's clock shows a local time.

    A time that is shown twice is the earlier one (unless `fold` is 1); a time that is skipped is
    read with the offset that holds before the gap.
    """
    return milliseconds_of(shown.replace(tzinfo=zone).astimezone(UTC))


@cache
def first_instant(zone: ZoneInfo, day: date) -> int:
    """The first instant with a local date; of a date that is skipped, the first after it."""
    midnight = milliseconds_of(datetime.combine(day, time(), UTC))
    for begin, end, ahead in pieces(zone, midnight - 2 * DAY, midnight + 3 * DAY):
        instant = max(begin, midnight - ahead)
        if instant < end:
            return instant
    raise AssertionError(f"{zone} has nothing at or after {day}")


def is_local_midnight(zone: ZoneInfo, instant: int) -> bool:
    """Tell whether a local day begins here."""
    return instant == first_instant(zone, local(zone, instant).date())


@cache
def _changes(zone: ZoneInfo, year: int) -> list[int]:
    """The instants of a UTC year at which the clock is changed, never twice on a day: look at every day."""
    days = range(_year_start(year), _year_start(year + 1) + DAY, DAY)
    offsets = [offset(zone, day) for day in days]
    steps = zip(pairwise(days), pairwise(offsets), strict=True)
    return [_change_within(zone, *edges) for edges, (before, after) in steps if before != after]


def _change_within(zone: ZoneInfo, before: int, after: int) -> int:
    """Halve `(before, after]` until only the instant of the change is left."""
    while after - before > 1:
        middle = (before + after) // 2
        if offset(zone, middle) == offset(zone, before):
            before = middle
        else:
            after = middle
    return after


def _year_start(year: int) -> int:
    return milliseconds_of(datetime(year, 1, 1, tzinfo=UTC))


def _utc(instant: int) -> datetime:
    return EPOCH + instant * MILLISECOND
