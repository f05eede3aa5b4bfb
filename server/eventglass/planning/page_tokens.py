"""What leads from one page to the next: an opaque token, good for one request to one project only."""

import base64
import binascii
import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from eventglass.planning import zone as clock
from eventglass.planning.scope import Scope

DEFAULT_SIZE = 100
LARGEST_SIZE = 1_000

# Of a token's numbers: milliseconds with room for sums in 64 bits, and keys as the engine has them.
INSTANTS = range(-(2**62), 2**62)
KEYS = range(2**64)


class PageTokenError(ValueError):
    """The token is not one of ours, or one of another request; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """What all pages share, in milliseconds: they answer one question at one time.

    Args:
        now: the instant of the first page.
        watermark: the newest arrival that counts; None where nothing had arrived.
        people: the newest change of persons that counts.
    """

    now: int
    watermark: int | None
    people: int


def pin_of(scope: Scope) -> Pin:
    """Say what a first page looks at."""
    return Pin(
        now=clock.instant(scope.now),
        watermark=clock.instant(scope.watermark) if scope.watermark else None,
        people=scope.people.version,
    )


def pack(request: Message, project_id: str, pin: Pin, position: Sequence[object]) -> str:
    """Make a token.

    Args:
        request: with the fields `page_token` and `page_size`; what else it has, the token belongs to.
        project_id: whose pages they are.
        pin: what all pages share.
        position: where the page ended, as JSON.
    """
    content = [_fingerprint(request, project_id), pin.now, pin.watermark, pin.people, *position]
    return base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode()


def unpack(request: Message, project_id: str, token: str) -> tuple[Pin, list[Any]]:
    """Read a token: what all pages share, and the position, of which nothing is known yet.

    Raises:
        PageTokenError: it is no token, or not one of this request to this project.
    """
    try:
        content = json.loads(base64.b64decode(token, altchars=b"-_", validate=True))
        fingerprint, now, watermark, people, *position = content
        pin = Pin(
            now=whole(now, INSTANTS),
            watermark=None if watermark is None else whole(watermark, INSTANTS),
            people=whole(people, KEYS),
        )
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise broken_token() from error
    if fingerprint != _fingerprint(request, project_id):
        raise PageTokenError(
            "belongs to another question or project; keep all but page_size and page_token as it was"
        )
    return pin, position


def broken_token() -> PageTokenError:
    """Make the error of a token that cannot be read."""
    return PageTokenError("is no token of ours; send next_page_token as it came")


def of_type(given: Any, *types: type) -> Any:
    """Give a part of a token; raise TypeError where it has another type."""
    if type(given) not in types:
        raise TypeError(given)
    return given


def whole(given: Any, possible: range) -> int:
    """Give a part of a token that is one of these numbers; raise TypeError or ValueError for another."""
    read = int(of_type(given, int))
    if read not in possible:
        raise ValueError(given)
    return read


def number(given: Any) -> float:
    """Give a part of a token that is a finite number; raise TypeError or ValueError for another."""
    try:
        read = float(of_type(given, float, int))
    except OverflowError as error:
        raise ValueError(given) from error
    if not math.isfinite(read):
        raise ValueError(given)
    return read


def text(given: Any) -> str:
    """Give a part of a token that is a text; raise TypeError or ValueError for half of a character."""
    read = str(of_type(given, str))
    read.encode()
    return read


def _fingerprint(request: Message, project_id: str) -> str:
    plain = type(request)()
    plain.CopyFrom(request)
    plain.ClearField("page_token")
    plain.ClearField("page_size")
    # A project's id has no U+0000.
    asked = project_id.encode() + b"\0" + plain.SerializeToString(deterministic=True)
    return hashlib.blake2b(asked, digest_size=8).hexdigest()
