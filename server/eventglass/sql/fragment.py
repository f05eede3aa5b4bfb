"""Pieces of SQL that carry their values.

A fragment is text with typed values in it. Values never become text: `statement()` gives each a
name and hands it to the driver as a parameter. Text comes from templates in this package alone.
"""

import string
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from eventglass.sql.statement import Statement

_FORMATTER = string.Formatter()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value and its ClickHouse type; an array's is a tuple, so that fragments can be compared."""

    type: str
    value: Hashable


@dataclass(frozen=True, slots=True)
class Fragment:
    """SQL text with parameters in it, in order."""

    pieces: tuple[str | Parameter, ...]


def sql(template: str, **fragments: Fragment) -> Fragment:
    """Fill a template's `{name}` places with fragments, keeping the indentation of the place."""
    pieces: list[str | Parameter] = []
    indent = ""
    for text, name, _, _ in _FORMATTER.parse(template):
        pieces.append(text)
        indent = _indentation(text, indent)
        if name is not None:
            pieces.extend(_indented(fragments[name], indent))
    return Fragment(tuple(pieces))


def value(type_: str, of: Hashable) -> Fragment:
    """Make a value a parameter of a ClickHouse type."""
    return Fragment((Parameter(type_, of),))


def joined(separator: str, fragments: Iterable[Fragment]) -> Fragment:
    """Join fragments; at least one."""
    first, *rest = fragments
    pieces = list(first.pieces)
    for fragment in rest:
        pieces += [separator, *fragment.pieces]
    return Fragment(tuple(pieces))


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
    """Name the parameters; equal values of one type share a name.

    Args:
        fragment: a whole SELECT.
        columns: how many it selects.
    """
    names: dict[tuple[str, str], str] = {}
    parameters: dict[str, object] = {}
    parts: list[str] = []
    for piece in fragment.pieces:
        if isinstance(piece, str):
            parts.append(piece)
            continue
        name = names.setdefault((piece.type, repr(piece.value)), f"p{len(names)}")
        parameters[name] = piece.value
        parts.append(f"{{{name}:{piece.type}}}")
    return Statement(text="".join(parts), parameters=parameters, columns=columns)


def _indentation(text: str, before: str) -> str:
    _, newline, last = text.rpartition("\n")
    if not newline:
        return before
    return last[: len(last) - len(last.lstrip(" "))]


def _indented(fragment: Fragment, indent: str) -> Iterable[str | Parameter]:
    for piece in fragment.pieces:
        yield piece.replace("\n", "\n" + indent) if isinstance(piece, str) else piece
