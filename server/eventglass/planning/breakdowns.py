"""Breakdowns: what series are split by, and which values are kept (semantics 6)."""

from collections.abc import Iterable
from dataclasses import dataclass

from eventglass.planning.properties import Operand, operand
from insights.v1.query_spec_pb2 import QuerySpec

DEFAULT_LIMIT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """A split by tuples of values.

    Args:
        operands: one per dimension.
        edges: of a numeric first dimension; empty for values as they are.
        limit: values that are kept; None for all.
        hide_other: drops the values that are not kept, instead of making them one.
    """

    operands: tuple[Operand, ...]
    edges: tuple[float, ...]
    limit: int | None
    hide_other: bool


def breakdown_of(spec: QuerySpec, *, default_limit: int | None) -> Breakdown | None:
    """Resolve a spec's breakdown; None where it has none."""
    if not spec.HasField("breakdown"):
        return None
    given = spec.breakdown
    return Breakdown(
        operands=tuple(operand(name) for name in (given.property, *given.then_by)),
        edges=without_sign_of_zero(given.buckets),
        limit=given.limit or default_limit,
        hide_other=given.hide_other,
    )


def without_sign_of_zero(numbers: Iterable[float]) -> tuple[float, ...]:
    """Take numbers as they are, but -0 as 0, which is how answers show it (semantics 3.4)."""
    return tuple(each + 0.0 for each in numbers)
