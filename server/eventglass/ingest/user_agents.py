"""What a user agent says of a browser, its system and its device."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from ua_parser import parse

# Real ones are shorter; what is longer is not read, for it could be made to take long.
_LONGEST: Final = 512

_TELEVISION: Final = re.compile(r"TV\b|\bTizen\b.*\bTV\b|\bWeb0S\b")
_HANDHELD: Final = {"iPhone": "mobile", "iPod": "mobile", "iPad": "tablet"}
_DESKTOP: Final = frozenset(
    {"Windows", "Mac OS X", "Chrome OS", "Linux", "Ubuntu", "Debian", "Fedora", "FreeBSD", "OpenBSD"}
)


class Described(NamedTuple):
    """A browser; what is not known is "".

    Args:
        browser: as in "Chrome" or "Mobile Safari".
        system: as in "Windows", "Mac OS X" or "iOS".
        device: desktop, mobile, tablet, tv or bot.
    """

    browser: str
    system: str
    device: str


def described(user_agent: str) -> Described:
    """Read a user agent."""
    return _described(user_agent) if len(user_agent) <= _LONGEST else Described("", "", "")


@lru_cache(maxsize=4_096)
def _described(user_agent: str) -> Described:
    found = parse(user_agent)
    system = found.os.family if found.os else ""
    model = found.device.family if found.device else ""
    return Described(
        browser=found.user_agent.family if found.user_agent else "",
        system=system,
        device=_kind(user_agent, system, model),
    )


def _kind(user_agent: str, system: str, model: str) -> str:
    if model == "Spider":
        return "bot"
    if _TELEVISION.search(user_agent):
        return "tv"
    if model in _HANDHELD:
        return _HANDHELD[model]
    if system == "Android":
        return "mobile" if "Mobile" in user_agent else "tablet"
    return "desktop" if system in _DESKTOP else ""
