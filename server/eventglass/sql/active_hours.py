"""Who was active in which hour, read as if it were events: one of each person and hour, at its begin.

The table active_hours has them of events that arrived before its mark (ingest/rollups.py). What arrived since
is read from the events themselves, by the index of arrivals; and so are the hours inside which the question
tells times apart. What is found twice is there once, for it is sets of persons
that are asked for.
"""

from eventglass.planning.active_hours import ActiveHours
from eventglass.planning.rollups import ACTIVE_HOURS
from eventglass.planning.selection import Selection
from eventglass.sql.erasures import hours_remain
from eventglass.sql.fragment import Fragment, clauses, joined, sql, value
from eventglass.sql.late import arrived_late
from eventglass.sql.read_hours import ReadHours, of_events, read_hours

_COLUMNS = sql("person, time")
_OF_SOMEBODY = sql("events.person != 0")


def active(selection: Selection, hours: ActiveHours, since: int | None, until: int | None) -> Fragment:
    """Name, as the table of events, a project's `person` and `time` of who was active, and was not erased.

    Args:
        selection: whose.
        hours: which hours to read from events.
        since: the first millisecond; None for all history.
        until: the first one after them; None for the latest.
    """
    read = read_hours(selection, hours.cut, since=since, until=until)
    late = arrived_late(selection, ACTIVE_HOURS)
    which = [*late, read.in_cut] if read.of_events else late
    reads = [
        _gathered(selection, read),
        *(of_events(selection, _COLUMNS, [each, *read.in_time, _OF_SOMEBODY]) for each in which),
    ]
    return sql("(\n    {reads}) AS events", reads=joined("\nUNION ALL\n", reads))


def _gathered(selection: Selection, read: ReadHours) -> Fragment:
    conditions = [
        sql("project_id = {project}", project=value("String", selection.project_id)),
        *read.gathered,
        *hours_remain(selection),
    ]
    return sql(
        """\
SELECT person, hour AS time
FROM active_hours
WHERE {conditions}""",
        conditions=clauses(conditions),
    )
