"""Values of properties: how they are found, how they print, which are numbers, and their order.

A missing value (absent, null or "") is None everywhere.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import IntEnum
from typing import NamedTuple

from tests.oracle.history import Json, StoredEvent

_NUMERIC_TEXT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


class Kind(IntEnum):
    """What a value is, in the order of semantics 6.4. RANGE and OTHER are only in breakdowns."""

    MISSING = 0
    BOOLEAN = 1
    NUMBER = 2
    RANGE = 3
    TEXT = 4
    OTHER = 5


class Dimension(NamedTuple):
    """A typed value. They order as 2.6 says: by kind, then false < true, numbers, texts by code point."""

    kind: Kind
    content: bool | float | str


MISSING = Dimension(Kind.MISSING, content=False)
OTHER = Dimension(Kind.OTHER, content=False)


def read(event: StoredEvent, name: str) -> Json:
    """Find what a filter or breakdown reads under a name; None if it is missing."""
    for prefix, outermost in (("$session.entry.", min), ("$session.exit.", max)):
        if name.startswith(prefix):
            return _of_session(event, name.removeprefix(prefix), outermost)
    facts = {"$event_name": event.name, "$person_id": event.own_id, "$session_id": event.session_id}
    if name in facts:
        return facts[name] or None
    for prefix, traits in (("$user.", event.traits), ("$user_at_event.", event.traits_then)):
        if name.startswith(prefix):
            return lookup(traits, name.removeprefix(prefix))
    return lookup(event.properties, name)


def _of_session(event: StoredEvent, name: str, outermost: Callable[[Iterable[int]], int]) -> Json:
    """Read a name of the first (or last) event of an event's session; of several at once, the smallest."""
    session = [
        other for other in event.of_person if event.session_id and other.session_id == event.session_id
    ]
    if not session:
        return None
    at = outermost(other.time for other in session)
    return min((read(other, name) for other in session if other.time == at), key=_order)


def _order(value: Json) -> tuple["Dimension", bool]:
    """The order of 6.4; a text comes before a list or object that prints the same."""
    return dimension_of(value), isinstance(value, list | dict)


def lookup(properties: Mapping[str, Json], name: str) -> Json:
    """Find a property: under its whole name, else in the object with the longest key that leads to it."""
    value = properties.get(name)
    if is_present(value):
        return value
    for dot in reversed([place for place, letter in enumerate(name) if letter == "."]):
        inner = properties.get(name[:dot])
        found = lookup(inner, name[dot + 1 :]) if isinstance(inner, dict) else None
        if found is not None:
            return found
    return None


def is_present(value: Json) -> bool:
    """Tell whether there is a value; null and "" are none."""
    return value is not None and value != ""


def printed(value: Json) -> str:
    """Spell a value as text: 5 for 5.0, true, a text as it is, a list or object as compact JSON."""
    return value if isinstance(value, str) else compact_json(value)


def compact_json(value: Json) -> str:
    """Spell a value as JSON with sorted keys and without spaces."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return printed_number(value)
        case str():
            return json.dumps(value, ensure_ascii=False)
        case list():
            return "[" + ",".join(compact_json(item) for item in value) + "]"
        case dict():
            members = (f"{compact_json(key)}:{compact_json(value[key])}" for key in sorted(value))
            return "{" + ",".join(members) + "}"


def printed_number(number: float) -> str:
    """Spell a number with the fewest digits that read back the same, as JavaScript does but for the "+".

    5, 0.1, 1e21, 1.5e-7, 0.000001, 100000000000000000000; -0 is 0.
    """
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    shortest = Decimal(repr(abs(float(number)))).normalize()
    _, digits, exponent = shortest.as_tuple()
    assert isinstance(exponent, int)
    text = "".join(str(digit) for digit in digits)
    point = len(text) + exponent  # how many digits stand before the decimal point
    if not -6 < point <= 21:
        fraction = f".{text[1:]}" if len(text) > 1 else ""
        return f"{sign}{text[0]}{fraction}e{point - 1}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{text}"
    if point >= len(text):
        return f"{sign}{text}{'0' * (point - len(text))}"
    return f"{sign}{text[:point]}.{text[point:]}"


def number_of(value: Json) -> float | None:
    """Read a JSON number or a text of the numeric form (3.1) as a finite number; None if it is neither."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str) and _NUMERIC_TEXT.fullmatch(value):
        number = float(value)
        return number if math.isfinite(number) else None
    return None


def dimension_of(value: Json) -> Dimension:
    """Type a value for breakdowns and DISTINCT_VALUES: 1, "1" and true are three; a list is its JSON text."""
    match value:
        case None | "":
            return MISSING
        case bool():
            return Dimension(Kind.BOOLEAN, value)
        case int() | float():
            return Dimension(Kind.NUMBER, value + 0.0)  # -0.0 + 0.0 is 0.0
        case _:
            return Dimension(Kind.TEXT, printed(value))
