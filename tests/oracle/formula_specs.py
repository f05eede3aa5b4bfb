"""Random formulas whose answer does not hang on a rounding error."""

from collections.abc import Sequence

from hypothesis import strategies as st

from insights.v1.aggregation_pb2 import Aggregation

# Their numbers are interpolated or divided twice, so the last digit depends on how that is done. They
# are only multiplied and divide nothing: a difference of two that should be equal might be anything.
_ROUGH = frozenset(
    {
        Aggregation.AGGREGATION_P90,
        Aggregation.AGGREGATION_P95,
        Aggregation.AGGREGATION_P99,
        Aggregation.AGGREGATION_AVERAGE_SESSION_DURATION,
    }
)
_CONSTANTS = ("2", "100", "0.5", ".25", "0", "1.", "10")
_ALSO = {"*": "×", "/": "÷", "-": "−"}
_HUGE = "1" + "0" * 308


@st.composite
def formulas(draw: st.DrawFn, aggregations: Sequence[Aggregation]) -> str:
    """Draw a formula over series with these aggregations; it names at least one of them."""
    letters = [chr(ord("A") + place) for place in range(len(aggregations))]
    rough = [letter for letter, it in zip(letters, aggregations, strict=True) if it in _ROUGH]
    smooth = [letter for letter in letters if letter not in rough]
    if rough:
        return draw(_products(letters, smooth))
    return draw(_sums(letters, depth=2))


@st.composite
def _products(draw: st.DrawFn, letters: list[str], divisors: list[str]) -> str:
    """A letter, multiplied and divided, now and then by what may be beyond a double."""
    beyond = [f"({letter} * {_HUGE})" for letter in divisors]
    text = draw(st.sampled_from(("", "-"))) + draw(st.sampled_from(letters))
    for operator in draw(st.lists(st.sampled_from("*/"), max_size=2)):
        operands = letters if operator == "*" else [*divisors * 3, *beyond]
        text += _spaced(draw, operator) + draw(st.sampled_from((*operands, *_CONSTANTS)))
    return text


@st.composite
def _sums(draw: st.DrawFn, letters: list[str], depth: int) -> str:
    """Products, added, subtracted and put in parentheses; only letters and constants divide."""
    product = _products(letters, letters)
    inner = st.one_of(product, _bracketed(letters, depth - 1)) if depth else product
    text = draw(product)
    for operator in draw(st.lists(st.sampled_from("+-*"), max_size=2)):
        text += _spaced(draw, operator) + draw(inner).removeprefix("-")
    return text


@st.composite
def _bracketed(draw: st.DrawFn, letters: list[str], depth: int) -> str:
    return draw(st.sampled_from(("(", "-("))) + draw(_sums(letters, depth)) + ")"


def _spaced(draw: st.DrawFn, operator: str) -> str:
    return draw(st.sampled_from((operator, f" {operator} ", _ALSO.get(operator, operator))))
