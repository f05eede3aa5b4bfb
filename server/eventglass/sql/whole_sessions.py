"""Which events to read so that the sessions of a time are whole, without reading all of history.

A session may have events at any time (semantics 2.4). The table session_days knows on which days (UTC)
a session id has some, but for those that arrived lately (ingest/rollups.py), which are asked
themselves. So a statement reads the days of its time as they are, and of others only those on which a
session of its days has an event too, and there only such sessions. For the days 4 and 5 of

    day 3: a b    day 4: b c    day 5: c d    day 9: d e    day 10: e

it reads the days 4 and 5 whole, of the days 3 and 9 the events of b and d, and of day 10 nothing.
"""

from collections.abc import Iterable, Sequence

from eventglass.planning.selection import Selection
from eventglass.sql.fragment import ALWAYS, Fragment, some, sql, value
from eventglass.sql.when import on_days, on_whole_days


def of_whole_sessions(selection: Selection, times: Sequence[tuple[int, int]]) -> Fragment:
    """Keep all events of the sessions that have one in some times, and maybe events of other sessions.

    Args:
        selection: whose.
        times: first milliseconds, and those after the last.
    """
    if not selection.rollups:
        return ALWAYS
    days = [(start, after - 1) for start, after in times]
    # Of the right side of an OR the engine leaves out, where the left one holds, what takes long: casts are
    # of that, IN is not, unless it reads one.
    return sql(
        "({read} OR (toDate32(time), accurateCast(session, 'UInt64')) IN (\n    {other}))",
        read=some(on_whole_days(first, last) for first, last in days),
        other=_other_days(selection, days),
    )


def days_of(times: Iterable[tuple[int, int]]) -> Fragment:
    """Keep the days (UTC) of times, of which the first and last instants are given."""
    return some(on_days(first, last, column="day") for first, last in times)


def _other_days(selection: Selection, days: Sequence[tuple[int, int]]) -> Fragment:
    """Select `day, session` of other days, of sessions that have an event on these.

    A bare `session` IN many would be looked for in the index first, which takes longer than reading all.
    """
    in_days = days_of(days)
    return sql(
        """\
SELECT day, session
FROM (
    {days})
WHERE NOT ({in_days}) AND identity(session) IN (
    SELECT session
    FROM (
        {days})
    WHERE {in_days})""",
        days=session_days(selection),
        in_days=in_days,
    )


def session_days(selection: Selection) -> Fragment:
    """Select `day, session` of every event of a session, and maybe of events that are gone."""
    return sql(
        """\
SELECT day, session
FROM session_days
WHERE project_id = {project}
UNION ALL
SELECT toDate32(time), session
FROM events
WHERE project_id = {project}
    AND received_at >= (SELECT max(until) FROM session_days_until)
    AND session != 0""",
        project=value("String", selection.project_id),
    )
