"""Who was active when, and how often, as a person reads it in a terminal."""

from calendar import day_abbr
from collections.abc import Iterable
from typing import Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from eventglass.cli import chart, moments
from eventglass.cli.chart import Ink
from eventglass.cli.fitting import Bar
from insights.v1.query_service_pb2 import QueryResponse

_BAR_WIDTH: Final = 32
_DAY_WIDTH: Final = 5
_CELL_WIDTH: Final = 2


def lifecycle(response: QueryResponse, ink: Ink) -> Iterable[RenderableType]:
    """Draw a row per bucket, with a bar of all who were active."""
    table = _table("time", "new", "returning", "resurrecting", "dormant", "")
    rows = [
        (bucket, bucket.new_users + bucket.returning + bucket.resurrecting)
        for bucket in response.lifecycle.buckets
    ]
    most = max((active for _, active in rows), default=0.0)
    for bucket, active in rows:
        counts = (bucket.new_users, bucket.returning, bucket.resurrecting, bucket.dormant)
        table.add_row(
            moments.begin(bucket.timestamp, response.metadata, partial=bucket.partial),
            *map(chart.shown, counts),
            Bar(
                number=active,
                largest=most,
                width=_BAR_WIDTH,
                ink=ink,
                style="dim cyan" if bucket.partial else "cyan",
            ),
        )
    yield table


def stickiness(response: QueryResponse, ink: Ink) -> Iterable[RenderableType]:
    """Draw the points of each series, with bars."""
    several = len(response.stickiness.series) > 1
    for series in response.stickiness.series:
        if several:
            yield Text(series.event, style="bold")
        table = _table("buckets", "persons", "of all active", "")
        most = max((point.count for point in series.points), default=0.0)
        for point in series.points:
            rate = f"{point.rate:.1%}" if point.HasField("rate") else "-"
            bar = Bar(number=point.count, largest=most, width=_BAR_WIDTH, ink=ink)
            table.add_row(str(point.buckets), chart.shown(point.count), rate, bar)
        yield table


def heatmap(response: QueryResponse, ink: Ink) -> Iterable[RenderableType]:
    """Draw a row per weekday, with a level per hour, and name the peak."""
    cells = response.heatmap.cells
    most = max((cell.value for cell in cells), default=0.0)
    hours = "".join(f"{hour:<{3 * _CELL_WIDTH}}" for hour in range(0, 24, 3))
    yield Text(f"{'':<{_DAY_WIDTH}}{hours.rstrip()}", style="dim")
    for weekday, name in enumerate(day_abbr, start=1):
        levels = [chart.level(cell.value, most, ink) for cell in cells if cell.weekday == weekday]
        drawn = Text("".join(level * _CELL_WIDTH for level in levels), style="cyan")
        yield Text(f"{name:<{_DAY_WIDTH}}").append_text(drawn)
    if response.heatmap.HasField("peak"):
        peak = response.heatmap.peak
        time = f"{day_abbr[peak.weekday - 1]} {peak.hour:02}:00"
        yield Text(f"most at {time}: {chart.shown(peak.value)}, in {chart.shown(peak.hours_in_range)} hours")


def _table(first: str, *numbers: str) -> Table:
    """Begin a table; the columns of numbers stand to the right, and the last one is for bars."""
    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column(Text(first))
    for header in numbers:
        table.add_column(Text(header), justify="right" if header else "left")
    return table
