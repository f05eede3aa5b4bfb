"""An answer as a person reads it in a terminal: tables with small charts."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from eventglass.cli import activity, chart, flows, moments, spread, steps
from eventglass.cli.chart import Ink
from eventglass.cli.fitting import Bar, print_table, wrap_names
from eventglass.cli.legible import legible_message
from eventglass.cli.values import named
from eventglass.planning.formula import LETTERS
from insights.v1.metadata_pb2 import QueryMetadata
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.series_pb2 import Kpi, SeriesPoint

_BAR_WIDTH: Final = 32
_LINE_WIDTH: Final = 60
# Series that fit side by side; more are drawn as lines only.
_MOST_COLUMNS: Final = 5

# A line's name, and its points in order.
_Line = tuple[str, list[SeriesPoint]]


def print_answer(response: QueryResponse, console: Console) -> None:
    """Print whatever an answer holds, then what it says about itself."""
    response = legible_message(response)
    ink = chart.ink_for(console.encoding)
    parts: list[RenderableType] = []
    for field, draw in _PARTS.items():
        if any(held.name == field for held, _ in response.ListFields()):
            parts.extend(draw(response, ink))
    parts = parts or [Text("no matching events")]
    parts.append(Text(_footer(response), style="dim"))
    for warning in response.metadata.warnings:
        parts.append(Text(f"warning: {warning.field}: {warning.message}", style="yellow"))
    for cut in response.metadata.truncations:
        parts.append(Text(f"cut off: {cut.message}", style="yellow"))
    for part in parts:
        if isinstance(part, Table):
            print_table(part, console)
        else:
            # Lines are the terminal's to break: copied, or in a pipe, they are whole, as page tokens must be.
            console.print(part, soft_wrap=True)


def _series(response: QueryResponse, ink: Ink) -> Iterable[RenderableType]:
    lines = _lines(response.series)
    if len(lines) == 1:
        ((name, points),) = lines
        yield _bars(name, points, response.metadata, ink)
        return
    yield _sparklines(lines, ink)
    if len(lines) <= _MOST_COLUMNS and len({len(points) for _, points in lines}) == 1:
        yield _columns(lines, response.metadata)


def _lines(points: Iterable[SeriesPoint]) -> list[_Line]:
    """Gather the points of each line; two may have one name, as those of 1 and "1" do."""
    found: dict[tuple[int, str, tuple[bytes, ...]], list[SeriesPoint]] = {}
    for point in points:
        values = tuple(value.SerializeToString(deterministic=True) for value in point.dimensions)
        found.setdefault((point.series_index, point.comparison, values), []).append(point)
    several = len({index for index, _, _ in found}) > 1
    return [(_line_name(each[0], several=several), each) for each in found.values()]


def _bars(name: str, points: Sequence[SeriesPoint], metadata: QueryMetadata, ink: Ink) -> Table:
    table = _table(Text("time"), Text(name), Text(""))
    table.columns[1].justify = "right"
    largest = max((point.value for point in points if point.HasField("value")), default=0.0)
    for point in points:
        number = _value(point)
        drawn = Bar(number=number, largest=largest, width=_BAR_WIDTH, ink=ink, style=_style(point))
        table.add_row(_time(point, metadata), chart.shown(number), drawn)
    return table


def _sparklines(lines: Sequence[_Line], ink: Ink) -> Table:
    table = _table(Text("series"), Text("over time"), Text("lowest"), Text("highest"))
    wrap_names(table, 0)
    for column in table.columns[2:]:
        column.justify = "right"
    for name, points in lines:
        numbers = [_value(point) for point in points]
        present = [number for number in numbers if number is not None]
        table.add_row(
            Text(name),
            Text(chart.sparkline(numbers, _LINE_WIDTH, ink), style="cyan"),
            chart.shown(min(present, default=None)),
            chart.shown(max(present, default=None)),
        )
    return table


def _columns(lines: Sequence[_Line], metadata: QueryMetadata) -> Table:
    table = _table(Text("time"), *(Text(name) for name, _ in lines))
    for column in table.columns[1:]:
        column.justify = "right"
    for points in zip(*(points for _, points in lines), strict=True):
        table.add_row(_time(points[0], metadata), *(chart.shown(_value(point)) for point in points))
    return table


def _kpis(response: QueryResponse, _ink: Ink) -> Iterable[RenderableType]:
    table = _table(*map(Text, ("number", "value", "compared with", "was", "change")))
    wrap_names(table, 0, 2)
    for column in (table.columns[1], table.columns[3], table.columns[4]):
        column.justify = "right"
    for kpi in response.kpis:
        name = f"{kpi.event} (so far)" if kpi.partial else kpi.event
        cells = [Text(name), Text(chart.shown(_value(kpi)), style="bold")]
        if not kpi.comparisons:
            table.add_row(*cells)
        for comparison in kpi.comparisons:
            was = comparison.value if comparison.HasField("value") else None
            relative = comparison.relative_change if comparison.HasField("relative_change") else None
            table.add_row(*cells, Text(comparison.label), chart.shown(was), chart.change(relative))
            cells = [Text(""), Text("")]
    yield table


def _rows(response: QueryResponse, ink: Ink) -> Iterable[RenderableType]:
    dimensions = max(len(row.dimensions) for row in response.rows)
    numbers = max(len(row.values) for row in response.rows)
    names = [f"value {position}" if dimensions > 1 else "value" for position in range(1, dimensions + 1)]
    letters = list(LETTERS[:numbers]) if numbers > 1 else ["number"]
    table = _table(*map(Text, [*names, *letters, ""]))
    wrap_names(table, *range(dimensions))
    for column in table.columns[dimensions:-1]:
        column.justify = "right"
    largest = max((row.value for row in response.rows if row.HasField("value")), default=0.0)
    for row in response.rows:
        of_series = [chart.shown(each.value if each.HasField("value") else None) for each in row.values]
        number = row.value if row.HasField("value") else None
        drawn = Bar(number=number, largest=largest, width=_BAR_WIDTH, ink=ink)
        table.add_row(*map(named, row.dimensions), *of_series, drawn)
    yield table
    if response.next_page_token:
        yield Text(f"{len(response.rows):,} of {chart.shown(response.total_rows)} rows; the next page:")
        yield Text(f'"pageToken": "{response.next_page_token}"')


_PARTS: Final[dict[str, Callable[[QueryResponse, Ink], Iterable[RenderableType]]]] = {
    "series": _series,
    "kpis": _kpis,
    "rows": _rows,
    "funnel": steps.funnel,
    "retention": steps.retention,
    "lifecycle": activity.lifecycle,
    "paths": flows.paths,
    "stickiness": activity.stickiness,
    "distribution": spread.distribution,
    "heatmap": activity.heatmap,
}


def _table(*headers: Text) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for header in headers:
        table.add_column(header)
    return table


def _line_name(point: SeriesPoint, *, several: bool) -> str:
    values = " / ".join(named(value).plain for value in point.dimensions)
    compared = f"({point.comparison})" if point.comparison else ""
    if not several:
        return " ".join(filter(None, (values or point.event, compared)))
    # Labels need not be unique; the letter is, which a formula calls the series by.
    letter = LETTERS[point.series_index] if point.series_index < len(LETTERS) else "="
    return " ".join(filter(None, (f"{letter}:", point.event, values, compared)))


def _time(point: SeriesPoint, metadata: QueryMetadata) -> Text:
    return moments.begin(point.timestamp, metadata, partial=point.partial)


def _style(point: SeriesPoint) -> str:
    return "dim cyan" if point.partial else "cyan"


def _value(holder: SeriesPoint | Kpi) -> float | None:
    return holder.value if holder.HasField("value") else None


def _footer(response: QueryResponse) -> str:
    metadata = response.metadata
    elapsed = metadata.elapsed.ToTimedelta().total_seconds()
    return (
        f"{chart.shown(metadata.rows_read)} rows read in {elapsed * 1_000:,.0f} ms; zone {metadata.timezone}"
    )
