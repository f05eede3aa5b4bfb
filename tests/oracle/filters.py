"""Which events a filter and an and/or/not tree let through (semantics 7)."""

import math
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

import re2
from google.protobuf.struct_pb2 import Value

from insights.v1.filter_pb2 import Behavior, Filter, FilterExpression, Operator
from tests.oracle.history import Json, StoredEvent, milliseconds
from tests.oracle.moments import moment_of
from tests.oracle.values import number_of, printed, read


def passes(event: StoredEvent, filters: Iterable[Filter], where: FilterExpression, zone: ZoneInfo) -> bool:
    """Tell whether an event passes all filters and the tree (an unset tree lets everything through)."""
    if not all(matches(event, condition, zone) for condition in filters):
        return False
    return where.WhichOneof("expression") is None or holds(event, where, zone)


def holds(event: StoredEvent, expression: FilterExpression, zone: ZoneInfo) -> bool:
    """Tell whether a tree holds for an event."""
    match expression.WhichOneof("expression"):
        case "filter":
            return matches(event, expression.filter, zone)
        case "all_of":
            return all(holds(event, child, zone) for child in expression.all_of.expressions)
        case "any_of":
            return any(holds(event, child, zone) for child in expression.any_of.expressions)
        case "not":
            return not holds(event, getattr(expression, "not"), zone)
        case "did":
            return did(event.of_person, expression.did, zone, before=event.time)
        case _:
            raise AssertionError("an empty expression")


def did(of_person: Iterable[StoredEvent], behavior: Behavior, zone: ZoneInfo, *, before: int) -> bool:
    """Tell whether somebody did something often enough before an instant, given all they ever did."""
    matching = [
        event.time
        for event in of_person
        if behavior.name in ("", event.name) and passes(event, behavior.filters, behavior.where, zone)
    ]
    if behavior.first_time:
        matching = sorted(matching)[:1]
    since = before - milliseconds(behavior.within) if behavior.HasField("within") else -math.inf
    return sum(since <= time < before for time in matching) >= (behavior.at_least or 1)


def matches(event: StoredEvent, condition: Filter, zone: ZoneInfo) -> bool:
    """Tell whether one condition holds. Negative operators are exact complements, others need a value."""
    if condition.operator in COMPLEMENTS:
        positive = Filter()
        positive.CopyFrom(condition)
        positive.operator = COMPLEMENTS[condition.operator]
        return not matches(event, positive, zone)
    value = read(event, condition.property)
    return value is not None and OPERATORS[condition.operator](value, condition, zone)


COMPLEMENTS = {
    Operator.OPERATOR_NOT_EQUALS: Operator.OPERATOR_EQUALS,
    Operator.OPERATOR_NOT_IN: Operator.OPERATOR_IN,
    Operator.OPERATOR_NOT_CONTAINS: Operator.OPERATOR_CONTAINS,
    Operator.OPERATOR_NOT_MATCHES: Operator.OPERATOR_MATCHES,
    Operator.OPERATOR_NOT_BETWEEN: Operator.OPERATOR_BETWEEN,
    Operator.OPERATOR_IS_NOT_SET: Operator.OPERATOR_IS_SET,
}


def _equals(value: Json, condition: Filter, _: ZoneInfo) -> bool:
    return _equal(value, condition.value, ignore_case=condition.ignore_case)


def _in(value: Json, condition: Filter, _: ZoneInfo) -> bool:
    wanted = condition.value.list_value.values
    return any(_equal(value, item, ignore_case=condition.ignore_case) for item in wanted)


def _equal(value: Json, wanted: Value, *, ignore_case: bool) -> bool:
    """A text equals how the value prints, a number numbers and numeric texts, a boolean booleans."""
    match wanted.WhichOneof("kind"):
        case "bool_value":
            return value is wanted.bool_value
        case "number_value":
            return number_of(value) == wanted.number_value
        case _:
            text = printed(value)
            return text == wanted.string_value or (ignore_case and _same_folded(text, wanted.string_value))


def _same_folded(text: str, other: str) -> bool:
    """Compare texts by simple case folding, which is RE2's."""
    return re2.fullmatch("(?i)" + re2.escape(other), text) is not None


