"""Formulas over A, B, C … (semantics 5).

sum     = product {("+" | "-") product}
product = factor {("*" | "/") factor}
factor  = "-" factor | "(" sum ")" | decimal | letter
"""

import re
from collections.abc import Sequence

from tests.oracle.aggregations import Number, finite, quotient

_SPELLINGS = str.maketrans("×÷−", "*/-")
_TOKEN = re.compile(r"\s*([0-9]+\.?[0-9]*|\.[0-9]+|[A-Z]|[-+*/()])")


def evaluate(formula: str, numbers: Sequence[Number]) -> Number:
    """Compute a formula; A is the first number, B the second. None in, None out; division by 0 is None."""
    tokens = _tokens(formula)
    result = _sum(tokens, numbers)
    assert not tokens, tokens
    return result


def _tokens(formula: str) -> list[str]:
    """The tokens in reverse, so that the next one is popped off the end."""
    text = formula.strip().translate(_SPELLINGS)
    found = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        assert match, text[place:]
        found.append(match[1])
        place = match.end()
    return found[::-1]


def _sum(tokens: list[str], numbers: Sequence[Number]) -> Number:
    left = _product(tokens, numbers)
    while tokens and tokens[-1] in "+-":
        left = _apply(tokens.pop(), left, _product(tokens, numbers))
    return left


def _product(tokens: list[str], numbers: Sequence[Number]) -> Number:
    left = _factor(tokens, numbers)
    while tokens and tokens[-1] in "*/":
        left = _apply(tokens.pop(), left, _factor(tokens, numbers))
    return left


def _factor(tokens: list[str], numbers: Sequence[Number]) -> Number:
    token = tokens.pop()
    if token == "-":
        return _apply("-", 0.0, _factor(tokens, numbers))
    if token == "(":
        inner = _sum(tokens, numbers)
        assert tokens.pop() == ")"
        return inner
    if token.isalpha():
        return numbers[ord(token) - ord("A")]
    return finite(float(token))


def _apply(operator: str, left: Number, right: Number) -> Number:
    if left is None or right is None:
        return None
    match operator:
        case "+":
            return finite(left + right)
        case "-":
            return finite(left - right)
        case "*":
            return finite(left * right)
        case _:
            return quotient(left, right)
