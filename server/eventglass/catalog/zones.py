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
    """Say that a name is no zone, and what to use instead: the closest one, if it is surely meant."""
    close = _closest(name[:64].strip().lower().replace(" ", "_"))
    hint = f'did you mean "{close}"?' if close else 'use one such as "Europe/Berlin"'
    return f"is no IANA time zone; {hint}"


def _closest(name: str) -> str | None:
    """Find a zone by its name in small letters, its place's alone, or one that is spelt much like it.

    Short names and offsets are spelt like others that are hours away: PST like MST, and GMT+2 like GMT+0.
    """
    if name in _by_name():
        return _by_name()[name]
    close = difflib.get_close_matches(name, _places(), n=1, cutoff=0.85) if "/" in name else []
    return _by_name()[close[0]] if close else _by_place().get(name)


@functools.cache
def _by_name() -> dict[str, str]:
    return {zone.lower(): zone for zone in zones()}


@functools.cache
def _places() -> list[str]:
    return [name for name in _by_name() if "/" in name and not name.startswith("etc/")]


@functools.cache
def _by_place() -> dict[str, str]:
    """Give each place its shortest name, as "America/Louisville"."""
    longest_first = sorted(_places(), key=lambda name: (-len(name), name))
    return {name.rpartition("/")[2]: _by_name()[name] for name in longest_first}
