"""The time zones that may be named."""

import functools
import zoneinfo

# Not IANA's: the zone of whatever machine is asked.
_OF_THE_MACHINE = "localtime"


@functools.cache
def zones() -> frozenset[str]:
    """Name them all, as in "Europe/Berlin"."""
    return frozenset(zoneinfo.available_timezones() - {_OF_THE_MACHINE})
