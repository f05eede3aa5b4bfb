"""Texts that name a moment, for BEFORE and AFTER (semantics 7.5)."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.oracle.history import EPOCH
from tests.oracle.zones import MILLISECOND, first_instant, instant_of

_DATE = r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
_MINUTE = r"[T ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
_SECOND = r":(?P<second>[0-9]{2})(\.(?P<fraction>[0-9]{1,9}))?"
_OFFSET = r"(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})"

_LOCAL_DATE = re.compile(_DATE)
_LOCAL_TIME = re.compile(f"{_DATE}{_MINUTE}({_SECOND})?")
_RFC_3339 = re.compile(f"{_DATE}{_MINUTE}{_SECOND}{_OFFSET}")


def moment_of(text: str, zone: ZoneInfo) -> int | None:
    """Read a date (its first local instant), a local date-time or an RFC 3339 time; None if it is none.

    The answer is in milliseconds since 1970; finer parts are cut.
    """
    try:
        if _LOCAL_DATE.fullmatch(text):
            return first_instant(zone, _date(text))
        if match := _LOCAL_TIME.fullmatch(text):
            return instant_of(zone, _clock(match))
        if match := _RFC_3339.fullmatch(text):
            return (_clock(match) - _offset(match["offset"]) - EPOCH.replace(tzinfo=None)) // MILLISECOND
    except ValueError:  # no such day, hour, minute, second or offset
        return None
    return None


def _date(text: str) -> date:
    day = date.fromisoformat(text)
    if not 1900 <= day.year <= 2299:
        raise ValueError(text)
    return day


def _clock(match: re.Match[str]) -> datetime:
    day = _date(match["date"])
    thousandths = int((match["fraction"] or "").ljust(3, "0")[:3])
    return datetime(  # noqa: DTZ001 - a local time has no zone
        day.year,
        day.month,
        day.day,
        int(match["hour"]),
        int(match["minute"]),
        int(match["second"] or 0),
        thousandths * 1000,
    )


def _offset(text: str) -> timedelta:
    if text == "Z":
        return timedelta()
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 23 or minutes > 59:
        raise ValueError(text)
    ahead = timedelta(hours=hours, minutes=minutes)
    return ahead if text[0] == "+" else -ahead
