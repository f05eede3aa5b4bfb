"""How the service's times grow with the world: one line for each insight, both axes in powers of ten.

    python -m benchmarks.reference.plot docs/performance.svg [--folder var/bench]

Draws what the runs in a folder measured. SVG is text, so nothing is needed to write it.
"""

import argparse
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.reference.growth import Growth, growth

_WIDTH, _HEIGHT = 760, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 520, 20, 410
# Labels stand at least so far apart.
_LINE_HEIGHT = 15
_COLORS = ("#4c72b0", "#dd8452", "#55a868", "#c44e52", "#8172b3", "#937860", "#da8bc3", "#8c8c8c", "#ccb974")


def plot(lines: Growth) -> str:
    """Draw the times, labelled at their last points."""
    lines = {insight: {size: each * 1000 for size, each in line.items()} for insight, line in lines.items()}
    sizes = sorted({size for line in lines.values() for size in line})
    times = [time for line in lines.values() for time in line.values()]
    across = _Axis(low=sizes[0], high=max(sizes[-1], 10 * sizes[0]), start=_LEFT, end=_RIGHT)
    up = _Axis(low=min(times), high=max(*times, 10 * min(times)), start=_BOTTOM, end=_TOP)
    ends = {insight: up.at(line[max(line)]) for insight, line in lines.items()}
    places = dict(zip(sorted(ends, key=ends.__getitem__), _apart(sorted(ends.values())), strict=True))
    drawn = [*_grid(across, up, sizes), *_guide(across, up)]
    for number, (insight, line) in enumerate(lines.items()):
        color = _COLORS[number % len(_COLORS)]
        points = " ".join(f"{across.at(size):.1f},{up.at(time):.1f}" for size, time in sorted(line.items()))
        label = f"{insight} {line[max(line)]:.0f} ms"
        drawn += [
            f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"/>',
            f'<text x="{_RIGHT + 8}" y="{places[insight] + 4:.1f}" fill="{color}">{label}</text>',
        ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-size="12"'
    return "\n".join([f'{head} font-family="sans-serif">', *drawn, "</svg>", ""])


class _Axis:
    """A logarithmic axis, from numbers to places."""

    def __init__(self, *, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high = low, high
        self._scale = (end - start) / math.log(high / low)
        self._start = start

    def at(self, number: float) -> float:
        """Find the place of a number."""
        return self._start + self._scale * math.log(number / self.low)

    def powers(self) -> list[int]:
        """List the powers of ten on it."""
        return [
            10**power
            for power in range(math.ceil(math.log10(self.low)), math.floor(math.log10(self.high)) + 1)
        ]


def _grid(across: _Axis, up: _Axis, sizes: Sequence[int]) -> Iterable[str]:
    yield f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>'
    for time in up.powers():
        at = up.at(time)
        yield f'<path d="M{_LEFT} {at:.1f}H{_RIGHT}" stroke="#ddd"/>'
        yield f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{time:,} ms</text>'
    for size in sizes:
        at = across.at(size)
        yield f'<path d="M{at:.1f} {_TOP}V{_BOTTOM}" stroke="#ddd"/>'
        yield f'<text x="{at:.1f}" y="{_BOTTOM + 20}" text-anchor="middle">{size:,}</text>'
    yield f'<text x="{(_LEFT + _RIGHT) / 2}" y="{_BOTTOM + 40}" text-anchor="middle">events</text>'


def _guide(across: _Axis, up: _Axis) -> Iterable[str]:
    """Draw how a time would grow if each event cost the same, wherever there are more."""
    most = min(up.high, up.low * across.high / across.low)
    to = f"{across.at(across.low * most / up.low):.1f} {up.at(most):.1f}"
    yield f'<path d="M{_LEFT} {_BOTTOM}L{to}" stroke="#999" stroke-dasharray="5 4"/>'
    yield f'<path d="M{_LEFT + 8} {_TOP + 12}h24" stroke="#999" stroke-dasharray="5 4"/>'
    yield f'<text x="{_LEFT + 38}" y="{_TOP + 16}" fill="#666">the same cost for each event</text>'


def _apart(places: Sequence[float]) -> list[float]:
    """Move increasing places down until each has room."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + _LINE_HEIGHT) if moved else place)
    return moved


def main() -> None:
    """Write the plot."""
    parser = argparse.ArgumentParser(description="Draw how times grow with the number of events.")
    parser.add_argument("file", type=Path, help="the SVG to write")
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="where worlds are kept")
    asked = parser.parse_args()
    asked.file.write_text(plot(growth(asked.folder)), "utf-8")


if __name__ == "__main__":
    main()
