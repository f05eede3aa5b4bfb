"""Who sent a batch, as far as the call itself tells."""

from collections.abc import Callable
from dataclasses import dataclass


def _nowhere(_address: str) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What a call from a browser tells of it.

    A server that passes events on says nothing of the people they are of: then all but the last is "".

    Args:
        user_agent: what the browser calls itself.
        country: where it is, as in "DE".
        country_of: tells in which country an IP address is, "" if nobody knows.
    """

    user_agent: str = ""
    country: str = ""
    country_of: Callable[[str], str] = _nowhere


UNKNOWN = Sender()
