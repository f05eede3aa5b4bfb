"""Read the times that files hold; milliseconds since 1970."""

import math
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)
_NUMBER = re.compile(r"-?(\d+)(?:\.\d+)?")
# Python takes any character between a date and a time, and would read the first two digits of 101500 after
# 20240131, or the offset of 2024-01-31+02:00, as something else than they are.
_DATE_THEN_TIME = re.compile(r"(?:\d{4}-\d\d-\d\d|\d{8}|\d{4}-W\d\d(?:-\d)?|\d{4}W\d{2,3})(?:[^\d+-].*)?")

# By the digits of the whole part, how many of its units a second has. The gaps hold no times that
# events have (9 digits of seconds begin in 1973); 8 digits are a date, 20240131.
_UNITS: Final = {9: 1, 10: 1, 12: 10**3, 13: 10**3, 15: 10**6, 16: 10**6, 18: 10**9, 19: 10**9}


def read_time(value: object, *, zone: ZoneInfo, time_format: str | None) -> int | None:
    """Read a time as milliseconds since 1970, cut; None: it is none.

    Without a format: ISO 8601 dates and date-times, `20240131`, and seconds, milli-, micro- or
    nanoseconds since 1970, told apart by their number of digits.

    Args:
        value: a text, also as bytes, a number, a datetime or a date.
        zone: of a time that names none; a time that the zone skips is read with the offset before
            it, of two the first.
        time_format: of texts, as in `datetime.strptime`.
    """
    text = (value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)).strip()
    try:
        if isinstance(value, datetime):
            return _in(zone, value)
        if isinstance(value, date):
            return _in(zone, datetime.combine(value, time.min))
        if time_format is not None:
            return _in(zone, datetime.strptime(text, time_format))  # noqa: DTZ007
        if (number := _NUMBER.fullmatch(text)) and (unit := _UNITS.get(len(number[1]))):
            return math.floor(Decimal(text) * 1000 / unit)
        return _in(zone, datetime.fromisoformat(text)) if _DATE_THEN_TIME.fullmatch(text) else None
    except (ValueError, OverflowError):
        return None


def milliseconds(moment: datetime) -> int:
    """Give an aware moment in milliseconds since 1970, cut."""
    return (moment.astimezone(UTC) - EPOCH) // MILLISECOND


def _in(zone: ZoneInfo, moment: datetime) -> int:
    return milliseconds(moment if moment.tzinfo is not None else moment.replace(tzinfo=zone))
