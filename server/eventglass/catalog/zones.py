"""The time zones that may be named."""

import difflib
import functools
import zoneinfo

# Not IANA's: the zone of whatever machine is asked.
_OF_THE_MACHINE = "localtime"


@functools.cache
def zones() -> frozenset[str]:
    """Name them all, as in "Europe/Berlin"."""
    return frozenset(zoneinfo.available_timezones() - {_OF_THE_MACHINE})


def no_zone(name: str) -> str:
    """Say that a name is no zone, and what to use instead: the closest one."""
    close = difflib.get_close_matches(name[:64], zones(), n=1)
    hint = f'did you mean "{close[0]}"?' if close else 'use one such as "Europe/Berlin"'
    return f"is no IANA time zone; {hint}"
