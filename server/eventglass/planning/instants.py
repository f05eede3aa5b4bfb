"""Dates and times in texts, read strictly (semantics 7.5)."""

import functools
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from eventglass.engine.layout import AFTER_LAST_TIME, FIRST_TIME
from eventglass.planning import zone as clock

_DATE = r"(?:19\d\d|2[0-2]\d\d)-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_HOUR_MINUTE = r"(?:[01]\d|2[0-3]):[0-5]\d"
_ZONE = rf"(?:Z|[+-]{_HOUR_MINUTE})"

# A date, a local date-time, or (with seconds) one with Z or an offset. Years 1900 to 2299.
FORM = rf"^{_DATE}(?:[T ]{_HOUR_MINUTE}(?::[0-5]\d(?:\.\d{{1,9}})?{_ZONE}?)?)?$"

_READ = re.compile(rf"({_DATE})(?:[T ](..:..)(?::(..)(?:\.(\d{{1,9}}))?({_ZONE})?)?)?", re.ASCII)


def read(text: str, zone: ZoneInfo) -> int | None:
    """Read a date (its first local instant), a local date-time or an RFC 3339 time.

    Returns:
        Milliseconds since 1970 UTC, finer parts cut; None for anything else.
    """
    if not re.fullmatch(FORM, text, re.ASCII):
        return None
    found = _READ.fullmatch(text)
    assert found is not None
    day, hour_minute, second, fraction, ahead = found.groups()
    try:
        midnight = datetime.fromisoformat(day)
    except ValueError:
        return None
    if hour_minute is None:
        return clock.first_instant(midnight.date(), zone)
    shown = midnight + _span(hour_minute) + timedelta(seconds=int(second or 0))
    milliseconds = int((fraction or "0")[:3].ljust(3, "0"))
    if ahead is None:
        return clock.from_local(shown, zone) + milliseconds
    utc = shown if ahead == "Z" else shown - int(f"{ahead[0]}1") * _span(ahead[1:])
    return clock.instant(utc.replace(tzinfo=ZoneInfo("UTC"))) + milliseconds


def _span(hour_minute: str) -> timedelta:
    return timedelta(hours=int(hour_minute[:2]), minutes=int(hour_minute[3:]))


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalClock:
    """How local readings become instants, in tables for SQL. All in milliseconds.

    Args:
        since: readings (as if they were UTC) from which on ...
        offsets: ... this offset holds; as long as `since`, the first one lower than any reading.
        skipped_midnights: readings of midnights that the clock skips.
        beginnings: the instants at which their dates begin.
    """

    since: tuple[int, ...]
    offsets: tuple[int, ...]
    skipped_midnights: tuple[int, ...]
    beginnings: tuple[int, ...]


@functools.lru_cache(maxsize=64)
def local_clock(zone: ZoneInfo) -> LocalClock:
    """Tabulate a zone's clock for the years that `read` takes."""
    first, last = FIRST_TIME - 2 * clock.DAY, AFTER_LAST_TIME + 2 * clock.DAY
    turns = list(clock.changes(first, last, zone))
    offsets = [clock.offset(at, zone) for at in (first, *turns)]
    # A twice-shown time is the earlier one, a skipped one is read with the offset before: both
    # mean that the new offset holds from the later of the two readings of the change on.
    since = [at + max(before, after) for at, (before, after) in zip(turns, pairwise(offsets), strict=True)]
    skipped = {
        midnight: clock.first_instant(_date(midnight), zone)
        for at, (before, after) in zip(turns, pairwise(offsets), strict=True)
        for midnight in range(-(-(at + before) // clock.DAY) * clock.DAY, at + after, clock.DAY)
    }
    return LocalClock(
        since=(first - 2 * clock.DAY, *since),
        offsets=tuple(offsets),
        skipped_midnights=tuple(skipped),
        beginnings=tuple(skipped.values()),
    )


def _date(reading: int) -> date:
    return clock.moment(reading).date()
