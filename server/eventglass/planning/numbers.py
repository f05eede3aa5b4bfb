"""Numbers and texts: which texts are numbers, and how a number prints (semantics 3.5, 3.7)."""

import math
import re
from decimal import Decimal

NUMERIC_TEXT = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"

# Below it a whole double's shortest digits are all of its digits.
_EXACT = 1e16

_NUMERIC = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def numeric(text: str) -> float | None:
    """Read a text of the numeric form; None for any other, and for one beyond a double."""
    if not _NUMERIC.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def printed(number: float) -> str:
    """Print a finite number: the shortest decimal that reads back the same.

    As JavaScript prints it, but without "+" in the exponent: 5, 0.1, 1e21, 1e-7.
    """
    if number.is_integer() and abs(number) < _EXACT:
        return str(int(number))
    decimal = Decimal(repr(number)).normalize()
    exponent = decimal.adjusted()
    if -7 < exponent < 21:
        return format(decimal, "f")
    sign, digits, _ = decimal.as_tuple()
    first, rest = str(digits[0]), "".join(map(str, digits[1:]))
    return f"{'-' if sign else ''}{first}{'.' if rest else ''}{rest}e{exponent}"
