"""Who was erased: the one place that leaves them out of answers (semantics 2.12 to 2.14).

What was erased stays in the tables until `eventglass erase` is run, and events may come late. So
statements of a project with erasures look the key of each row's id up, as in people.py.
"""

from eventglass.sql.fragment import Fragment, sql, value
from eventglass.sql.people import Followed

_BEFORE_ALL = -(2**62)


def events_remain(within: Followed) -> list[Fragment]:
    """Keep the events of who was not erased, and those that happened and arrived after that."""
    return _remain(_ms("least(events.time, received_at)"), "events.person", within)


def hours_remain(within: Followed) -> list[Fragment]:
    """Keep the hours of active_hours in which an event remains."""
    return _remain(_ms("latest"), "active_hours.person", within)


def first_times_remain(within: Followed) -> list[Fragment]:
    """Keep the rows of first_times of which all events remain; none is later than it arrived."""
    return _remain(_ms("first"), "first_times.person", within)


def session_days_remain(within: Followed) -> list[Fragment]:
    """Keep the days of session_days of which all events remain."""
    return _remain(f"{_ms('first')} + least(least_late, 0)", "session_days.person", within)


def session_days_may_remain(within: Followed) -> list[Fragment]:
    """Keep the days of session_days of which an event may remain."""
    return _remain(_ms("last"), "session_days.person", within)


def are_erased(own: str, within: Followed) -> list[Fragment]:
    """Keep what is of ids that were erased, with events."""
    if not within.people.erased:
        return []
    return [
        sql(
            f"{own} IN (SELECT own FROM erasures WHERE project_id = {{project}} AND with_events)",
            project=value("String", within.project_id),
        )
    ]


def traits_remain(within: Followed) -> list[Fragment]:
    """Keep the traits that were given after the last erasure."""
    return _told_later("traits.own", "1", within)


def links_remain(within: Followed) -> list[Fragment]:
    """Keep what was said of ids after they were last erased, with events."""
    return _told_later("person_ids.own", "with_events", within)


def _told_later(own: str, which: str, within: Followed) -> list[Fragment]:
    """Keep what was told after the last such erasure of the id that it is of."""
    if not within.people.erased:
        return []
    return [
        sql(
            f"version > transform({own}, {{erased}}[1].1, {{erased}}[1].2, toUInt64(0))",
            erased=_erased("max(version)", which, within),
        )
    ]


def _ms(time: str) -> str:
    return f"toUnixTimestamp64Milli({time})"


def _remain(at: str, own: str, within: Followed) -> list[Fragment]:
    """Keep what is later, in milliseconds, than the last erasure, with events, of the id that it is of."""
    if not within.people.erased:
        return []
    return [
        sql(
            f"{at} > transform({own}, {{erased}}[1].1, {{erased}}[1].2, toInt64({{never}}))",
            erased=_erased("toUnixTimestamp64Milli(max(until))", "with_events", within),
            never=value("Int64", _BEFORE_ALL),
        )
    ]


def _erased(last: str, which: str, within: Followed) -> Fragment:
    """Gather the keys of erased ids, and until when; each time the same constant, an array as in people.py.

    Of all erasures, also those after the first page of a table: who is erased is on no page.
    """
    return sql(
        f"""\
(
    SELECT [(groupArray(own), groupArray(last))]
    FROM (
        SELECT own, {last} AS last
        FROM erasures
        WHERE project_id = {{project}} AND {which}
        GROUP BY own))""",
        project=value("String", within.project_id),
    )
