"""Values of breakdowns, as the engine answers them and as callers read them."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TypeAlias

from eventglass.planning.numbers import printed
from insights.v1.breakdown_pb2 import DimensionValue, NumberRange
from insights.v1.metadata_pb2 import QueryWarning

# A typed value as sql/values.py selects it: kind, number, text. Sorts in the order of semantics 6.4.
Typed: TypeAlias = tuple[int, float, str]

_MISSING, _FALSE, _TRUE, _NUMBER, _TEXT = range(5)


def message(value: Typed, edges: Sequence[float] = ()) -> DimensionValue:
    """Express a typed value; with `edges` it is the position of one of their buckets."""
    kind, number, text = value
    if kind == _MISSING:
        return DimensionValue(is_missing=True)
    if edges:
        return DimensionValue(range=_range(int(number), edges))
    if kind == _NUMBER:
        return DimensionValue(number=number)
    if kind == _TEXT:
        return DimensionValue(text=text)
    return DimensionValue(boolean=kind == _TRUE)


def other(dimensions: int) -> list[DimensionValue]:
    """Express the value of all values that were not kept."""
    return [DimensionValue(is_other=True) for _ in range(dimensions)]


def as_text(value: DimensionValue) -> str:
    """Print a value; "" when it is missing or other."""
    match value.WhichOneof("value"):
        case "text":
            return value.text
        case "number":
            return printed(value.number)
        case "boolean":
            return "true" if value.boolean else "false"
        case _:
            return _range_text(value.range) if value.HasField("range") else ""


def alike(kept: Iterable[Sequence[DimensionValue]], *, field: str = "query.breakdown") -> list[QueryWarning]:
    """Warn of different kept values that print the same, such as 1 and "1" (semantics 6.9)."""
    texts: dict[tuple[int, str], set[bytes]] = {}
    for at, value in chain.from_iterable(map(enumerate, kept)):
        texts.setdefault((at, as_text(value)), set()).add(value.SerializeToString(deterministic=True))
    return [
        QueryWarning(
            reason="VALUES_PRINT_ALIKE",
            field=field,
            message=f'several values of different types print as "{text[:100]}"; see `dimensions`',
        )
        for (_, text), different in texts.items()
        if text and len(different) > 1
    ]


def _range(bucket: int, edges: Sequence[float]) -> NumberRange:
    made = NumberRange()
    if bucket > 0:
        setattr(made, "from", edges[bucket - 1])
    if bucket < len(edges):
        made.to = edges[bucket]
    return made


def _range_text(made: NumberRange) -> str:
    lower = printed(getattr(made, "from")) if made.HasField("from") else ".."
    upper = printed(made.to) if made.HasField("to") else ".."
    return f"[{lower}, {upper})"
