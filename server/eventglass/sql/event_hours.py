"""How many events there were in which hour, read as if they were events: so many, by `weight`, at its begin.

What is found twice would count twice, so each is found once. Some rows of the table event_hours are of all
events that arrived before an instant: those that the question was told of when it was asked
(ingest/event_hours.py); so are, for each property, those of property_hours, which tell its values apart. What
arrived since is read from the events themselves, by the index of arrivals; and so are all events of the hours
inside which the question tells times apart.
"""

from collections.abc import Iterator

from eventglass.planning.event_hours import EventHours
from eventglass.planning.properties import EventProperty
from eventglass.planning.rollups import EVENT_HOURS
from eventglass.planning.selection import Selection
from eventglass.sql import values
from eventglass.sql.fragment import ALWAYS, Fragment, clauses, joined, quoted, sql, value
from eventglass.sql.late import arrived_late
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

    The columns that `summed` names are there, too, and that of the property by whose values they are alike.

    Args:
        selection: whose.
        hours: which hours to read from events.
        named: keeps the names that are read.
        since: the first millisecond.
        until: the first one after them.
        arrived_until: only events that had arrived by then, in milliseconds; None: all.
    """
    read = read_hours(selection, hours.cut, since=since, until=until)
    arrived = sql("received_at <= {at}", at=instant(arrived_until)) if arrived_until is not None else ALWAYS
    columns = [sql("event, time, toUInt64(1) AS weight"), *_value(hours, "{column}"), *_sums_of_events(hours)]
    of_time = [named, arrived, *read.in_time]
    reads = [
        _gathered(selection, hours, read, named),
        *(
            of_events(selection, joined(", ", columns), [*each, *of_time])
            for each in _of_events(selection, read)
        ),
    ]
    return sql("(\n    {reads}) AS events", reads=joined("\nUNION ALL\n", reads))


def _of_events(selection: Selection, read: ReadHours) -> Iterator[list[Fragment]]:
    """Keep what is read from events: first what arrived late in whole hours, then all of the others."""
    for late in arrived_late(selection, EVENT_HOURS):
        yield [late, read.in_whole]
    if read.of_events:
        yield [read.in_cut]


def _gathered(selection: Selection, hours: EventHours, read: ReadHours, named: Fragment) -> Fragment:
    conditions = [
        sql("project_id = {project}", project=value("String", selection.project_id)),
        sql("property = {name}", name=value("String", hours.property)) if hours.property else ALWAYS,
        named,
        *read.gathered,
        # The column takes as long to read as all others.
        sql("_partition_id = {edition}", edition=value("String", str(hours.counted.edition))),
        sql("has({calls}, call)", calls=value("Array(UInt64)", hours.counted.calls)),
    ]
    columns = [
        sql("event, hour AS time, events AS weight"),
        *_value(hours, "value AS {column}"),
        *_sums(hours),
    ]
    return sql(
        """\
SELECT {columns}
FROM {table}
WHERE {conditions}""",
        columns=joined(", ", columns),
        table=sql("property_hours" if hours.property else "event_hours"),
        conditions=clauses(conditions),
    )


def summed(what: str, name: str) -> Fragment:
    """Name the column of a property's `sum`, or of how many `numbers` it is of."""
    return quoted(f"{what}_{column_name(name)}")


def _value(hours: EventHours, template: str) -> list[Fragment]:
    """Write something of the column of the property by whose values events are alike, if there is one."""
    return [sql(template, column=quoted(column_name(hours.property)))] if hours.property else []


def _sums(hours: EventHours) -> list[Fragment]:
    return [
        sql(
            "sums[{name}].numbers AS {numbers}, sums[{name}].sum AS {sum}",
            name=value("String", each),
            numbers=summed("numbers", each),
            sum=summed("sum", each),
        )
        for each in hours.summed
    ]


def _sums_of_events(hours: EventHours) -> list[Fragment]:
    return [
        sql(
            "toUInt64(isNotNull({number})) AS {numbers}, ifNull({number}, 0) AS {sum}",
            number=values.numeric(EventProperty(each, promoted=True)),
            numbers=summed("numbers", each),
            sum=summed("sum", each),
        )
        for each in hours.summed
    ]
