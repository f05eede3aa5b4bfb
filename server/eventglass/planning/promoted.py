"""Properties with columns of their own (sql/promoted.py): plans read them there, with the same values."""

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from eventglass.planning.properties import EventProperty

_Part = TypeVar("_Part")


def with_promoted(plan: _Part, names: frozenset[str]) -> _Part:
    """Have a plan read some properties from their columns, wherever it names them.

    Args:
        plan: any value; what it is made of, dataclasses and tuples, is looked through.
        names: the whole names of promoted properties.

    Returns:
        The plan, itself where it names none.
    """
    return _read(plan, names) if names else plan


def _read(part: Any, names: frozenset[str]) -> Any:
    if isinstance(part, EventProperty):
        return EventProperty(part.name, promoted=True) if part.name in names else part
    if isinstance(part, tuple):
        return _each_read(part, names)
    changed = {
        field: now
        for field in _fields(part.__class__)
        if (now := _read(was := getattr(part, field), names)) is not was
    }
    return replace(part, **changed) if changed else part


def _each_read(parts: tuple[Any, ...], names: frozenset[str]) -> tuple[Any, ...]:
    # Thousands of edges of buckets, or texts that a filter names.
    if parts and isinstance(parts[0], int | float | str):
        return parts
    read = tuple(_read(each, names) for each in parts)
    return read if any(now is not was for now, was in zip(read, parts, strict=True)) else parts


@cache
def _fields(of: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(of)) if is_dataclass(of) else ()
