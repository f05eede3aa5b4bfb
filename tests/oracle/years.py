"""The years that times lie in: 1900 to 2299 (semantics 1.1), in milliseconds since 1970."""

from datetime import UTC, datetime, timedelta

from tests.oracle.history import EPOCH, milliseconds_of

FIRST = milliseconds_of(datetime(1900, 1, 1, tzinfo=UTC))
AFTER_LAST = milliseconds_of(datetime(2300, 1, 1, tzinfo=UTC))


def moved_by(moment: datetime, milliseconds: int) -> datetime:
    """Move a time, within these years."""
    return EPOCH + timedelta(milliseconds=of_an_event(milliseconds_of(moment) + milliseconds))


def of_an_event(instant: int) -> int:
    """Move an instant to the first or last at which an event may have happened, if it lies beyond."""
    return min(max(instant, FIRST), AFTER_LAST - 1)


def of_a_range(start: int, end: int) -> tuple[int, int]:
    """Cut a range to the years that it may lie in; of one beyond them a millisecond is left."""
    cut = of_an_event(start)
    return cut, min(max(end, cut + 1), AFTER_LAST)
