"""The values that events are broken down by, and how an answer spells them (semantics 6)."""

from collections.abc import Sequence

from insights.v1.breakdown_pb2 import Breakdown, DimensionValue, NumberRange
from tests.oracle.history import StoredEvent
from tests.oracle.values import (
    MISSING,
    OTHER,
    Dimension,
    Kind,
    dimension_of,
    number_of,
    printed,
    printed_number,
    read,
)

# One dimension per property; without a breakdown every event has the value ().
Value = tuple[Dimension, ...]


def properties_of(breakdown: Breakdown) -> list[str]:
    """The properties that events are broken down by; none for an unset breakdown."""
    return [breakdown.property, *breakdown.then_by] if breakdown.property else []


def value_of(event: StoredEvent, breakdown: Breakdown) -> Value:
    """The value that an event counts under."""
    names = properties_of(breakdown)
    value = [dimension_of(read(event, name)) for name in names]
    if breakdown.buckets:
        value[0] = _range_of(number_of(read(event, names[0])), breakdown.buckets)
    return tuple(value)


def other_of(breakdown: Breakdown) -> Value:
    """The value of all events whose own value is not kept."""
    return tuple(OTHER for _ in properties_of(breakdown))


def dimension_values(value: Value, breakdown: Breakdown) -> list[DimensionValue]:
    """Spell a value for the answer."""
    return [_dimension_value(dimension, breakdown.buckets) for dimension in value]


def first_as_text(value: Value, breakdown: Breakdown) -> str:
    """Spell the first dimension as text; missing and other are ""."""
    kind, content = value[0]
    match kind:
        case Kind.MISSING | Kind.OTHER:
            return ""
        case Kind.RANGE:
            lower, upper = _ends(int(content), breakdown.buckets)
            return f"[{_end_as_text(lower)}, {_end_as_text(upper)})"
        case _:
            return printed(content)


def _range_of(number: float | None, edges: Sequence[float]) -> Dimension:
    """Number the ranges from 0, the one below all edges."""
    if number is None:
        return MISSING
    return Dimension(Kind.RANGE, sum(edge <= number for edge in edges))


def _ends(index: int, edges: Sequence[float]) -> tuple[float | None, float | None]:
    """The lower and upper end of a range; None where it is open."""
    open_ended = [None, *edges, None]
    return open_ended[index], open_ended[index + 1]


def _end_as_text(end: float | None) -> str:
    return ".." if end is None else printed_number(end)


def _dimension_value(dimension: Dimension, edges: Sequence[float]) -> DimensionValue:
    kind, content = dimension
    match kind:
        case Kind.MISSING:
            return DimensionValue(is_missing=True)
        case Kind.OTHER:
            return DimensionValue(is_other=True)
        case Kind.BOOLEAN:
            return DimensionValue(boolean=bool(content))
        case Kind.NUMBER:
            return DimensionValue(number=float(content))
        case Kind.TEXT:
            return DimensionValue(text=str(content))
        case Kind.RANGE:
            lower, upper = _ends(int(content), edges)
            number_range = NumberRange()
            if lower is not None:
                setattr(number_range, "from", lower)
            if upper is not None:
                number_range.to = upper
            return DimensionValue(range=number_range)
