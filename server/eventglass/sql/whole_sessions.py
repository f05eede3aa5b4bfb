"""Which events to read so that the sessions of a time are whole, without reading all of history.

A session may have events at any time (semantics 2.4). The table session_days knows on which days (UTC)
a session id has some, and long_sessions those of sessions with several days, but for events that arrived
lately (ingest/rollups.py), which are asked themselves. So a statement reads the days of its time as they
are, and of others only those on which a session of its days has an event too, and there only such
sessions. For the days 4 and 5 of

    day 3: a b    day 4: b c    day 5: c d    day 9: d e    day 10: e

it reads the days 4 and 5 whole, of the days 3 and 9 the events of b and d, and of day 10 nothing.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from eventglass.planning.rollups import SESSION_DAYS
from eventglass.planning.selection import Selection
from eventglass.sql.fragment import ALWAYS, Fragment, clauses, every, joined, some, sql, value
from eventglass.sql.late import arrived_late
from eventglass.sql.when import on_days, on_whole_days

# First and last instants.
Days: TypeAlias = Sequence[tuple[int, int]]


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


def sessions_of(table: str, selection: Selection, which: Fragment) -> Fragment:
    """Select `session` of some rows of a table."""
    return sql(
        f"SELECT session\nFROM {table}\nWHERE {{which}}", which=clauses([of_project(selection), which])
    )


def of_project(selection: Selection) -> Fragment:
    """Keep the rows of the project."""
    return sql("project_id = {project}", project=value("String", selection.project_id))


def _other_days(selection: Selection, days: Days) -> Fragment:
    """Select `day, session` of other days, of sessions that have an event on these.

    If both events are noted, the session is long; else one of them arrived late. A bare `session` IN none
    reads nothing. One in many would be looked for in the index first, which takes longer than reading all.
    """
    in_days, elsewhere = days_of(days), sql("NOT ({days})", days=days_of(days))
    long = sessions_of("long_sessions", selection, in_days)
    noted = _days_in("long_sessions", selection, [elsewhere, _among(long, session="identity(session)")])
    late = [
        rows
        for arrived in arrived_late(selection, SESSION_DAYS)
        for rows in _late_on_other_days(selection, arrived, days)
    ]
    return joined("\nUNION ALL\n", [noted, *late])


def _late_on_other_days(selection: Selection, arrived: Fragment, days: Days) -> list[Fragment]:
    """Select `day, session` where the event on the other day, or that on these, arrived late."""
    in_days, elsewhere = days_of(days), sql("NOT ({days})", days=days_of(days))
    late = every([arrived, sql("session != 0")])
    late_in_days = every([late, some(on_whole_days(first, last) for first, last in days)])
    late_elsewhere = every([late, sql("NOT ({on})", on=some(on_days(first, last) for first, last in days))])

    of_late = sessions_of("events", selection, late_in_days)
    looked_for = _among(sessions_of("events", selection, late_elsewhere))
    noted = sessions_of("session_days", selection, every([in_days, looked_for]))
    return [
        _days_in("session_days", selection, [elsewhere, _among(of_late)]),
        _days_in("events", selection, [late_elsewhere, _among(noted, of_late)], day="toDate32(time)"),
    ]


def _among(*sessions: Fragment, session: str = "session") -> Fragment:
    return sql(f"{session} IN (\n    {{sessions}})", sessions=joined("\nUNION ALL\n", sessions))


def _days_in(table: str, selection: Selection, which: Sequence[Fragment], *, day: str = "day") -> Fragment:
    return sql(
        f"SELECT {day}, session\nFROM {table}\nWHERE {{which}}",
        which=clauses([of_project(selection), *which]),
    )
