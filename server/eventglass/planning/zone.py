"""The local clock: where dates, hours and minutes of a zone begin, in milliseconds since 1970 UTC.

Every bucket edge of the server comes from here, by `zoneinfo` and arithmetic in UTC.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# No zone has changed its clock twice within so short a time: Freetown did within four days, in 1939.
_SCAN = 3 * DAY
_DECADE = 3_652 * DAY


def instant(moment: datetime) -> int:
    """Express an aware datetime in milliseconds; finer parts are cut."""
    return (moment - _EPOCH) // _MILLISECOND


def moment(at: int) -> datetime:
    """Express an instant as a datetime in UTC."""
    return _EPOCH + at * _MILLISECOND


def local(at: int, zone: ZoneInfo) -> datetime:
    """Read the zone's clock at an instant."""
    return moment(at).astimezone(zone)


def offset(at: int, zone: ZoneInfo) -> int:
    """Tell by how many milliseconds the zone's clock is ahead of UTC at an instant."""
    ahead = local(at, zone).utcoffset()
    assert ahead is not None
    return ahead // _MILLISECOND


def from_local(clock: datetime, zone: ZoneInfo) -> int:
    """Find the instant at which the clock shows this naive time.

    A time that is shown twice means the one its `fold` says; one that is skipped is read with the
    offset before the gap.
    """
    return instant(clock.replace(tzinfo=zone).astimezone(UTC))


def first_instant(day: date, zone: ZoneInfo) -> int:
    """Find the first instant whose local date is this one (or later, if the date was skipped)."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a clock reading
    at = from_local(midnight, zone)
    if local(at, zone).replace(tzinfo=None) == midnight:
        return at
    return _last_change(at, zone)


def is_local_midnight(at: int, zone: ZoneInfo) -> bool:
    """Tell whether a local date begins at this instant."""
    return first_instant(local(at, zone).date(), zone) == at


def days_between(start: int, end: int, zone: ZoneInfo) -> int:
    """Count the local dates from one's beginning to another's; those that the calendar skips are none."""
    dates = (local(end, zone).date() - local(start, zone).date()).days
    if end - start > _DECADE:
        # Kwajalein skipped a date 24 years after one that lasted for 47 hours.
        return dates - sum(_skips_a_date(at, zone) for at in changes(start, end, zone))
    # A skipped date takes no time; what else clocks are changed by is hours, or makes a date longer.
    return min(dates, round((end - start) / DAY))


def days_before(at: int, days: int, zone: ZoneInfo) -> int:
    """Find the instant at which the date begins that is so many dates before the one that begins here."""
    day = local(at, zone).date() - timedelta(days=days)
    skipped = days - days_between(first_instant(day, zone), at, zone)
    return first_instant(day - timedelta(days=skipped), zone)


def changes(start: int, end: int, zone: ZoneInfo) -> Iterator[int]:
    """List the instants in (start, end] at which the zone's offset changes."""
    before = offset(start, zone)
    at = start
    while at < end:
        following = min(at + _SCAN, end)
        after = offset(following, zone)
        if after != before:
            yield _first_with_offset_other_than(before, at, following, zone)
        at, before = following, after


def _skips_a_date(change: int, zone: ZoneInfo) -> bool:
    return local(change, zone).date() - local(change - 1, zone).date() > timedelta(days=1)


def _last_change(at: int, zone: ZoneInfo) -> int:
    """Find the latest change of offset at or before an instant, within two days."""
    return max(changes(at - 2 * DAY, at, zone))


def _first_with_offset_other_than(before: int, low: int, high: int, zone: ZoneInfo) -> int:
    while high - low > 1:
        middle = (low + high) // 2
        if offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high
