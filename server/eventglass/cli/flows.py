"""Paths as a person reads them in a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from eventglass.cli import chart
from eventglass.cli.chart import Ink
from eventglass.cli.fitting import Bar, wrap_names
from eventglass.cli.values import named
from insights.v1.paths_pb2 import PathsLink, PathsNode
from insights.v1.query_service_pb2 import QueryResponse

_BAR_WIDTH: Final = 24
# Links of one step that are drawn.
_MOST_LINKS: Final = 8


def paths(response: QueryResponse, ink: Ink) -> Iterable[RenderableType]:
    """Draw the nodes of each step, then the largest links between them."""
    result = response.paths
    yield Text(f"{chart.shown(result.total)} paths", style="bold")
    if result.nodes:
        yield _nodes(result.nodes, result.total, ink)
    if result.links:
        yield Text("links", style="bold")
        yield _links(result.links, result.total, ink)


def _nodes(nodes: Sequence[PathsNode], total: float, ink: Ink) -> Table:
    table = _table("step", "node", "paths", "dropped off", "went on", "ended", "")
    wrap_names(table, 1)
    for column in table.columns[2:6]:
        column.justify = "right"
    for step, of_step in groupby(nodes, key=lambda node: node.step):
        for at, node in enumerate(of_step):
            numbers = (node.count, node.drop_offs, node.continues, node.ends)
            table.add_row(
                "" if at else str(step),
                named(node.node),
                *map(chart.shown, numbers),
                Bar(number=node.count, largest=total, width=_BAR_WIDTH, ink=ink),
            )
    return table


def _links(links: Sequence[PathsLink], total: float, ink: Ink) -> Table:
    table = _table("step", "from", "to", "paths", "")
    wrap_names(table, 1, 2)
    table.columns[3].justify = "right"
    for step, of_step in groupby(links, key=lambda link: link.step):
        for row in _of_step(list(of_step), total, ink):
            table.add_row(str(step), *row)
    return table


def _of_step(links: Sequence[PathsLink], total: float, ink: Ink) -> Iterator[list[Text | Bar]]:
    by_size = sorted(links, key=lambda link: -link.count)
    for link in by_size[:_MOST_LINKS]:
        drawn = Bar(number=link.count, largest=total, width=_BAR_WIDTH, ink=ink)
        yield [named(link.source), named(link.target), Text(chart.shown(link.count)), drawn]
    rest = by_size[_MOST_LINKS:]
    if rest:
        count = chart.shown(sum(link.count for link in rest))
        yield [Text(f"({len(rest)} more)", style="dim"), Text(""), Text(count), Text("")]


def _table(*headers: str) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for header in headers:
        table.add_column(Text(header))
    return table
