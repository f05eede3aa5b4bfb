"""Rules of filters and condition trees."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from eventglass.errors import Violation
from eventglass.spec import values
from events.v1.list_pb2 import ListRequest
from events.v1.snapshot_pb2 import SnapshotRequest
from events.v1.stream_pb2 import StreamRequest
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.filter_pb2 import Filter, FilterExpression, Operator
from insights.v1.query_spec_pb2 import QuerySpec

DEEPEST = 16
MOST_CONDITIONS = 1_000

# What has `filters` and `where`.
Filtered: TypeAlias = QuerySpec | EventSelector | ListRequest | SnapshotRequest | StreamRequest


def violations(path: str, message: Filtered) -> Iterator[Violation]:
    """Check the filters and the tree of a message.

    Args:
        path: of the message; "" for the request itself.
        message: it.
    """
    within = f"{path}." if path else ""
    yield from _given(within, message.filters)
    if len(message.filters) > MOST_CONDITIONS:
        yield _too_many(f"{within}filters", len(message.filters), "conditions")
    if message.HasField("where"):
        yield from of_tree(f"{within}where", message.where)


def of_tree(path: str, tree: FilterExpression) -> Iterator[Violation]:
    """Check a whole tree."""
    yield from _of_expression(path, tree, 1)
    count = _count(tree)
    if count > MOST_CONDITIONS:
        yield _too_many(path, count, "conditions, groups and nots")


def _too_many(path: str, count: int, what: str) -> Violation:
    return Violation(
        field=path,
        code="TOO_MANY",
        description=f"holds {count:,} {what}; at most {MOST_CONDITIONS:,} are possible, use IN",
    )


def _given(within: str, given: Iterable[Filter]) -> Iterator[Violation]:
    for position, each in enumerate(given):
        yield from _of_filter(f"{within}filters[{position}]", each)


def _of_expression(path: str, expression: FilterExpression, depth: int) -> Iterator[Violation]:
    if depth > DEEPEST:
        yield Violation(
            field=path,
            code="TOO_DEEP",
            description=f"is nested deeper than {DEEPEST}; flatten the tree",
        )
        return
    kind = expression.WhichOneof("expression")
    match kind:
        case None:
            yield Violation(
                field=path, code="REQUIRED", description="needs one of filter, all_of, any_of, not and did"
            )
        case "filter":
            yield from _of_filter(f"{path}.filter", expression.filter)
        case "did":
            yield from _given(f"{path}.did.", expression.did.filters)
            if expression.did.HasField("where"):
                yield from _of_expression(f"{path}.did.where", expression.did.where, depth + 1)
        case "not":
            yield from _of_expression(f"{path}.not", getattr(expression, "not"), depth + 1)
        case _:
            children = getattr(expression, kind).expressions
            if not children:
                yield Violation(
                    field=f"{path}.{kind}.expressions",
                    code="EMPTY",
                    description="must not be empty; leave the group out",
                )
            for position, child in enumerate(children):
                yield from _of_expression(f"{path}.{kind}.expressions[{position}]", child, depth + 1)


def _count(expression: FilterExpression) -> int:
    """Count the nodes of a tree, and what each `did` asks: groups cost the engine time, too."""
    kind = expression.WhichOneof("expression")
    if kind == "not":
        return 1 + _count(getattr(expression, "not"))
    if kind == "did":
        behavior = expression.did
        return 1 + len(behavior.filters) + (_count(behavior.where) if behavior.HasField("where") else 0)
    if kind in ("all_of", "any_of"):
        return 1 + sum(map(_count, getattr(expression, kind).expressions))
    return 1


def _of_filter(path: str, given: Filter) -> Iterator[Violation]:
    if not given.property:
        yield Violation(field=f"{path}.property", code="REQUIRED", description="is required; name a property")
    endless = list(values.not_finite(given.value))
    for where in endless:
        yield Violation(
            field=f"{path}.value{where}", code="NOT_FINITE", description="must be a finite number"
        )
    if given.operator == Operator.OPERATOR_UNSPECIFIED:
        yield Violation(
            field=f"{path}.operator",
            code="REQUIRED",
            description="is required; choose one such as OPERATOR_EQUALS",
        )
    elif given.operator in values.RULES:
        if given.ignore_case and given.operator not in values.ON_TEXTS:
            yield Violation(
                field=f"{path}.ignore_case",
                code="UNUSED_FIELD",
                description=f"is not used by {Operator.Name(given.operator)}; leave it out",
            )
        for where, wrong in () if endless else values.RULES[given.operator](given.value):
            yield Violation(
                field=f"{path}.value{where}",
                code="INVALID_VALUE",
                description=f"{wrong} (for {Operator.Name(given.operator)})",
            )
