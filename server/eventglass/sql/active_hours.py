"""Who was active in which hour, read as if it were events: one of each person and hour, at its begin.

The table active_hours has them of events that arrived before its mark (ingest/rollups.py). What arrived since
is read from the events themselves, by the index of arrivals; and so are the hours inside which the question
tells times apart, of which one may not be over. What is found twice is there once, for it is sets of persons
that are asked for.
"""

from eventglass.planning import zone as clock
from eventglass.planning.active_hours import ActiveHours
from eventglass.planning.selection import Selection
from eventglass.sql.erasures import events_remain, hours_remain
from eventglass.sql.fragment import ALWAYS, Fragment, clauses, joined, some, sql, value
from eventglass.sql.when import instant


def active(selection: Selection, hours: ActiveHours, since: int | None, until: int | None) -> Fragment:
    """Name, as the table of events, a project's `person` and `time` of who was active, and was not erased.

    Args:
        selection: whose.
        hours: which hours to read from events.
        since: the first millisecond; None for all history.
        until: the first one after them; None for now.
    """
    after = selection.now + 1 if until is None else min(until, selection.now + 1)
    over = _hour(after)
    cut = [each for each in hours.cut if (since is None or each >= _hour(since)) and each < over]
    if after > over:
        cut.append(over)
    in_time = [
        sql("time >= {since}", since=instant(since)) if since is not None else ALWAYS,
        sql("time < {after}", after=instant(after)),
    ]
    late = sql("received_at >= (SELECT max(until) FROM active_hours_until)")
    reads = [
        _gathered(selection, since, over, cut),
        _of_events(selection, [late, *in_time]),
        *([_of_events(selection, [some(map(_in_hour, cut)), *in_time])] if cut else []),
    ]
    return sql("(\n    {reads}) AS events", reads=joined("\nUNION ALL\n", reads))


def _gathered(selection: Selection, since: int | None, over: int, cut: list[int]) -> Fragment:
    conditions = [
        sql("project_id = {project}", project=value("String", selection.project_id)),
        sql("hour >= {since}", since=instant(_hour(since))) if since is not None else ALWAYS,
        sql("hour < {over}", over=instant(over)),
        *(sql("hour != {cut}", cut=instant(each)) for each in cut if each < over),
        *hours_remain(selection),
    ]
    return sql(
        """\
SELECT person, hour AS time
FROM active_hours
WHERE {conditions}""",
        conditions=clauses(conditions),
    )


def _of_events(selection: Selection, which: list[Fragment]) -> Fragment:
    conditions = [
        sql("project_id = {project}", project=value("String", selection.project_id)),
        *which,
        sql("events.person != 0"),
        *events_remain(selection),
    ]
    return sql(
        """\
SELECT person, time
FROM events
WHERE {conditions}""",
        conditions=clauses(conditions),
    )


def _in_hour(begin: int) -> Fragment:
    """Keep an hour; its day besides, because the index has days."""
    return sql(
        "(toDate32(time) = toDate32({begin}) AND time >= {begin} AND time < {end})",
        begin=instant(begin),
        end=instant(begin + clock.HOUR),
    )


def _hour(at: int) -> int:
    """Give the instant at which an instant's hour (UTC) begins."""
    return at // clock.HOUR * clock.HOUR
