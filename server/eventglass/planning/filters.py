"""Filters to conditions: one function per operator, in a table."""

from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from google.protobuf.struct_pb2 import Value

from eventglass.planning import instants
from eventglass.planning.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Did,
    InstantOrder,
    IsBoolean,
    Not,
    NumberOrder,
    OneOf,
    Order,
    Present,
    Test,
    TextMatch,
    TextOrder,
    TextRelation,
)
from eventglass.planning.durations import milliseconds
from eventglass.planning.numbers import numeric
from eventglass.planning.properties import Operand, operand
from insights.v1.filter_pb2 import Behavior, Filter, FilterExpression, Operator


def condition_of(filters: Iterable[Filter], where: FilterExpression | None, zone: ZoneInfo) -> Condition:
    """Join filters and a tree by AND. The spec is valid; so are its values."""
    conditions = [_of_filter(each, zone) for each in filters]
    if where is not None:
        conditions.append(_of_expression(where, zone))
    return conditions[0] if len(conditions) == 1 else AllOf(tuple(conditions))


def _of_expression(expression: FilterExpression, zone: ZoneInfo) -> Condition:
    kind = expression.WhichOneof("expression")
    match kind:
        case "all_of":
            return AllOf(tuple(_of_expression(each, zone) for each in expression.all_of.expressions))
        case "any_of":
            return AnyOf(tuple(_of_expression(each, zone) for each in expression.any_of.expressions))
        case "not":
            return Not(_of_expression(getattr(expression, "not"), zone))
        case "did":
            return _did(expression.did, zone)
        case _:
            return _of_filter(expression.filter, zone)


def _did(behavior: Behavior, zone: ZoneInfo) -> Did:
    return Did(
        event=behavior.name,
        condition=condition_of(
            behavior.filters, behavior.where if behavior.HasField("where") else None, zone
        ),
        first_time=behavior.first_time,
        at_least=behavior.at_least or 1,
        within=milliseconds(behavior.within) if behavior.HasField("within") else None,
        zone=zone,
    )


def _of_filter(spec: Filter, zone: ZoneInfo) -> Condition:
    target = operand(spec.property)
    if spec.operator in _COMPLEMENTS:
        return Not(_POSITIVE[_COMPLEMENTS[spec.operator]](target, spec, zone))
    return _POSITIVE[spec.operator](target, spec, zone)


def _one_of(values: Iterable[Value], *, ignore_case: bool) -> OneOf:
    texts, numbers, booleans = [], [], []
    for value in values:
        match value.WhichOneof("kind"):
            case "string_value":
                texts.append(value.string_value)
            case "number_value":
                numbers.append(value.number_value)
            case _:
                booleans.append(value.bool_value)
    return OneOf(
        texts=tuple(texts), numbers=tuple(numbers), booleans=tuple(booleans), ignore_case=ignore_case
    )


def _equals(target: Operand, spec: Filter, _: ZoneInfo) -> Condition:
    return Test(operand=target, predicate=_one_of([spec.value], ignore_case=spec.ignore_case))


def _in(target: Operand, spec: Filter, _: ZoneInfo) -> Condition:
    values = spec.value.list_value.values
    return Test(operand=target, predicate=_one_of(values, ignore_case=spec.ignore_case))


def _text(relation: TextRelation) -> "_Reader":
    def read(target: Operand, spec: Filter, _: ZoneInfo) -> Condition:
        text = spec.value.string_value
        return Test(
            operand=target,
            predicate=TextMatch(relation=relation, text=text, ignore_case=spec.ignore_case),
        )

    return read


def _bound(target: Operand, order: Order, value: Value) -> Condition:
    number = number_of(value)
    if number is not None:
        return Test(operand=target, predicate=NumberOrder(order, number))
    return Test(operand=target, predicate=TextOrder(order, value.string_value))


def number_of(value: Value) -> float | None:
    """Read a filter's value as the number it is or spells; None for other texts."""
    if value.WhichOneof("kind") == "number_value":
        return value.number_value
    return numeric(value.string_value)


def _ordered(order: Order) -> "_Reader":
    return lambda target, spec, _: _bound(target, order, spec.value)


def _between(target: Operand, spec: Filter, _: ZoneInfo) -> Condition:
    lower, upper = spec.value.list_value.values
    return AllOf((_bound(target, Order.GREATER_OR_EQUAL, lower), _bound(target, Order.LESS_OR_EQUAL, upper)))


def _timed(order: Order) -> "_Reader":
    def read(target: Operand, spec: Filter, zone: ZoneInfo) -> Condition:
        bound = instants.read(spec.value.string_value, zone)
        assert bound is not None
        return Test(operand=target, predicate=InstantOrder(order, bound))

    return read


_Reader = Callable[[Operand, Filter, ZoneInfo], Condition]

_POSITIVE: dict[Operator, _Reader] = {
    Operator.OPERATOR_EQUALS: _equals,
    Operator.OPERATOR_IN: _in,
    Operator.OPERATOR_CONTAINS: _text(TextRelation.CONTAINS),
    Operator.OPERATOR_STARTS_WITH: _text(TextRelation.STARTS_WITH),
    Operator.OPERATOR_ENDS_WITH: _text(TextRelation.ENDS_WITH),
    Operator.OPERATOR_MATCHES: _text(TextRelation.MATCHES),
    Operator.OPERATOR_GREATER_THAN: _ordered(Order.GREATER_THAN),
    Operator.OPERATOR_GREATER_OR_EQUAL: _ordered(Order.GREATER_OR_EQUAL),
    Operator.OPERATOR_LESS_THAN: _ordered(Order.LESS_THAN),
    Operator.OPERATOR_LESS_OR_EQUAL: _ordered(Order.LESS_OR_EQUAL),
    Operator.OPERATOR_BETWEEN: _between,
    Operator.OPERATOR_IS_SET: lambda target, *_: Test(operand=target, predicate=Present()),
    Operator.OPERATOR_IS_TRUE: lambda target, *_: Test(operand=target, predicate=IsBoolean(True)),  # noqa: FBT003
    Operator.OPERATOR_IS_FALSE: lambda target, *_: Test(operand=target, predicate=IsBoolean(False)),  # noqa: FBT003
    Operator.OPERATOR_BEFORE: _timed(Order.LESS_THAN),
    Operator.OPERATOR_AFTER: _timed(Order.GREATER_THAN),
}

_COMPLEMENTS: dict[Operator, Operator] = {
    Operator.OPERATOR_NOT_EQUALS: Operator.OPERATOR_EQUALS,
    Operator.OPERATOR_NOT_IN: Operator.OPERATOR_IN,
    Operator.OPERATOR_NOT_CONTAINS: Operator.OPERATOR_CONTAINS,
    Operator.OPERATOR_NOT_MATCHES: Operator.OPERATOR_MATCHES,
    Operator.OPERATOR_NOT_BETWEEN: Operator.OPERATOR_BETWEEN,
    Operator.OPERATOR_IS_NOT_SET: Operator.OPERATOR_IS_SET,
}
