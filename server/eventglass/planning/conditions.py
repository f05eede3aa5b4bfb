"""Conditions on an event: a tree of tests, with every value already read (semantics 7)."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias
from zoneinfo import ZoneInfo

from eventglass.planning.properties import Operand


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds when all of them hold; so when there are none."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when at least one of them holds."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when this one does not."""

    condition: "Condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """Holds when the operand's value passes; never for a missing one."""

    operand: Operand
    predicate: "Predicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Did:
    """Holds when the event's person did something before it; never for an event of nobody.

    Args:
        event: the name of the events that count; "" for any.
        condition: what else must hold of them.
        first_time: only the person's first one counts.
        at_least: how many there must be.
        within: how many milliseconds before the event they count from; None for all history.
        zone: of times in their properties that name none.
        up_to_now: asked at the instant of the question, that included, and not at the event's.
    """

    event: str
    condition: "Condition"
    first_time: bool
    at_least: int
    within: int | None
    zone: ZoneInfo
    up_to_now: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Holds when the event has a person of whom a condition holds now; the same for all their events.

    Args:
        condition: of traits, and behaviour up to now.
        zone: of times in traits that name none.
    """

    condition: "Condition"
    zone: ZoneInfo


Condition: TypeAlias = AllOf | AnyOf | Not | Test | Did | Member

EVERYTHING = AllOf(())


def operands(condition: Condition) -> Iterator[Operand | None]:
    """Name what a condition's tests read; None where it asks for other events, or who is whose."""
    match condition:
        case AllOf(conditions) | AnyOf(conditions):
            for each in conditions:
                yield from operands(each)
        case Not(negated):
            yield from operands(negated)
        case Test():
            yield condition.operand
        case _:
            yield None


@dataclass(frozen=True, slots=True)
class Present:
    """There is a value."""


@dataclass(frozen=True, slots=True)
class IsBoolean:
    """The value is this boolean."""

    boolean: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """The value prints as one of the texts, or is one of the numbers or booleans."""

    texts: tuple[str, ...]
    numbers: tuple[float, ...]
    booleans: tuple[bool, ...]
    ignore_case: bool


class TextRelation(enum.Enum):
    """How a printed value relates to a text."""

    CONTAINS = enum.auto()
    STARTS_WITH = enum.auto()
    ENDS_WITH = enum.auto()
    MATCHES = enum.auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMatch:
    """The printed value (never a list's or object's) relates to the text (or RE2 pattern) so."""

    relation: TextRelation
    text: str
    ignore_case: bool


class Order(enum.Enum):
    """How a value is ordered; the value is the SQL operator of the same meaning."""

    GREATER_THAN = ">"
    GREATER_OR_EQUAL = ">="
    LESS_THAN = "<"
    LESS_OR_EQUAL = "<="


@dataclass(frozen=True, slots=True)
class NumberOrder:
    """The value is a number, or a numeric text, on that side of the bound."""

    order: Order
    bound: float


@dataclass(frozen=True, slots=True)
class TextOrder:
    """The value is a text on that side of the bound, by code point."""

    order: Order
    bound: str


@dataclass(frozen=True, slots=True)
class InstantOrder:
    """The value is a text that reads as a time on that side of the bound (milliseconds)."""

    order: Order
    bound: int


Predicate: TypeAlias = Present | IsBoolean | OneOf | TextMatch | NumberOrder | TextOrder | InstantOrder
