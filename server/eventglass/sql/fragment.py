"""Pieces of SQL that carry their values.

A fragment is text with typed values in it. Values never become text: `statement()` gives each a
name and hands it to the driver as a parameter. Text comes from templates in this package alone.
"""

import string
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from eventglass.sql.statement import Statement

_FORMATTER = string.Formatter()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value and its ClickHouse type; an array's is a tuple, so that fragments can be compared."""

    type: str
    value: Hashable


@dataclass(frozen=True, slots=True)
class Name:
    """A thing that is named in the statement: `did_0`, `did_1` … for the different things of a prefix.

    Args:
        prefix: what its name begins with.
        of: the thing.
        bound: the fragment itself brings what is named so.
    """

    prefix: str
    of: Hashable
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Fragment:
    """SQL text with parameters and names in it, in order."""

    pieces: tuple["Piece", ...]


Piece: TypeAlias = str | Parameter | Name


def sql(template: str, **fragments: Fragment) -> Fragment:
    """Fill a template's `{name}` places with fragments, keeping the indentation of the place."""
    if not fragments:
        return _plain(template)
    return _put_together(
        (text, () if name is None else fragments[name].pieces, indent)
        for text, name, indent in _parsed(template)
    )


def value(type_: str, of: Hashable) -> Fragment:
    """Make a value a parameter of a ClickHouse type."""
    return Fragment((Parameter(type_, of),))


def name(prefix: str, of: Hashable) -> Fragment:
    """Name a thing; see Name."""
    return Fragment((Name(prefix, of),))


def bound(fragment: Fragment) -> Fragment:
    """Say that a fragment brings everything that it names: it is a whole SELECT."""
    pieces = (replace(each, bound=True) if isinstance(each, Name) else each for each in fragment.pieces)
    return Fragment(tuple(pieces))


def named_in(fragments: Iterable[Fragment], prefix: str) -> list[Hashable]:
    """List the different things of a prefix that fragments name and do not bring, in order."""
    named = [piece for fragment in fragments for piece in fragment.pieces if isinstance(piece, Name)]
    return list(dict.fromkeys(each.of for each in named if each.prefix == prefix and not each.bound))


def joined(separator: str, fragments: Iterable[Fragment]) -> Fragment:
    """Join fragments; at least one."""
    first, *rest = fragments
    if not rest:
        return first
    return _put_together([("", first.pieces, ""), *((separator, each.pieces, "") for each in rest)])


ALWAYS = Fragment(("1",))


def every(conditions: Iterable[Fragment]) -> Fragment:
    """Join conditions by AND, leaving out what always holds."""
    return _combined(" AND ", [each for each in conditions if each != ALWAYS])


def some(conditions: Iterable[Fragment]) -> Fragment:
    """Join conditions by OR, each once."""
    different = list(dict.fromkeys(conditions))
    return ALWAYS if ALWAYS in different else _combined(" OR ", different)


def clauses(conditions: Iterable[Fragment]) -> Fragment:
    """Put the conditions of a WHERE one below the other, leaving out what always holds."""
    return joined("\n    AND ", [each for each in conditions if each != ALWAYS] or [ALWAYS])


def _combined(operator: str, conditions: list[Fragment]) -> Fragment:
    if not conditions:
        return ALWAYS
    if len(conditions) == 1:
        return conditions[0]
    return sql("({all})", all=joined(operator, conditions))


def listed(fragments: Iterable[Fragment]) -> Fragment:
    """Put fragments one below the other, with commas."""
    return joined(",\n", fragments)


def quoted(identifier: str) -> Fragment:
    """Quote an identifier: backslashes first, then backticks. The one place that quotes."""
    escaped = identifier.replace("\\", "\\\\").replace("`", "\\`")
    return Fragment((f"`{escaped}`",))


def statement(fragment: Fragment, *, columns: int) -> Statement:
    """Name the parameters and the things; equal values of one type share a name.

    Args:
        fragment: a whole SELECT.
        columns: how many it selects.
    """
    placeholders: dict[tuple[str, str], str] = {}
    parameters: dict[str, object] = {}
    things: dict[tuple[str, Hashable], str] = {}
    parts: list[str] = []
    for piece in fragment.pieces:
        match piece:
            case str():
                parts.append(piece)
            case Name(prefix, of):
                number = sum(each == prefix for each, _ in things)
                parts.append(things.setdefault((prefix, of), f"{prefix}_{number}"))
            case Parameter(type_, of):
                placeholder = placeholders.setdefault((type_, repr(of)), f"p{len(placeholders)}")
                parameters[placeholder] = of
                parts.append(f"{{{placeholder}:{type_}}}")
    return Statement(text="".join(parts), parameters=parameters, columns=columns)


# Templates are few, and are filled again and again.
@lru_cache(maxsize=2_048)
def _plain(template: str) -> Fragment:
    """Make a fragment of a template without places."""
    parts = _parsed(template)
    for _, name, _ in parts:
        if name is not None:
            raise KeyError(name)
    return _put_together((text, (), indent) for text, _, indent in parts)


@lru_cache(maxsize=2_048)
def _parsed(template: str) -> tuple[tuple[str, str | None, str], ...]:
    """Take a template apart: texts, each with the place that follows it and the place's indentation."""
    parts = []
    indent = ""
    for text, name, _, _ in _FORMATTER.parse(template):
        indent = _indentation(text, indent)
        parts.append((text, name, indent))
    return tuple(parts)


def _indentation(text: str, before: str) -> str:
    _, newline, last = text.rpartition("\n")
    if not newline:
        return before
    return last[: len(last) - len(last.lstrip(" "))]


def _put_together(parts: Iterable[tuple[str, Sequence["Piece"], str]]) -> Fragment:
    """Make a fragment of texts, each with pieces after it and their indentation.

    Texts beside each other become one: each is indented anew on every level.
    """
    pieces: list[Piece] = []
    text = ""
    for before, inner, indent in parts:
        text += before
        for piece in inner:
            if isinstance(piece, str):
                text += piece.replace("\n", "\n" + indent) if indent else piece
            else:
                if text:
                    pieces.append(text)
                    text = ""
                pieces.append(piece)
    if text:
        pieces.append(text)
    return Fragment(tuple(pieces))
