"""Rules of what a filter compares with, by its operator."""

import math
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import re2
from google.protobuf.struct_pb2 import Value

from eventglass.planning import instants
from eventglass.planning.filters import number_of
from insights.v1.filter_pb2 import Operator

MOST_VALUES = 1_000

_UTC = ZoneInfo("UTC")

# A rule for a filter's value: yields where inside the value, and what is wrong and what to do.
Rule = Callable[[Value], Iterator[tuple[str, str]]]


def not_finite(value: Value) -> Iterator[str]:
    """Yield where in a filter's value numbers are not finite, which only binary requests can hold."""
    kind = _kind(value)
    if kind == "number_value" and not math.isfinite(value.number_value):
        yield ""
    elif kind == "list_value":
        for position, each in enumerate(value.list_value.values[:MOST_VALUES]):
            if _kind(each) == "number_value" and not math.isfinite(each.number_value):
                yield f"[{position}]"


def _kind(value: Value) -> str | None:
    return value.WhichOneof("kind")


def _comparable(value: Value, where: str = "") -> Iterator[tuple[str, str]]:
    kind = _kind(value)
    if kind == "null_value" or (kind == "string_value" and not value.string_value):
        given = "null" if kind == "null_value" else '""'
        yield where, f"{given} equals a missing value; use OPERATOR_IS_NOT_SET or OPERATOR_IS_SET"
    elif kind == "list_value" and not where:
        yield where, "must be a text, a number or a boolean; for a list choose OPERATOR_IN or OPERATOR_NOT_IN"
    elif kind not in ("string_value", "number_value", "bool_value"):
        yield where, "must be a text, a number or a boolean"


def _list(value: Value) -> Iterator[tuple[str, str]]:
    if _kind(value) != "list_value":
        yield "", 'must be a list of texts, numbers or booleans, such as ["a", "b"]'
        return
    values = value.list_value.values
    if not 1 <= len(values) <= MOST_VALUES:
        yield "", f"must hold 1 to {MOST_VALUES} values, not {len(values)}"
        return
    for position, each in enumerate(values):
        yield from _comparable(each, f"[{position}]")


def _text(value: Value) -> Iterator[tuple[str, str]]:
    if _kind(value) != "string_value":
        yield "", 'must be a text; write a number as it prints, such as "5"'


def _pattern(value: Value) -> Iterator[tuple[str, str]]:
    yield from _text(value)
    if _kind(value) == "string_value":
        try:
            re2.compile(value.string_value, _quiet())
        except re2.error as error:
            reason = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error.args[0])
            yield "", f"is no RE2 pattern: {reason[:200]}"


def _quiet() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options


def _bound(value: Value, where: str = "") -> Iterator[tuple[str, str]]:
    kind = _kind(value)
    if kind not in ("number_value", "string_value"):
        yield where, "must be a number or a text"
    elif kind == "string_value" and not value.string_value:
        yield where, '"" orders nothing; use OPERATOR_IS_SET'


def _bounds(value: Value) -> Iterator[tuple[str, str]]:
    if _kind(value) != "list_value" or len(value.list_value.values) != 2:
        yield "", "must be a list of two values, the lower and the upper end"
        return
    lower, upper = value.list_value.values
    wrong = [*_bound(lower, "[0]"), *_bound(upper, "[1]")]
    yield from wrong
    if wrong:
        return
    first, last = number_of(lower), number_of(upper)
    if (first is None) != (last is None):
        yield "", "must be two numbers or two texts, not one of each"
    elif (
        (first > last) if first is not None and last is not None else lower.string_value > upper.string_value
    ):
        yield "", "must hold the lower end first"


def _instant(value: Value) -> Iterator[tuple[str, str]]:
    if _kind(value) != "string_value" or instants.read(value.string_value, _UTC) is None:
        yield (
            "",
            (
                'must be a date ("2026-05-01"), a local time ("2026-05-01T09:30") or an RFC 3339 time '
                '("2026-05-01T09:30:00Z"), in the years 1900 to 2299'
            ),
        )


def _nothing(value: Value) -> Iterator[tuple[str, str]]:
    if _kind(value) not in (None, "null_value"):
        yield "", "is not used; leave it out"


RULES: dict[Operator, Rule] = {
    Operator.OPERATOR_EQUALS: _comparable,
    Operator.OPERATOR_NOT_EQUALS: _comparable,
    Operator.OPERATOR_IN: _list,
    Operator.OPERATOR_NOT_IN: _list,
    Operator.OPERATOR_CONTAINS: _text,
    Operator.OPERATOR_NOT_CONTAINS: _text,
    Operator.OPERATOR_STARTS_WITH: _text,
    Operator.OPERATOR_ENDS_WITH: _text,
    Operator.OPERATOR_MATCHES: _pattern,
    Operator.OPERATOR_NOT_MATCHES: _pattern,
    Operator.OPERATOR_GREATER_THAN: _bound,
    Operator.OPERATOR_GREATER_OR_EQUAL: _bound,
    Operator.OPERATOR_LESS_THAN: _bound,
    Operator.OPERATOR_LESS_OR_EQUAL: _bound,
    Operator.OPERATOR_BETWEEN: _bounds,
    Operator.OPERATOR_NOT_BETWEEN: _bounds,
    Operator.OPERATOR_IS_SET: _nothing,
    Operator.OPERATOR_IS_NOT_SET: _nothing,
    Operator.OPERATOR_IS_TRUE: _nothing,
    Operator.OPERATOR_IS_FALSE: _nothing,
    Operator.OPERATOR_BEFORE: _instant,
    Operator.OPERATOR_AFTER: _instant,
}

ON_TEXTS = frozenset(
    {
        Operator.OPERATOR_EQUALS,
        Operator.OPERATOR_NOT_EQUALS,
        Operator.OPERATOR_IN,
        Operator.OPERATOR_NOT_IN,
        Operator.OPERATOR_CONTAINS,
        Operator.OPERATOR_NOT_CONTAINS,
        Operator.OPERATOR_STARTS_WITH,
        Operator.OPERATOR_ENDS_WITH,
        Operator.OPERATOR_MATCHES,
        Operator.OPERATOR_NOT_MATCHES,
    }
)
