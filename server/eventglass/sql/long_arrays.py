"""Arrays that are longer than a value may be on a ClickHouse server's HTTP interface.

Its limit holds for each value of a request, so a long array goes there as several that the statement
puts together again: `arrayConcat({ids_0:Array(UInt64)}, {ids_1:Array(UInt64)})`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from eventglass.sql.statement import Statement

# Less than http_max_field_value_size of a server as it comes, which is 128 KiB.
MOST_BYTES = 120_000
# What stands around and between elements.
_BETWEEN = 3
# Numbers have at most 39 digits; arrays with fewer need not be measured.
_ALWAYS_SHORT = MOST_BYTES // (39 + _BETWEEN)
# A character has at most 4 bytes, or is escaped twice.
_BYTES_OF_CHARACTER = 4

_ARRAY = re.compile(r"\{(?P<name>\w+):(?P<type>Array\([^{}]*\))\}")


def in_pieces(statement: Statement) -> Statement:
    """Divide the arrays that are too long for one value."""
    pieces = {
        name: divided
        for name, value in statement.parameters.items()
        if isinstance(value, tuple | list) and len(divided := [*_divided(value)]) > 1
    }
    if not pieces:
        return statement
    parameters = {name: value for name, value in statement.parameters.items() if name not in pieces}
    for name, divided in pieces.items():
        parameters |= {_part(name, number): piece for number, piece in enumerate(divided)}

    def put_together(array: re.Match[str]) -> str:
        name, type_ = array["name"], array["type"]
        if name not in pieces:
            return array[0]
        parts = (f"{{{_part(name, number)}:{type_}}}" for number in range(len(pieces[name])))
        return f"arrayConcat({', '.join(parts)})"

    return replace(statement, text=_ARRAY.sub(put_together, statement.text), parameters=parameters)


def _divided(array: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """Cut an array into as few pieces as surely fit; a single element may be too long all the same."""
    if len(array) <= _ALWAYS_SHORT and not any(isinstance(each, str) for each in array):
        yield tuple(array)
        return
    begin, size = 0, 0
    for index, each in enumerate(array):
        added = _BETWEEN + (_BYTES_OF_CHARACTER * len(each) if isinstance(each, str) else len(repr(each)))
        size += added
        if size > MOST_BYTES and index > begin:
            yield tuple(array[begin:index])
            begin, size = index, added
    yield tuple(array[begin:])


def _part(name: str, number: int) -> str:
    return f"{name}_{number}"
