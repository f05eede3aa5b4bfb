"""HEATMAP: when in the local week things happen."""

from eventglass.engine.engine import Rows
from eventglass.insights.insight import Insight
from eventglass.planning.heatmap import CELLS, HOURS_OF_A_DAY, Heatmap, heatmap_of, hours
from eventglass.planning.scope import Scope
from eventglass.sql.fragment import statement
from eventglass.sql.heatmap import WIDTH, warmed
from eventglass.sql.statement import Statement
from insights.v1.heatmap_pb2 import HeatmapCell, HeatmapResult
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec


def plan(spec: QuerySpec, scope: Scope) -> Heatmap:
    """Resolve a valid spec."""
    return heatmap_of(spec, scope)


def to_sql(plan: Heatmap) -> Statement:
    """Compile to one statement, which reads the events once."""
    return statement(warmed(plan), columns=WIDTH)


def shape(plan: Heatmap, rows: Rows) -> QueryResponse:
    """Make all 168 cells, from Monday's first hour on, and name the first of the largest.

    The row (33, 7) is 7 in the hour from 9 to 10 on Tuesdays.
    """
    found = dict(zip(*rows.columns, strict=True))
    lengths = hours(plan.stretches)
    cells = [
        HeatmapCell(
            weekday=cell // HOURS_OF_A_DAY + 1,
            hour=cell % HOURS_OF_A_DAY,
            value=found.get(cell, 0),
            hours_in_range=lengths[cell],
        )
        for cell in range(CELLS)
    ]
    peak = max(cells, key=lambda cell: cell.value)
    return QueryResponse(heatmap=HeatmapResult(cells=cells, peak=peak if peak.value else None))


INSIGHT = Insight(plan=plan, to_sql=to_sql, shape=shape)
