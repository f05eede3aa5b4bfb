"""From an event's properties to the one flat JSON object that the table stores.

A property's name may be asked for with dots wherever keys are nested, and the longest key wins:
`{"a.b": 1, "a": {"b": 2, "c": 3}}` has `a.b` = 1, `a.c` = 3, and `a`, an object of its own.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from eventglass.engine.layout import is_hashed, name_path, property_path
from eventglass.ingest.compact import Json, compact_json
from eventglass.ingest.spelled_paths import SPELLED_PATHS

MAX_PROPERTIES: Final = 1_000
MAX_DEPTH: Final = 16

# A list or object is stored as an array of its one text, to tell it from a text.
Leaf = str | float | bool | list[str]
# Leaves by their paths (see engine/layout.py).
Packed = dict[str, Leaf]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why properties cannot be stored.

    Args:
        name: the property; "" if it is all of them together.
        reason: in upper snake case.
        message: what is wrong and what to do.
    """

    name: str
    reason: str
    message: str


def packed(properties: Mapping[str, Json]) -> Packed | Fault:
    """Give an event's properties as the JSON object that the table takes, or say why they cannot be."""
    if properties.get("") not in (None, ""):
        return Fault(name="", reason="EMPTY", message="has a property without a name; name it")
    if fault := fault_of(properties):
        return fault
    leaves = flatten(properties)
    if len(leaves) > MAX_PROPERTIES:
        return Fault(
            name="",
            reason="TOO_MANY_PROPERTIES",
            message=f"has {len(leaves):,} properties, nested ones included; send at most {MAX_PROPERTIES:,}",
        )
    return stored(leaves)


def fault_of(properties: Mapping[str, Json]) -> Fault | None:
    """Find what is wrong with an event's properties (or its context), if anything is."""
    for name, value, depth in _values(properties, "", 1):
        if depth > MAX_DEPTH:
            return Fault(
                name=name,
                reason="TOO_DEEP",
                message=f"is nested more than {MAX_DEPTH} levels deep; flatten it",
            )
        if isinstance(value, int | float) and not _is_finite(value):
            return Fault(
                name=name, reason="NOT_FINITE", message="is no finite number; send a number, a text or null"
            )
    return None


def flatten(properties: Mapping[str, Json]) -> dict[str, Leaf]:
    """Give every property that can be asked for, by its whole name. null and "" are absent."""
    leaves: dict[str, Leaf] = {}
    # A shorter key never takes a name that a longer one has given a value.
    for key in sorted(properties, key=len, reverse=True):
        value = properties[key]
        if value is None or value == "":
            continue
        leaves.setdefault(key, _leaf(value))
        if isinstance(value, Mapping):
            for name, leaf in flatten(value).items():
                leaves.setdefault(f"{key}.{name}", leaf)
    return leaves


def stored(leaves: Mapping[str, Leaf]) -> Packed:
    """Give the JSON object that the table takes. Numbers are fractions: 1 is 1.0."""
    content: Packed = {}
    for name, leaf in leaves.items():
        path = SPELLED_PATHS[name] or property_path(name)
        content[path] = leaf
        if is_hashed(path):
            content[name_path(path)] = name
    return content


def _values(value: Mapping[str, Json], prefix: str, depth: int) -> Iterator[tuple[str, Json, int]]:
    """Walk all values with their names and depths, no deeper than is refused."""
    for key, child in value.items():
        name = f"{prefix}{key}"
        yield name, child, depth
        if depth <= MAX_DEPTH:
            yield from _children(child, name, depth + 1)


def _children(value: Json, name: str, depth: int) -> Iterator[tuple[str, Json, int]]:
    if isinstance(value, Mapping):
        yield from _values(value, f"{name}.", depth)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            child_name = f"{name}[{index}]"
            yield child_name, child, depth
            if depth <= MAX_DEPTH:
                yield from _children(child, child_name, depth + 1)


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number that no double holds
        return False


def _leaf(value: Json) -> Leaf:
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return float(value) + 0.0  # -0 is 0
    return [compact_json(value)]
