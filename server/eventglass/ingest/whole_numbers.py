"""Whole numbers of JSON that are too long for 64 bits: as ids all their digits tell them apart."""

import json
import re
from typing import Final, Self

_LONG: Final = re.compile(rb"\d{19}")
_MOST_DIGITS: Final = 20


class WholeNumber(float):
    """A number that prints as it was written. As a property it is the double that it is nearest to."""

    _written: str

    def __new__(cls, written: str) -> Self:
        """Make one of its digits, with a minus before them perhaps."""
        made = super().__new__(cls, written)
        made._written = written
        return made

    def __str__(self) -> str:
        return self._written


def long_numbers(text: bytes) -> dict[str, WholeNumber]:
    """Give the members of a valid JSON object that are whole numbers beyond 64 bits."""
    if not _LONG.search(text):  # nearly all
        return {}
    try:
        members = json.loads(text, parse_int=_read)
    except RecursionError:  # refused for its depth, see the importer
        return {}
    return {name: value for name, value in members.items() if isinstance(value, WholeNumber)}


def _read(written: str) -> int | WholeNumber:
    # Of the longest Python would make no integer.
    if len(written) <= _MOST_DIGITS and -(2**63) <= (number := int(written)) < 2**64:
        return number
    return WholeNumber(written)
