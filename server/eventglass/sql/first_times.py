"""When each person first did something: of a name, or of any event, in all history.

The table first_times has, of each own id of persons, the first time of events that arrived before its mark
(ingest/rollups.py). What arrived since is read from the events themselves, and so is all that erased ids have
left: a row does not tell what came after an event that is gone. What is found twice does no harm, for the
smallest time of all counts.
"""

from eventglass.planning.rollups import FIRST_TIMES
from eventglass.planning.selection import Selection
from eventglass.sql.erasures import are_erased, first_times_remain
from eventglass.sql.fragment import Fragment, clauses, joined, sql, value
from eventglass.sql.late import arrived_late
from eventglass.sql.people import followed, person
from eventglass.sql.read_hours import of_events
from eventglass.sql.when import instant, not_after


def first_events(selection: Selection, event: str, *, arrived_until: int | None = None) -> Fragment:
    """Name, as the table of events, `person` and `time` of each person's first event of a name; "" is any.

    Args:
        selection: whose.
        event: the name.
        arrived_until: only of events that had arrived by then, in milliseconds, as all that are gathered had;
            None: of all.
    """
    return sql(
        """\
(
    SELECT
        person,
        min(time) AS time
    FROM (
        {rows})
    GROUP BY person) AS events""",
        rows=first_rows(selection, event, arrived_until=arrived_until),
    )


def first_rows(selection: Selection, event: str, *, arrived_until: int | None = None) -> Fragment:
    """Select `person, time` so that the smallest time of a person is that of their first event; as above."""
    arrived = [sql("received_at <= {at}", at=instant(arrived_until))] if arrived_until is not None else []
    of_name = [] if event == "" else [sql("event = {name}", name=value("String", event))]
    columns = sql("{person} AS person, time", person=person(selection))
    conditions = [*of_name, *arrived, not_after(selection.latest), sql("events.person != 0")]
    of_ids = [*arrived_late(selection, FIRST_TIMES), *are_erased("events.person", selection)]
    return joined(
        "\nUNION ALL\n",
        [
            _gathered(selection, event),
            *(of_events(selection, columns, [*conditions, which]) for which in of_ids),
        ],
    )


def _gathered(selection: Selection, event: str) -> Fragment:
    conditions = [
        sql("project_id = {project}", project=value("String", selection.project_id)),
        sql("event = {name}", name=value("String", event)),
        sql("first <= {latest}", latest=instant(selection.latest)),
        *first_times_remain(selection),
    ]
    return sql(
        """\
SELECT {person} AS person, first AS time
FROM first_times
WHERE {conditions}""",
        person=followed(sql("first_times.person"), selection),
        conditions=clauses(conditions),
    )
