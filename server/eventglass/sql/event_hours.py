"""How many events there were in which hour, read as if they were events: so many, by `weight`, at its begin.

What is found twice would count twice, so each is found once. Some rows of the table event_hours are of all
events that arrived before an instant: those that the question was told of when it was asked
(ingest/event_hours.py); so are, for each property, those of property_hours, which tell its values apart. What
arrived since is read from the events themselves, by the index of arrivals; and so are all events of the hours
inside which the question tells times apart, of which one may not be over.
"""

from eventglass.planning.event_hours import EventHours
from eventglass.planning.selection import Selection
from eventglass.sql.fragment import ALWAYS, Fragment, clauses, joined, quoted, sql, value
from eventglass.sql.promoted import column_name
from eventglass.sql.read_hours import ReadHours, of_events, read_hours
from eventglass.sql.when import instant


def counts(
    selection: Selection,
    hours: EventHours,
    named: Fragment,
    since: int,
    until: int,
    *,
    arrived_until: int | None = None,
) -> Fragment:
    """Name, as the table of events, `event`, `time` and `weight`: so many of a project's events are alike.

    Args:
        selection: whose.
        hours: which hours to read from events; and a property, whose column is there, too.
        named: keeps the names that are read.
        since: the first millisecond.
        until: the first one after them.
        arrived_until: only events that had arrived by then, in milliseconds; None: all.
    """
    read = read_hours(hours.cut, now=selection.now, since=since, until=until)
    late = sql("received_at >= {until}", until=instant(hours.counted.until))
    arrived = sql("received_at <= {at}", at=instant(arrived_until)) if arrived_until is not None else ALWAYS
    columns = sql("event, time, toUInt64(1) AS weight{column}", column=_column(hours, ", {column}"))
    of_time = [named, arrived, *read.in_time]
    reads = [
        _gathered(selection, hours, read, named),
        of_events(selection, columns, [late, *of_time, read.in_whole]),
        *([of_events(selection, columns, [read.in_cut, *of_time])] if read.of_events else []),
    ]
    return sql("(\n    {reads}) AS events", reads=joined("\nUNION ALL\n", reads))


def _gathered(selection: Selection, hours: EventHours, read: ReadHours, named: Fragment) -> Fragment:
    conditions = [
        sql("project_id = {project}", project=value("String", selection.project_id)),
        sql("property = {name}", name=value("String", hours.property)) if hours.property else ALWAYS,
        named,
        *read.gathered,
        sql("edition = {edition}", edition=value("UInt64", hours.counted.edition)),
        sql("has({calls}, call)", calls=value("Array(UInt64)", hours.counted.calls)),
    ]
    return sql(
        """\
SELECT event, hour AS time, events AS weight{column}
FROM {table}
WHERE {conditions}""",
        column=_column(hours, ", value AS {column}"),
        table=sql("property_hours" if hours.property else "event_hours"),
        conditions=clauses(conditions),
    )


def _column(hours: EventHours, template: str) -> Fragment:
    """Write something of the property's column, if there is one."""
    return sql(template, column=quoted(column_name(hours.property))) if hours.property else sql("")