def _text_operator(
    plain: Callable[[str, str], bool], folded: str
) -> Callable[[Json, Filter, ZoneInfo], bool]:
    """An operator on the printed value; `folded` is the pattern to use when case is ignored."""

    def found(value: Json, condition: Filter, _: ZoneInfo) -> bool:
        if isinstance(value, list | dict):
            return False
        text, wanted = printed(value), condition.value.string_value
        if condition.ignore_case:
            return re2.search("(?i)" + folded.format(re2.escape(wanted)), text) is not None
        return plain(text, wanted)

    return found


def _matches(value: Json, condition: Filter, _: ZoneInfo) -> bool:
    """Search a pattern anywhere; RE2's "." matches no newline unless the pattern says so."""
    if isinstance(value, list | dict):
        return False
    options = re2.Options()
    options.case_sensitive = not condition.ignore_case
    return re2.search(condition.value.string_value, printed(value), options) is not None


def _ordering(
    compare: Callable[[float | str, float | str], bool],
) -> Callable[[Json, Filter, ZoneInfo], bool]:
    def ordered(value: Json, condition: Filter, _: ZoneInfo) -> bool:
        pair = _comparable(value, condition.value)
        return pair is not None and compare(*pair)

    return ordered


def _between(value: Json, condition: Filter, _: ZoneInfo) -> bool:
    lower, upper = (_comparable(value, edge) for edge in condition.value.list_value.values)
    return lower is not None and upper is not None and _at_least(*lower) and _at_least(*reversed(upper))


def _comparable(value: Json, wanted: Value) -> tuple[float | str, float | str] | None:
    """The two as numbers if the wanted one is a number or numeric text, else as texts; None if not so."""
    wanted_json = wanted.number_value if wanted.HasField("number_value") else wanted.string_value
    wanted_number, number = number_of(wanted_json), number_of(value)
    if wanted_number is not None:
        return None if number is None else (number, wanted_number)
    return (value, wanted.string_value) if isinstance(value, str) else None


def _less(left: float | str, right: float | str) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return left.encode() < right.encode()
    assert isinstance(left, float)
    assert isinstance(right, float)
    return left < right


def _at_least(left: float | str, right: float | str) -> bool:
    return not _less(left, right)


def _before(value: Json, condition: Filter, zone: ZoneInfo) -> bool:
    moment, wanted = _moments(value, condition, zone)
    return moment is not None and moment < wanted


def _after(value: Json, condition: Filter, zone: ZoneInfo) -> bool:
    moment, wanted = _moments(value, condition, zone)
    return moment is not None and moment > wanted


def _moments(value: Json, condition: Filter, zone: ZoneInfo) -> tuple[int | None, int]:
    wanted = moment_of(condition.value.string_value, zone)
    assert wanted is not None
    return (moment_of(value, zone) if isinstance(value, str) else None), wanted


OPERATORS: dict[Operator, Callable[[Json, Filter, ZoneInfo], bool]] = {
    Operator.OPERATOR_EQUALS: _equals,
    Operator.OPERATOR_IN: _in,
    Operator.OPERATOR_CONTAINS: _text_operator(lambda text, wanted: wanted in text, "{}"),
    Operator.OPERATOR_STARTS_WITH: _text_operator(str.startswith, r"\A{}"),
    Operator.OPERATOR_ENDS_WITH: _text_operator(str.endswith, r"{}\z"),
    Operator.OPERATOR_MATCHES: _matches,
    Operator.OPERATOR_GREATER_THAN: _ordering(lambda left, right: _less(right, left)),
    Operator.OPERATOR_GREATER_OR_EQUAL: _ordering(_at_least),
    Operator.OPERATOR_LESS_THAN: _ordering(_less),
    Operator.OPERATOR_LESS_OR_EQUAL: _ordering(lambda left, right: _at_least(right, left)),
    Operator.OPERATOR_BETWEEN: _between,
    Operator.OPERATOR_IS_SET: lambda *_: True,
    Operator.OPERATOR_IS_TRUE: lambda value, *_: value is True,
    Operator.OPERATOR_IS_FALSE: lambda value, *_: value is False,
    Operator.OPERATOR_BEFORE: _before,
    Operator.OPERATOR_AFTER: _after,
}
