"""Matched rows of events."""

from collections.abc import Sequence

from eventglass.planning.conditions import EVERYTHING
from eventglass.planning.event_hours import EventHours
from eventglass.planning.properties import EventProperty, Operand
from eventglass.planning.selection import Selection
from eventglass.sql import values
from eventglass.sql.aggregations import Input
from eventglass.sql.conditions import holds
from eventglass.sql.event_hours import summed
from eventglass.sql.events import events
from eventglass.sql.fragment import Fragment, clauses, listed, some, sql
from eventglass.sql.people import person
from eventglass.sql.series import of_any, of_series
from eventglass.sql.source import Source, dimension_values, dimensions, of_project
from eventglass.sql.when import bucket, comparison, on_days, position, within


def event_rows(source: Source) -> Fragment:
    """Select one row per event, series and range."""
    return selected_events(source, _columns(source), conditions(source))


def selected_events(source: Source, columns: Sequence[Fragment], wanted: Sequence[Fragment]) -> Fragment:
    """Select columns of a source's events that fulfil all conditions."""
    return sql(
        """\
SELECT
    {columns}
FROM {events}
WHERE {conditions}""",
        columns=listed(columns),
        events=events(source, *columns, *wanted, since=source.since, until=source.until),
        conditions=clauses(wanted),
    )


def _columns(source: Source) -> list[Fragment]:
    selection = source.selection
    read = {
        "series": series_position(source),
        "comparison": comparison(selection.ranges, selection.latest),
        **({"bucket": bucket(source.edges)} if source.edges else {}),
        **dict(zip(dimensions(source.breakdown), dimension_values(source.breakdown), strict=True)),
        **{
            name: _input(input_, measure.operand, selection)
            for name, (input_, measure) in source.inputs.items()
        },
    }
    return [sql(f"{{read}} AS {name}", read=each) for name, each in read.items()]


def _input(input_: Input, operand: Operand | None, selection: Selection) -> Fragment:
    match input_:
        case Input.PERSON:
            return sql("nullIf({person}, 0)", person=person(selection))
        case Input.SESSION:
            return sql("nullIf(events.session, 0)")
        case Input.NUMBER if operand:
            return values.numeric(operand)
        case Input.KIND if operand:
            return sql("nullIf({typed}.1, 0)", typed=values.typed(operand))
        case Input.KEY if operand:
            return values.typed(operand)
        case Input.WEIGHT:
            return sql("weight")
        case Input.SUM | Input.NUMBERS if isinstance(operand, EventProperty):
            return summed(input_.value, operand.name)
        case _:
            return sql("NULL")  # an input of sessions


def series_position(source: Source) -> Fragment:
    """Tell of which series an event is; one row for each, where it can be of several."""
    series = source.event_series
    names = [each.event for _, each in series]
    return position(
        [(at, of_series(each, source, by_name=True, times=_times(source))) for at, each in series],
        disjoint="" not in names and len(set(names)) == len(names),
    )


def _on_days(selection: Selection) -> Fragment:
    """Keep to the days of the ranges in the index alone: `within` decides on events."""
    days = some(on_days(each.start, each.end - 1) for each in selection.ranges)
    return sql("indexHint({days})", days=days)


def conditions(source: Source) -> list[Fragment]:
    """Keep the events of the source's ranges that are of at least one of its series of events."""
    selection = source.selection
    if isinstance(source.hours, EventHours):
        return _of_hours(source)
    return [
        *of_project(source),
        *([] if source.hours else [_on_days(selection)]),
        some(within(each, selection.latest) for each in selection.ranges),
        holds(selection.condition, selection.zone),
        *of_any([each for _, each in source.event_series], source, times=_times(source)),
    ]


def _times(source: Source) -> tuple[int, int]:
    return source.since, source.until


def _of_hours(source: Source) -> list[Fragment]:
    """Keep what is asked for of what is read by hours: of all names, from the first range to the last."""
    selection, series = source.selection, source.event_series
    wanted = [holds(selection.condition, selection.zone)]
    if len(selection.ranges) > 1:
        wanted.append(some(within(each, selection.latest) for each in selection.ranges))
    if any(each.condition != EVERYTHING for _, each in series):
        wanted.append(some(of_series(each, source, by_name=len(series) > 1) for _, each in series))
    return wanted
