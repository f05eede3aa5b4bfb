"""Tables in narrow terminals: names wrap and bars shrink; numbers and times are never cut."""

from dataclasses import dataclass
from typing import Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

from eventglass.cli import chart
from eventglass.cli.chart import Ink

_LEAST_BAR: Final = 8
_LEAST_NAME: Final = 12
_PADDING: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A number as a bar; those of one column keep their proportions however wide it is.

    Args:
        number: what it shows.
        largest: what the whole width would show.
        width: in a terminal that is wide enough.
        ink: the characters to draw with.
        style: of rich.
    """

    number: float | None
    largest: float
    width: int
    ink: Ink
    style: str = "cyan"

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        width = min(self.width, options.max_width)
        yield Text(chart.bar(self.number, self.largest, width, self.ink), style=self.style)

    def __rich_measure__(self, _console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(min(_LEAST_BAR, options.max_width), min(self.width, options.max_width))


def wrap_names(table: Table, *columns: int) -> None:
    """Say which columns of a table hold names, which may be broken anywhere."""
    for column in columns:
        table.columns[column].overflow = "fold"


def print_table(table: Table, console: Console) -> None:
    """Print a table as wide as the terminal, but wider where numbers and times would be cut."""
    least = 0
    for column in table.columns:
        natural = _natural_width(column, console)
        if column.overflow == "fold":
            column.min_width = min(_LEAST_NAME, natural)
        elif any(isinstance(cell, Bar) for cell in column.cells):
            column.min_width = _LEAST_BAR
        else:
            column.no_wrap = True
            column.min_width = natural
        least += column.min_width + _PADDING
    if least > console.width:
        table.width = least
    console.print(table, crop=False)


def _natural_width(column: Column, console: Console) -> int:
    cells = (column.header, *column.cells)
    wide = console.options.update(max_width=1_000_000)
    return max(Measurement.get(console, wide, cell).maximum for cell in cells)
