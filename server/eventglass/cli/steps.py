"""Funnels and retention as a person reads them in a terminal."""

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from eventglass.cli import chart, moments
from eventglass.cli.chart import Ink
from eventglass.cli.fitting import Bar, wrap_names
from eventglass.cli.values import named
from insights.v1.funnel_pb2 import FunnelStep, FunnelTrendPoint
from insights.v1.metadata_pb2 import QueryMetadata
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.retention_pb2 import Cohort

_BAR_WIDTH: Final = 32
# Periods that fit side by side.
_MOST_PERIODS: Final = 12


def funnel(response: QueryResponse, ink: Ink) -> Iterable[RenderableType]:
    """Draw a funnel's steps, then those of each value of the breakdown, then its trend."""
    yield _steps(response.funnel.steps, ink)
    for each in response.funnel.breakdowns:
        yield Text(", ".join(named(value).plain for value in each.dimensions), style="bold")
        yield _steps(each.steps, ink)
    if response.funnel.trend:
        yield _trend(response.funnel.trend, response.metadata, ink)


def _steps(steps: Sequence[FunnelStep], ink: Ink) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for header in ("step", "reached", "of the first", "median time", ""):
        table.add_column(Text(header), justify="left" if header in ("step", "") else "right")
    wrap_names(table, 0)
    for step in steps:
        rate = f"{step.conversion_rate:.1%}" if step.HasField("conversion_rate") else "-"
        median = chart.duration(step.median_time.ToTimedelta()) if step.HasField("median_time") else ""
        drawn = Bar(number=step.count, largest=steps[0].count, width=_BAR_WIDTH, ink=ink)
        table.add_row(Text(step.event), chart.shown(step.count), rate, median, drawn)
    return table


def _trend(points: Sequence[FunnelTrendPoint], metadata: QueryMetadata, ink: Ink) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for header in ("time", "entered", "converted", "rate", ""):
        table.add_column(Text(header), justify="left" if header in ("time", "") else "right")
    for point in points:
        table.add_row(
            moments.begin(point.timestamp, metadata, partial=point.partial),
            chart.shown(point.entered),
            chart.shown(point.converted),
            f"{point.conversion_rate:.1%}" if point.HasField("conversion_rate") else "-",
            Bar(number=point.conversion_rate, largest=1, width=_BAR_WIDTH, ink=ink),
        )
    return table


def retention(response: QueryResponse, _ink: Ink) -> Iterable[RenderableType]:
    """Draw the cohorts, then those of each value of the breakdown."""
    yield from _cohorts(response.retention.cohorts, response.metadata)
    for each in response.retention.breakdowns:
        yield Text(", ".join(named(value).plain for value in each.dimensions), style="bold")
        yield from _cohorts(each.cohorts, response.metadata)


def _cohorts(cohorts: Sequence[Cohort], metadata: QueryMetadata) -> Iterable[RenderableType]:
    periods = max((len(each.periods) for each in cohorts), default=0)
    yield _cells(cohorts, metadata, min(periods, _MOST_PERIODS))
    if periods > _MOST_PERIODS:
        yield Text(f"(periods {_MOST_PERIODS} to {periods - 1}: with --json)", style="dim")


def _cells(cohorts: Sequence[Cohort], metadata: QueryMetadata, periods: int) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for header in ("cohort", "size", *map(str, range(1, periods))):
        table.add_column(Text(header), justify="left" if header == "cohort" else "right")
    for cohort in cohorts:
        cells = [
            Text(f"{cell.rate:.0%}" if cell.HasField("rate") else "-", style="dim" if cell.partial else "")
            for cell in cohort.periods[1:periods]
        ]
        began = moments.begin(cohort.cohort_date, metadata, partial=False)
        table.add_row(began, chart.shown(cohort.size), *cells)
    return table
