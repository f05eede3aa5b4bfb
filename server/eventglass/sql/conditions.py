"""Conditions as SQL: every test is 0 or 1, never NULL, so that NOT is an exact complement."""

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from eventglass.planning import patterns
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
    Predicate,
    Present,
    Test,
    TextMatch,
    TextOrder,
    TextRelation,
)
from eventglass.planning.numbers import numeric, printed
from eventglass.planning.properties import Operand
from eventglass.sql import instants, values
from eventglass.sql.behavior import is_in_span
from eventglass.sql.fragment import Fragment, every, some, sql, value


def holds(condition: Condition, zone: ZoneInfo) -> Fragment:
    """Tell whether a condition holds of an event. UInt8."""
    match condition:
        case AllOf(conditions):
            return every(holds(each, zone) for each in conditions)
        case AnyOf(conditions):
            return some(holds(each, zone) for each in conditions)
        case Not(inner):
            return sql("NOT {inner}", inner=holds(inner, zone))
        case Did():
            return is_in_span(condition)
        case Member(condition=inner, zone=of_members):
            return every([sql("events.person != 0"), holds(inner, of_members)])
        case Test(operand=operand, predicate=predicate):
            return _PREDICATES[type(predicate)](operand, predicate, zone)


def _one_of(operand: Operand, test: OneOf, _: ZoneInfo) -> Fragment:
    tests = [
        *(_of_texts(operand, test) if test.texts else ()),
        *(_of_numbers(operand, test.numbers) if test.numbers else ()),
        *(_of_boolean(operand, each) for each in dict.fromkeys(test.booleans)),
    ]
    return some(tests)


def _of_texts(operand: Operand, test: OneOf) -> list[Fragment]:
    """Look for texts as themselves, and for those that another value prints as in its own column."""
    if test.ignore_case:
        matches = _matching(patterns.whole_text(test.texts))
        return [values.of_printed(operand, matches), matches(values.composite(operand))]
    found = [values.of_text(operand, lambda read: _is_one(read, "String", test.texts))]
    numbers = [each for each in map(numeric, test.texts) if each is not None and printed(each) in test.texts]
    if numbers:
        found.append(_among(values.number(operand), "Float64", numbers))
    found += [
        _of_boolean(operand, spelled == "true") for spelled in ("true", "false") if spelled in test.texts
    ]
    composites = [each for each in test.texts if each[0] in "[{"]
    if composites:
        found.append(_among(values.composite(operand), "String", composites))
    return found


def _of_numbers(operand: Operand, numbers: tuple[float, ...]) -> list[Fragment]:
    return [_among(values.numeric(operand), "Float64", numbers)]


def _of_boolean(operand: Operand, boolean: bool) -> Fragment:
    return sql(
        "ifNull({boolean} = {bound}, 0)", boolean=values.boolean(operand), bound=value("Bool", boolean)
    )


def _among(read: Fragment, type_: str, wanted: Sequence[object]) -> Fragment:
    return sql("ifNull({is_one}, 0)", is_one=_is_one(read, type_, wanted))


def _is_one(read: Fragment, type_: str, wanted: Sequence[object]) -> Fragment:
    if len(wanted) == 1:
        return sql("{read} = {wanted}", read=read, wanted=value(type_, wanted[0]))
    return sql("{read} IN {wanted}", read=read, wanted=value(f"Array({type_})", tuple(wanted)))


def _text_match(operand: Operand, test: TextMatch, _: ZoneInfo) -> Fragment:
    if test.ignore_case or test.relation is TextRelation.MATCHES:
        return values.of_printed(operand, _matching(patterns.part_of_text(test)))
    relation = f"{_FUNCTIONS[test.relation]}({{read}}, {{text}}){_COMPARED[test.relation]}"
    return values.of_printed(operand, lambda read: sql(relation, read=read, text=value("String", test.text)))


_FUNCTIONS = {
    TextRelation.CONTAINS: "position",
    TextRelation.STARTS_WITH: "startsWith",
    TextRelation.ENDS_WITH: "endsWith",
}
_COMPARED = {TextRelation.CONTAINS: " > 0", TextRelation.STARTS_WITH: "", TextRelation.ENDS_WITH: ""}


def _matching(pattern: str) -> Callable[[Fragment], Fragment]:
    return lambda read: sql("match({read}, {pattern})", read=read, pattern=value("String", pattern))


def _present(operand: Operand, _: Present, __: ZoneInfo) -> Fragment:
    return values.is_present(operand)


def _is_boolean(operand: Operand, test: IsBoolean, _: ZoneInfo) -> Fragment:
    return _of_boolean(operand, test.boolean)


def _number_order(operand: Operand, test: NumberOrder, _: ZoneInfo) -> Fragment:
    return _compared(values.numeric(operand), test.order.value, value("Float64", test.bound))


def _text_order(operand: Operand, test: TextOrder, _: ZoneInfo) -> Fragment:
    compared = f"{{read}} {test.order.value} {{bound}}"
    return values.of_text(operand, lambda read: sql(compared, read=read, bound=value("String", test.bound)))


def _instant_order(operand: Operand, test: InstantOrder, zone: ZoneInfo) -> Fragment:
    return _compared(instants.read(values.text(operand), zone), test.order.value, value("Int64", test.bound))


def _compared(read: Fragment, operator: str, bound: Fragment) -> Fragment:
    return sql(f"ifNull({{read}} {operator} {{bound}}, 0)", read=read, bound=bound)


_Compiler = Callable[[Operand, Any, ZoneInfo], Fragment]

_PREDICATES: dict[type[Predicate], _Compiler] = {
    Present: _present,
    IsBoolean: _is_boolean,
    OneOf: _one_of,
    TextMatch: _text_match,
    NumberOrder: _number_order,
    TextOrder: _text_order,
    InstantOrder: _instant_order,
}
