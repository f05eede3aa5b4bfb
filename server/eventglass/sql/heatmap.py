"""A heatmap as one statement: a row per event, per cell of the local week."""

from eventglass.planning import zone as clock
from eventglass.planning.event_hours import EventHours
from eventglass.planning.heatmap import CELLS, SINCE_MONDAY, Heatmap
from eventglass.sql.event_rows import conditions
from eventglass.sql.events import events
from eventglass.sql.fragment import Fragment, clauses, joined, sql, value
from eventglass.sql.people import person
from eventglass.sql.source import Source

WIDTH = 2

# Whole weeks that put all years that times can have behind 1970, because a negative time would be
# rounded up to its hour.
_BEFORE_1970 = 4_000 * CELLS * clock.HOUR


def warmed(heatmap: Heatmap) -> Fragment:
    """Select `cell, number` of every cell with an event; cell 0 is Monday's first hour."""
    source = Source(selection=heatmap.selection, measures=(), breakdown=None, hours=heatmap.hours)
    wanted = [*conditions(source), *([sql("events.person != 0")] if heatmap.counts_users else [])]
    return sql(
        """\
SELECT
    cell,
    {number} AS number
FROM (
    SELECT
        {columns}
    FROM {events}
    WHERE {conditions})
GROUP BY cell""",
        number=_number(heatmap),
        columns=joined(",\n", _columns(heatmap)),
        events=events(source, *wanted, since=source.since, until=source.until),
        conditions=clauses(wanted),
    )


def _number(heatmap: Heatmap) -> Fragment:
    if heatmap.counts_users:
        return sql("uniqExact(person)")
    return sql("sum(weight)" if isinstance(heatmap.hours, EventHours) else "count()")


def _columns(heatmap: Heatmap) -> list[Fragment]:
    cell = sql("{cell} AS cell", cell=_cell(heatmap))
    if heatmap.counts_users:
        return [cell, sql("{person} AS person", person=person(heatmap.selection))]
    if isinstance(heatmap.hours, EventHours):
        return [cell, sql("weight")]
    return [cell]


def _cell(heatmap: Heatmap) -> Fragment:
    """Tell which hour of the local week a time is in."""
    return sql(
        f"toUInt8(intDiv(toUInt64(toUnixTimestamp64Milli(time) + {{ahead}}), {clock.HOUR}) % {CELLS})",
        ahead=_ahead(heatmap),
    )


def _ahead(heatmap: Heatmap) -> Fragment:
    """Tell how far the local clock is ahead of UTC, counted from a Monday long before 1970."""
    shifts = tuple(each.ahead + SINCE_MONDAY + _BEFORE_1970 for each in heatmap.stretches)
    if len(shifts) == 1:
        return value("Int64", shifts[0])
    return sql(
        "transform(roundDown(toUnixTimestamp64Milli(time), {begins}), {begins}, {shifts}, toInt64(0))",
        begins=value("Array(Int64)", tuple(each.begin for each in heatmap.stretches)),
        shifts=value("Array(Int64)", shifts),
    )
