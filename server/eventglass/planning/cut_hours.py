"""Which hours a question that reads what is gathered by hours must read from events."""

from collections.abc import Iterable

from eventglass.planning import zone as clock

# A start and an end. More would be those of days in a zone of half hours: their events are on every day.
_MOST_CUT = 2


def cut_hours(instants: Iterable[int], latest: int) -> tuple[int, ...] | None:
    """Find the hours, by the millisecond that they begin at, inside which something begins or ends.

    Args:
        instants: all that the question tells times apart by but the latest, in milliseconds.
        latest: the last millisecond of which there are events.

    Returns:
        These hours; None: they are too many, or all hours too few, to read anything but events.
    """
    told = tuple(instants)
    within = {each // clock.HOUR * clock.HOUR for each in told if each <= latest and each % clock.HOUR}
    length = min(max(told), latest) - min(told)
    # Where hours are few, the answer is the same, but no sooner there.
    is_worth_it = len(within) <= _MOST_CUT and length > (1 + len(within)) * clock.HOUR
    return tuple(sorted(within)) if is_worth_it else None
