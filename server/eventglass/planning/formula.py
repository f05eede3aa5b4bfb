"""Formulas over series: `A / B * 100` (semantics 5)."""

import math
import operator
import re
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

LONGEST = 1_000
DEEPEST = 64
LETTERS = string.ascii_uppercase

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d*)?|\.\d+)|([A-Z])(?![A-Za-z0-9_])|([-+*/()×−÷]))", re.ASCII)
_SPELLINGS = {"×": "*", "−": "-", "÷": "/"}


class FormulaError(ValueError):
    """The formula cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A decimal."""

    number: float


@dataclass(frozen=True, slots=True)
class Letter:
    """A series, by position."""

    index: int


@dataclass(frozen=True, slots=True)
class Negative:
    """Unary minus."""

    operand: "Formula"


@dataclass(frozen=True, slots=True)
class Binary:
    """One of + - * /."""

    operator: str
    left: "Formula"
    right: "Formula"


Formula: TypeAlias = Constant | Letter | Negative | Binary


def parse(text: str, series: int) -> Formula:
    """Read a formula over that many series.

    Raises:
        FormulaError: with what is wrong, for the caller's eyes.
    """
    if len(text) > LONGEST:
        raise FormulaError(f"is longer than {LONGEST} characters; shorten it")
    return _Parser(list(_tokens(text)), series).formula()


def evaluate(formula: Formula, values: Sequence[float | None]) -> float | None:
    """Compute a formula of one number per series; null in, null out; division by zero is null; -0 is 0."""
    result = _evaluate(formula, values)
    return result + 0.0 if result is not None and math.isfinite(result) else None


def _evaluate(formula: Formula, values: Sequence[float | None]) -> float | None:
    match formula:
        case Constant(number):
            return number
        case Letter(index):
            return values[index]
        case Negative(operand):
            inner = _evaluate(operand, values)
            return None if inner is None else -inner
        case Binary(symbol, left_side, right_side):
            left, right = _evaluate(left_side, values), _evaluate(right_side, values)
            if left is None or right is None:
                return None
            return _OPERATIONS[symbol](left, right)


_OPERATIONS: dict[str, Callable[[float, float], float | None]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    # What is divided by something beyond a double would be 0, and finite.
    "/": lambda left, right: left / right if right and math.isfinite(right) else None,
}


def _tokens(text: str) -> Iterator[str]:
    position = 0
    end = len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if not found:
            at = position + len(text[position:]) - len(text[position:].lstrip())
            raise FormulaError(
                f"cannot be read at character {at + 1} ({text[at]!r}); "
                "use series letters A, B, …, decimals, + - * / and parentheses"
            )
        token = found.group().strip()
        yield _SPELLINGS.get(token, token)
        position = found.end()


def _constant(token: str) -> Constant:
    number = float(token)
    if not math.isfinite(number):
        raise FormulaError(f"has a decimal of {len(token)} characters that is too large; use a smaller one")
    return Constant(number)


class _Parser:
    """Recursive descent over a list of tokens."""

    def __init__(self, tokens: list[str], series: int) -> None:
        self._tokens = tokens
        self._at = 0
        self._series = series
        self._depth = 0

    def formula(self) -> Formula:
        result = self._sum()
        if self._at < len(self._tokens):
            raise FormulaError(f"has an unexpected {self._tokens[self._at]!r}; join its parts with + - * /")
        return result

    def _sum(self) -> Formula:
        left = self._product()
        while (symbol := self._take("+", "-")) is not None:
            left = Binary(symbol, left, self._product())
        return left

    def _product(self) -> Formula:
        left = self._factor()
        while (symbol := self._take("*", "/")) is not None:
            left = Binary(symbol, left, self._factor())
        return left

    def _factor(self) -> Formula:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormulaError(f"is nested deeper than {DEEPEST}; simplify it")
        result = self._operand()
        self._depth -= 1
        return result

    def _operand(self) -> Formula:
        if self._take("-") is not None:
            return Negative(self._factor())
        if self._take("(") is not None:
            inner = self._sum()
            if self._take(")") is None:
                raise FormulaError("lacks a closing parenthesis; add it")
            return inner
        if self._at >= len(self._tokens):
            raise FormulaError("ends too early; a series letter or a decimal is missing")
        token = self._tokens[self._at]
        self._at += 1
        if token in LETTERS:
            return self._letter(token)
        if token[0] in ".0123456789":
            return _constant(token)
        raise FormulaError(f"has an unexpected {token!r}; a series letter or a decimal is missing before it")

    def _letter(self, token: str) -> Letter:
        index = LETTERS.index(token)
        if index >= self._series:
            last = LETTERS[self._series - 1]
            known = "A" if last == "A" else f"A to {last}"
            raise FormulaError(
                f"names series {token}, but the last one is {last}; add an event or use {known}"
            )
        return Letter(index)

    def _take(self, *tokens: str) -> str | None:
        if self._at < len(self._tokens) and self._tokens[self._at] in tokens:
            self._at += 1
            return self._tokens[self._at - 1]
        return None
