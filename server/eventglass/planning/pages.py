"""Pages of a table: where one ends (semantics 9.4)."""

from dataclasses import dataclass
from typing import Any

from eventglass.planning.page_tokens import Pin, broken_token, number, of_type, pack, text, unpack, whole
from insights.v1.query_spec_pb2 import QuerySpec

# Of typed values, as sql/values.py has them: missing, false, true, a number, a text.
_KINDS = range(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The last row of a page.

    Args:
        is_other: it is the row of all values that were not kept.
        value: the number that rows are sorted by; None when absent.
        dimensions: its typed values: kind, number, text.
    """

    is_other: bool
    value: float | None
    dimensions: tuple[tuple[int, float, str], ...]


def encode(spec: QuerySpec, project_id: str, pin: Pin, position: Position) -> str:
    """Make a token."""
    return pack(spec, project_id, pin, [position.is_other, position.value, position.dimensions])


def decode(spec: QuerySpec, project_id: str) -> tuple[Pin, Position]:
    """Read the spec's token.

    Raises:
        PageTokenError: it is no token, or not one of this spec and project.
    """
    pin, content = unpack(spec, project_id, spec.page_token)
    try:
        is_other, value, dimensions = content
        position = Position(
            is_other=of_type(is_other, bool),
            value=None if value is None else number(value),
            dimensions=tuple(_typed(*each) for each in dimensions),
        )
    except (ValueError, TypeError) as error:
        raise broken_token() from error
    # Without a breakdown a table is one row, which no page comes after.
    if not spec.HasField("breakdown") or len(position.dimensions) != 1 + len(spec.breakdown.then_by):
        raise broken_token()
    return pin, position


def _typed(kind: Any, given: Any, shown: Any) -> tuple[int, float, str]:
    return whole(kind, _KINDS), number(given), text(shown)
