"""TABLE: one row per value of the breakdown, one number per series, in pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eventglass.engine.engine import Rows
from eventglass.insights import dimensions
from eventglass.insights.groups import finite
from eventglass.insights.insight import Insight
from eventglass.planning import breakdowns, formula, pages
from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.event_hours import EventHours, event_hours
from eventglass.planning.formula import Formula
from eventglass.planning.page_tokens import DEFAULT_SIZE, Pin, pin_of
from eventglass.planning.pages import Position
from eventglass.planning.scope import Scope
from eventglass.planning.selection import Selection, select
from eventglass.sql.aggregations import measures
from eventglass.sql.fragment import statement
from eventglass.sql.source import Source
from eventglass.sql.statement import Statement
from eventglass.sql.table import tabled, width
from insights.v1.breakdown_pb2 import DimensionValue
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec
from insights.v1.table_pb2 import Row, RowValue


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlan:
    """One page of a table.

    Args:
        pin: what all pages share.
        hours: the hours to read instead of events; None for events.
        after: the last row of the page before; None for the first page.
        size: rows of this page at most.
        spec: what the next page's token belongs to.
    """

    selection: Selection
    breakdown: Breakdown | None
    formula: Formula | None
    pin: Pin
    hours: EventHours | None
    after: Position | None
    size: int
    spec: QuerySpec


def plan(spec: QuerySpec, scope: Scope) -> TablePlan:
    """Resolve a valid spec; a later page looks at what the first one looked at."""
    selection = select(spec, scope)
    pin, after = pages.decode(spec, scope.project.id) if spec.page_token else (pin_of(scope), None)
    selection = replace(selection, now=pin.now, people=replace(selection.people, version=pin.people))
    breakdown = breakdowns.breakdown_of(spec, default_limit=None)
    instants = [at for each in selection.ranges for at in (each.start, each.end)]
    return TablePlan(
        selection=selection,
        breakdown=breakdown,
        formula=formula.parse(spec.formula, len(selection.series)) if spec.formula else None,
        pin=pin,
        hours=event_hours(selection, instants, breakdown, arrived_until=pin.watermark),
        after=after,
        size=spec.page_size or DEFAULT_SIZE,
        spec=spec,
    )


def to_sql(plan: TablePlan) -> Statement:
    """Compile to one statement, which selects one row more than the page to see whether it is the last."""
    source = Source(
        selection=plan.selection,
        measures=measures(plan.selection.series, weighed=plan.hours is not None),
        breakdown=plan.breakdown,
        hours=plan.hours,
        arrived_until=plan.pin.watermark,
    )
    selected = tabled(source, plan.formula, after=plan.after, size=plan.size + 1)
    return statement(selected, columns=width(source))


def shape(plan: TablePlan, rows: Rows) -> QueryResponse:
    """Make a row of each: (total_rows 2, is_other, dimension, value, sort value) is a row and a total."""
    totals, others, *columns = rows.columns
    names = len(plan.breakdown.operands) if plan.breakdown else 0
    keys, numbers, sorted_by = columns[:names], columns[names:-1], columns[-1]
    response = QueryResponse(total_rows=_total(plan, totals))
    for row in range(min(len(totals), plan.size)):
        typed = tuple(column[row] for column in keys)
        of_series = [finite(column[row]) for column in numbers]
        value = finite(sorted_by[row])
        response.rows.append(
            Row(
                dimensions=_dimensions(plan, typed, is_other=others[row]),
                value=value,
                values=[
                    RowValue(value=each) for each in ([*of_series, value] if plan.formula else of_series)
                ],
            )
        )
    response.metadata.warnings.extend(dimensions.alike(row.dimensions for row in response.rows))
    if len(totals) > plan.size:
        last = plan.size - 1
        position = Position(
            is_other=bool(others[last]),
            value=finite(sorted_by[last]),
            dimensions=tuple(column[last] for column in keys),
        )
        response.next_page_token = pages.encode(plan.spec, plan.selection.project_id, plan.pin, position)
    return response


def _total(plan: TablePlan, totals: Sequence[int]) -> int | None:
    """Count the rows of all pages; unknown on a later page whose people were erased meanwhile."""
    if len(totals):
        return totals[0]
    return None if plan.after else 0


def _dimensions(
    plan: TablePlan, typed: tuple[dimensions.Typed, ...], *, is_other: bool
) -> list[DimensionValue]:
    if is_other:
        return dimensions.other(len(typed))
    edges = plan.breakdown.edges if plan.breakdown else ()
    return [dimensions.message(each, edges if at == 0 else ()) for at, each in enumerate(typed)]


INSIGHT = Insight(plan=plan, to_sql=to_sql, shape=shape)
