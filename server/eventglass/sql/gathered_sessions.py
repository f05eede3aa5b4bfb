"""Whole sessions of any event, from what is gathered of them: when they have events, and whether one or more.

The table session_days has a row of each day (UTC), session and own id of a person, of the events that
arrived before its mark (ingest/rollups.py), and long_sessions those of sessions with several days. What
arrived since is read from the events themselves; and so is what a row cannot answer, because some of its
events are erased, or later than the latest, and others are not. Rows may overlap and be there several
times: a least and a greatest time are the same then.

That a session has one event is told without counting. Of two events either the times differ, or how long
after them they arrived; or they arrived at once, and then every row that has one of them has the other, and
says so by a `most_late` that is greater than `least_late`. So rows of one event alone agree, and no others.
"""

from eventglass.planning.rollups import SESSION_DAYS
from eventglass.planning.selection import Selection
from eventglass.sql.erasures import are_erased, events_remain, session_days_may_remain, session_days_remain
from eventglass.sql.fragment import Fragment, clauses, every, joined, some, sql
from eventglass.sql.late import arrived_late
from eventglass.sql.people import followed
from eventglass.sql.session_key import session_key
from eventglass.sql.source import Source
from eventglass.sql.when import day, instant, on_whole_days
from eventglass.sql.whole_sessions import Days, days_of, of_project, sessions_of

_LATE = "toUnixTimestamp64Milli(received_at) - toUnixTimestamp64Milli(time)"

# What the table has of the events of a row.
SPAN = f"min(time), max(time), min({_LATE}), max({_LATE}) + if(count() > 1, 1, 0)"


def gathered_sessions(source: Source) -> Fragment:
    """Select `began, milliseconds, bounced` and `passed`: a row of every session and series of sessions."""
    selection = source.selection
    return sql(
        """\
SELECT
    min(first) AS began,
    toUnixTimestamp64Milli(max(last)) - toUnixTimestamp64Milli(began) AS milliseconds,
    {bounced} AS bounced,
    {passed} AS passed
FROM (
    {rows})
GROUP BY {of_session}""",
        bounced=_bounced(selection),
        passed=_passed(source),
        rows=joined("\nUNION ALL\n", _rows(selection)),
        of_session=session_key(followed(sql("own"), selection)),
    )


def _passed(source: Source) -> Fragment:
    """Say that a session counts for each series of sessions."""
    series = [sql(f"tuple(toUInt8({at}))") for at, _ in source.session_series]
    return series[0] if len(series) == 1 else sql("arrayJoin([{series}])", series=joined(", ", series))


def _rows(selection: Selection) -> list[Fragment]:
    """Select the rows of all sessions that have one on the days of the ranges, whole, and parts of others.

    Of sessions without late events long_sessions has the rows of other days; those of others are looked up.
    Late events are all read: no session of which that is a part begins on these days.
    """
    days = [(each.start, each.end - 1) for each in selection.ranges]
    in_days = days_of(days)
    are_long = sessions_of("long_sessions", selection, in_days)
    return [
        _gathered("session_days", selection, in_days),
        _gathered("long_sessions", selection, _others(in_days, "identity(session)", are_long)),
        *(
            row
            for late in arrived_late(selection, SESSION_DAYS)
            for row in _late(selection, late, in_days, days)
        ),
        *_of_parts(selection),
    ]


def _late(selection: Selection, late: Fragment, in_days: Fragment, days: Days) -> list[Fragment]:
    """Select the rows of other days of sessions that have late events on these, and late events."""
    late_in_days = every([late, some(on_whole_days(first, last) for first, last in days)])
    are_late = sessions_of("events", selection, late_in_days)
    return [
        # A bare `session` in none reads nothing.
        _gathered("session_days", selection, _others(in_days, "session", are_late)),
        _of_events(selection, late),
    ]


def _others(in_days: Fragment, session: str, sessions: Fragment) -> Fragment:
    """Keep rows of other days, of some sessions."""
    return sql(f"NOT ({{in_days}}) AND {session} IN (\n    {{sessions}})", in_days=in_days, sessions=sessions)


def _bounced(selection: Selection) -> Fragment:
    conditions = [sql("began = max(last)"), sql("min(least_late) = max(most_late)")]
    # Those of other ids arrive at once, too, and in rows of their own.
    if selection.people.merged:
        conditions.append(sql("min(own) = max(own)"))
    return every(conditions)


def _gathered(table: str, selection: Selection, which: Fragment) -> Fragment:
    """Select some rows of a table, of those that are true as they are."""
    conditions = [
        of_project(selection),
        which,
        *_whole(selection),
    ]
    return sql(
        f"""\
SELECT session, person AS own, first, last, least_late, most_late
FROM {table} AS session_days
WHERE {{conditions}}""",
        conditions=clauses(conditions),
    )


def _whole(selection: Selection) -> list[Fragment]:
    """Keep the rows all of whose events exist for the question."""
    return [*_until_latest("last", selection), *session_days_remain(selection)]


def _until_latest(time: str, selection: Selection) -> list[Fragment]:
    if selection.sees_all_gathered:
        return []
    return [sql(f"{time} <= {{latest}}", latest=_latest(selection))]


def _of_parts(selection: Selection) -> list[Fragment]:
    """Select anew the rows of which some events do not exist for the question, and others do."""
    last_day = sql("day = {last_day}", last_day=day(selection.latest))
    where = [
        *([] if selection.sees_all_gathered else [last_day]),
        *are_erased("session_days.person", selection),
    ]
    if not where:
        return []
    parts = [
        of_project(selection),
        some(where),
        *_until_latest("first", selection),
        *session_days_may_remain(selection),
        sql("NOT ({whole})", whole=every(_whole(selection))),
    ]
    which = sql(
        """\
(toDate32(time), session, person) IN (
    SELECT day, session, person
    FROM session_days
    WHERE {parts})""",
        parts=clauses(parts),
    )
    return [_of_events(selection, which)]


def _of_events(selection: Selection, which: Fragment) -> Fragment:
    """Select what the table has of some events, of those that exist for the question."""
    conditions = [
        of_project(selection),
        which,
        sql("time <= {latest}", latest=_latest(selection)),
        sql("events.person != 0 AND session != 0"),
        *events_remain(selection),
    ]
    return sql(
        f"""\
SELECT session, person, {SPAN}
FROM events
WHERE {{conditions}}
GROUP BY session, person""",
        conditions=clauses(conditions),
    )


def _latest(selection: Selection) -> Fragment:
    return instant(selection.latest)
