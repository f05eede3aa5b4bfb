"""Small charts of text: bars and sparklines. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Final

from eventglass.planning.numbers import printed

_DIGITS: Final = 6
_UNITS: Final = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """The characters that a terminal can show.

    Args:
        eighths: a bar's last cell, filled by 1/8 .. 8/8.
        levels: a sparkline's cells, from low to high.
        nothing: stands for an absent number.
    """

    eighths: str
    levels: str
    nothing: str


BLOCKS: Final = Ink(eighths="▏▎▍▌▋▊▉█", levels="▁▂▃▄▅▆▇█", nothing="·")
ASCII: Final = Ink(eighths="#", levels="_.-=+*%#", nothing=" ")


def ink_for(encoding: str) -> Ink:
    """Choose the characters for a terminal's encoding."""
    try:
        (BLOCKS.eighths + BLOCKS.levels + BLOCKS.nothing).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return BLOCKS


def bar(number: float | None, largest: float, width: int, ink: Ink) -> str:
    """Draw a number as a bar, `largest` being `width` characters; nothing for 0 and below."""
    if number is None or number <= 0 or largest <= 0:
        return ""
    steps = len(ink.eighths)
    filled = max(1, round(number / largest * width * steps))
    whole, rest = divmod(filled, steps)
    return ink.eighths[-1] * whole + (ink.eighths[rest - 1] if rest else "")


def level(number: float, largest: float, ink: Ink) -> str:
    """Draw a number as one character, `largest` being the highest level; nothing for 0 and below."""
    if number <= 0:
        return ink.nothing
    return ink.levels[round(number / largest * (len(ink.levels) - 1))]


def sparkline(numbers: Sequence[float | None], width: int, ink: Ink) -> str:
    """Draw numbers in one line, from 0 (or the lowest, if below) to the highest.

    More numbers than `width` are drawn as the largest of each of `width` runs.
    """
    runs = _runs(numbers, width)
    present = [number for number in runs if number is not None]
    low, high = min(0.0, *present, 0.0), max(0.0, *present, 0.0)
    top = len(ink.levels) - 1
    return "".join(
        ink.nothing
        if number is None
        else ink.levels[round((number - low) / (high - low) * top) if high > low else 0]
        for number in runs
    )


def shown(number: float | None) -> str:
    """Print a number for people; "-" for an absent one.

    Thousands are set apart; of a fraction six digits in all are kept, and two behind the point.
    """
    if number is None:
        return "-"
    digits = max(_DIGITS, len(f"{abs(number):.0f}") + 2)
    text = printed(float(f"{number:.{digits}g}"))
    whole, point, rest = text.partition(".")
    if "e" in text:
        return text
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{point}{rest}"


def duration(time: timedelta) -> str:
    """Print a time for people, as in "2 d 4 h 12 min": its three largest units; below a minute, seconds."""
    if time < timedelta(minutes=1):
        return f"{shown(time.total_seconds())} s"
    left = round(time.total_seconds())
    counts = []
    for name, seconds in _UNITS:
        count, left = divmod(left, seconds)
        counts.append((count, name))
    first = next(at for at, (count, _) in enumerate(counts) if count)
    return " ".join(f"{count:,} {name}" for count, name in counts[first : first + 3] if count)


def change(number: float | None) -> str:
    """Print a share as a percentage with its sign, as in "+12.5 %"; "-" for an absent one."""
    return "-" if number is None or not math.isfinite(number) else f"{number * 100:+,.1f} %"


def _runs(numbers: Sequence[float | None], width: int) -> list[float | None]:
    if len(numbers) <= width:
        return list(numbers)
    edges = [position * len(numbers) // width for position in range(width + 1)]
    runs = [numbers[first:last] for first, last in pairwise(edges)]
    return [max((number for number in run if number is not None), default=None) for run in runs]
