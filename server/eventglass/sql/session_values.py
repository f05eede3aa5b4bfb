"""Values of the first and the last event of sessions, beside every event of them (semantics 3.12)."""

from collections.abc import Sequence

from eventglass.planning.properties import SessionEnd, SessionValue
from eventglass.sql import values
from eventglass.sql.apart import SESSION_VALUE
from eventglass.sql.fragment import Fragment, clauses, listed, name, sql
from eventglass.sql.sortable import key, part, typed_value
from eventglass.sql.stages import Columns, staged


def with_session_values(
    events: Fragment, wanted: Sequence[SessionValue], history: Sequence[Fragment], *, person: Fragment
) -> Fragment:
    """Join the values of sessions to events; every event stays one row.

    Args:
        events: the table, and what else is joined to it.
        wanted: the values, at least one.
        history: the conditions on the events of sessions.
        person: reads the key of an event's person.
    """
    return sql(
        """\
{events}
ANY LEFT JOIN (
    {sessions}) AS of_sessions
    ON of_sessions.of_person = {person} AND of_sessions.of_session = events.session""",
        events=events,
        sessions=_sessions(wanted, history, person),
        person=person,
    )


def _sessions(wanted: Sequence[SessionValue], history: Sequence[Fragment], person: Fragment) -> Fragment:
    """Select `of_person, of_session` and the wanted values of each session that has any."""
    columns = [
        sql("{person} AS of_person", person=person),
        sql("session AS of_session"),
        sql("time"),
        *read_of_events(wanted),
        *(
            sql(f"if({{list}} != '', '2', '1') AS is_list_{at}", list=values.composite(each.of))
            for at, each in enumerate(wanted)
        ),
    ]
    events = sql(
        "SELECT\n    {columns}\nFROM events\nWHERE {history}",
        columns=listed(columns),
        history=clauses(history),
    )
    return sql(
        """\
SELECT
    of_person,
    of_session,
    {values}
FROM (
    SELECT
        of_person,
        of_session,
        {outermost}
    FROM (
        {keys})
    GROUP BY of_person, of_session)""",
        values=listed(
            sql("{read} AS {name}", read=_read(at), name=name(SESSION_VALUE, each))
            for at, each in enumerate(wanted)
        ),
        outermost=listed(outermost(wanted)),
        keys=staged(events, [_keys_with_lists(wanted)]),
    )


def read_of_events(wanted: Sequence[SessionValue]) -> list[Fragment]:
    """Select `end_0 …` of an event, the parts of keys."""
    return [sql(f"{{part}} AS end_{at}", part=part(each.of)) for at, each in enumerate(wanted)]


def keys(wanted: Sequence[SessionValue]) -> Columns:
    """Make `key_0 …` of an event's `time` and values; each is smallest at the wanted end of a session."""
    return {f"key_{at}": key(_since_end(each), [sql(f"end_{at}")]) for at, each in enumerate(wanted)}


def _keys_with_lists(wanted: Sequence[SessionValue]) -> Columns:
    """Do what `keys` does, with `is_list_0 …`: texts come before lists that print so."""
    return {
        f"key_{at}": key(_since_end(each), [sql(f"end_{at}"), sql(f"is_list_{at}")])
        for at, each in enumerate(wanted)
    }


def _since_end(wanted: SessionValue) -> Fragment:
    sign = {SessionEnd.ENTRY: "", SessionEnd.EXIT: "-"}[wanted.end]
    return sql(f"{sign}toUnixTimestamp64Milli(time)")


def outermost(wanted: Sequence[SessionValue]) -> list[Fragment]:
    """Select `outermost_0 …`, the keys at the wanted ends of a session."""
    return [sql(f"min(key_{at}) AS outermost_{at}") for at, _ in enumerate(wanted)]


def typed_at_end(position: int) -> Fragment:
    """Read the value of a session's outermost key as values.typed does."""
    return typed_value(sql(f"outermost_{position}"), 0, of=1)


def _read(position: int) -> Fragment:
    return sql(
        """\
CAST((
    if({is_list}.1 = 2, 5, {typed}.1),
    {typed}.2,
    {typed}.3) AS Tuple(UInt8, Float64, String))""",
        is_list=typed_value(sql(f"outermost_{position}"), 1, of=2),
        typed=typed_value(sql(f"outermost_{position}"), 0, of=2),
    )
