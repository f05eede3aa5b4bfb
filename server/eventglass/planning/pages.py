"""Pages of a table: where one ends, told to the caller as an opaque token (semantics 8.1)."""

import base64
import binascii
import hashlib
import json
import math
from dataclasses import dataclass
from typing import Any

from insights.v1.query_spec_pb2 import QuerySpec

DEFAULT_SIZE = 100
LARGEST_SIZE = 1_000


class PageTokenError(ValueError):
    """The token is not one of ours, or one of another spec; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The last row of a page.

    Args:
        is_other: it is the row of all values that were not kept.
        value: the number that rows are sorted by; None when absent.
        dimensions: its typed values: kind, number, text.
    """

    is_other: bool
    value: float | None
    dimensions: tuple[tuple[int, float, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """What all pages of one table share, in milliseconds: they answer one question at one time.

    Args:
        now: the instant of the first page.
        watermark: the newest arrival that counts; None where nothing had arrived.
    """

    now: int
    watermark: int | None


def encode(spec: QuerySpec, pin: Pin, position: Position) -> str:
    """Make a token."""
    content = [
        _fingerprint(spec),
        pin.now,
        pin.watermark,
        position.is_other,
        position.value,
        position.dimensions,
    ]
    return base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode()


def decode(spec: QuerySpec) -> tuple[Pin, Position]:
    """Read the spec's token.

    Raises:
        PageTokenError: it is no token, or not one of this spec.
    """
    try:
        content = json.loads(base64.b64decode(spec.page_token, altchars=b"-_", validate=True))
        fingerprint, now, watermark, is_other, value, dimensions = content
        position = Position(
            is_other=_of_type(is_other, bool),
            value=None if value is None else _number(value),
            dimensions=tuple(_typed(*each) for each in dimensions),
        )
        pin = Pin(now=_of_type(now, int), watermark=None if watermark is None else _of_type(watermark, int))
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise PageTokenError("is no token of ours; send next_page_token as it came") from error
    if fingerprint != _fingerprint(spec) or len(position.dimensions) != _dimensions(spec):
        raise PageTokenError(
            "belongs to another spec; keep all fields but page_size and page_token as they were"
        )
    return pin, position


def _fingerprint(spec: QuerySpec) -> str:
    plain = QuerySpec()
    plain.CopyFrom(spec)
    plain.ClearField("page_token")
    plain.ClearField("page_size")
    return hashlib.blake2b(plain.SerializeToString(deterministic=True), digest_size=8).hexdigest()


def _dimensions(spec: QuerySpec) -> int:
    return 1 + len(spec.breakdown.then_by) if spec.HasField("breakdown") else 0


def _typed(kind: Any, number: Any, text: Any) -> tuple[int, float, str]:
    return _of_type(kind, int), _number(number), _of_type(text, str)


def _number(given: Any) -> float:
    number = float(_of_type(given, float, int))
    if not math.isfinite(number):
        raise ValueError(given)
    return number


def _of_type(given: Any, *types: type) -> Any:
    if type(given) not in types:
        raise TypeError(given)
    return given
