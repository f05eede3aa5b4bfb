"""Conditions as functions of an event: the same answers as sql/conditions.py, event by event."""

import operator
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import re2

from eventglass.ingest.properties import Leaf
from eventglass.live.subject import Subject
from eventglass.planning import instants, patterns
from eventglass.planning.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Did,
    InstantOrder,
    IsBoolean,
    Member,
    Not,
    NumberOrder,
    OneOf,
    Order,
    Predicate,
    Present,
    Test,
    TextMatch,
    TextOrder,
    TextRelation,
)
from eventglass.planning.numbers import numeric, printed
from eventglass.planning.properties import Operand

Matcher = Callable[[Subject], bool]
_Holds = Callable[[Leaf], bool]


def matcher(condition: Condition, zone: ZoneInfo) -> Matcher:
    """Compile a condition.

    Args:
        condition: of a valid request.
        zone: of times in properties that name none.

    Raises:
        re2.error: the texts to compare without regard to case are too many for one pattern.
    """
    match condition:
        case AllOf(conditions):
            every = [matcher(each, zone) for each in conditions]
            return lambda subject: all(each(subject) for each in every)
        case AnyOf(conditions):
            some = [matcher(each, zone) for each in conditions]
            return lambda subject: any(each(subject) for each in some)
        case Not(inner):
            opposite = matcher(inner, zone)
            return lambda subject: not opposite(subject)
        case Did() | Member():
            raise AssertionError("is refused: a new event does not tell what its person did before")
        case Test(operand=operand, predicate=predicate):
            return _present_and(operand, _PREDICATES[type(predicate)](predicate, zone))


def _present_and(operand: Operand, holds: _Holds) -> Matcher:
    def matches(subject: Subject) -> bool:
        value = subject.value(operand)
        return value is not None and holds(value)

    return matches


def _print(value: Leaf) -> str:
    """Print any value, a list or object as its compact JSON."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case list():
            return value[0]
        case _:
            return printed(value)


def _number(value: Leaf) -> float | None:
    """Read a number or a numeric text; None for any other value."""
    if isinstance(value, str):
        return numeric(value)
    return None if isinstance(value, bool | list) else value


def _present(_: Present, __: ZoneInfo) -> _Holds:
    return lambda _: True


def _is_boolean(test: IsBoolean, _: ZoneInfo) -> _Holds:
    return lambda value: value is test.boolean


def _one_of(test: OneOf, _: ZoneInfo) -> _Holds:
    texts, numbers = frozenset(test.texts), frozenset(test.numbers)
    folded = re2.compile(patterns.whole_text(test.texts)) if test.ignore_case and test.texts else None

    def holds(value: Leaf) -> bool:
        if isinstance(value, bool) and value in test.booleans:
            return True
        if numbers and _number(value) in numbers:
            return True
        if folded is not None:
            return folded.search(_print(value)) is not None
        return bool(texts) and _print(value) in texts

    return holds


_RELATIONS: dict[TextRelation, Callable[[str, str], bool]] = {
    TextRelation.CONTAINS: operator.contains,
    TextRelation.STARTS_WITH: str.startswith,
    TextRelation.ENDS_WITH: str.endswith,
}


def _text_match(test: TextMatch, _: ZoneInfo) -> _Holds:
    if test.ignore_case or test.relation is TextRelation.MATCHES:
        pattern = re2.compile(patterns.part_of_text(test))
        return lambda value: not isinstance(value, list) and pattern.search(_print(value)) is not None
    relates = _RELATIONS[test.relation]
    return lambda value: not isinstance(value, list) and relates(_print(value), test.text)


_ORDERS: dict[Order, Callable[[Any, Any], bool]] = {
    Order.GREATER_THAN: operator.gt,
    Order.GREATER_OR_EQUAL: operator.ge,
    Order.LESS_THAN: operator.lt,
    Order.LESS_OR_EQUAL: operator.le,
}


def _number_order(test: NumberOrder, _: ZoneInfo) -> _Holds:
    ordered = _ORDERS[test.order]

    def holds(value: Leaf) -> bool:
        number = _number(value)
        return number is not None and ordered(number, test.bound)

    return holds


def _text_order(test: TextOrder, _: ZoneInfo) -> _Holds:
    # Python orders texts by code point, as UTF-8 does.
    ordered = _ORDERS[test.order]
    return lambda value: isinstance(value, str) and ordered(value, test.bound)


def _instant_order(test: InstantOrder, zone: ZoneInfo) -> _Holds:
    ordered = _ORDERS[test.order]

    def holds(value: Leaf) -> bool:
        at = instants.read(value, zone) if isinstance(value, str) else None
        return at is not None and ordered(at, test.bound)

    return holds


_PREDICATES: dict[type[Predicate], Callable[[Any, ZoneInfo], _Holds]] = {
    Present: _present,
    IsBoolean: _is_boolean,
    OneOf: _one_of,
    TextMatch: _text_match,
    NumberOrder: _number_order,
    TextOrder: _text_order,
    InstantOrder: _instant_order,
}
