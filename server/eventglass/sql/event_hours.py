"""How many events there were in which hour, read as if they were events: so many, by `weight`, at its begin.

What is found twice would count twice, so each is found once. Some rows of the table event_hours are of all
events that arrived before an instant: those that the question was told of when it was asked
(ingest/event_hours.py). What arrived since is read from the events themselves, by the index of arrivals; and
so are all events of the hours inside which the question tells times apart, of which one may not be over.
"""

from eventglass.planning.counted import Counted
from eventglass.planning.event_hours import EventHours
from eventglass.planning.selection import Selection
from eventglass.sql.fragment import Fragment, clauses, joined, sql, value
from eventglass.sql.read_hours import ReadHours, of_events, read_hours
from eventglass.sql.when import instant

_COLUMNS = "event, time, toUInt64(1) AS weight"


def counts(selection: Selection, hours: EventHours, named: Fragment, since: int, until: int) -> Fragment:
    """Name, as the table of events, `event`, `time` and `weight`: so many of a project's events are alike.

    Args:
        selection: whose.
        hours: which hours to read from events.
        named: keeps the names that are read.
        since: the first millisecond.
        until: the first one after them.
    """
    read = read_hours(hours.cut, now=selection.now, since=since, until=until)
    late = sql("received_at >= {until}", until=instant(hours.counted.until))
    reads = [
        _gathered(selection, hours.counted, read, named),
        of_events(selection, _COLUMNS, [named, late, *read.in_time, read.in_whole]),
        *([of_events(selection, _COLUMNS, [named, read.in_cut, *read.in_time])] if read.of_events else []),
    ]
    return sql("(\n    {reads}) AS events", reads=joined("\nUNION ALL\n", reads))


def _gathered(selection: Selection, counted: Counted, read: ReadHours, named: Fragment) -> Fragment:
    conditions = [
        sql("project_id = {project}", project=value("String", selection.project_id)),
        named,
        *read.gathered,
        sql("edition = {edition}", edition=value("UInt64", counted.edition)),
        sql("has({calls}, call)", calls=value("Array(UInt64)", counted.calls)),
    ]
    return sql(
        """\
SELECT event, hour AS time, events AS weight
FROM event_hours
WHERE {conditions}""",
        conditions=clauses(conditions),
    )
