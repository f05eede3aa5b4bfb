"""A distribution as a person reads it in a terminal."""

from collections.abc import Iterable
from typing import Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from eventglass.cli import chart
from eventglass.cli.chart import Ink
from eventglass.cli.fitting import Bar
from insights.v1.distribution_pb2 import DistributionResult
from insights.v1.query_service_pb2 import QueryResponse

_BAR_WIDTH: Final = 32
_NUMBERS: Final = ("minimum", "average", "median", "p90", "p95", "p99", "maximum")


def distribution(response: QueryResponse, ink: Ink) -> Iterable[RenderableType]:
    """Draw a row per bin, then the numbers beside."""
    result = response.distribution
    yield Text(f"{chart.shown(result.total)} numbers", style="bold")
    if result.bins:
        yield _bins(result, ink)
    if result.total:
        yield _beside(result)


def _bins(result: DistributionResult, ink: Ink) -> Table:
    table = _table("from", "to", "count")
    table.add_column("")
    most = max(each.count for each in result.bins)
    for each in result.bins:
        table.add_row(
            chart.shown(each.start) if each.HasField("start") else "..",
            chart.shown(each.end) if each.HasField("end") else "..",
            chart.shown(each.count),
            Bar(number=each.count, largest=most, width=_BAR_WIDTH, ink=ink),
        )
    return table


def _beside(result: DistributionResult) -> Table:
    table = _table(*_NUMBERS)
    numbers = [getattr(result, name) if result.HasField(name) else None for name in _NUMBERS]
    table.add_row(*map(chart.shown, numbers))
    return table


def _table(*headers: str) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for header in headers:
        table.add_column(Text(header), justify="right")
    return table
