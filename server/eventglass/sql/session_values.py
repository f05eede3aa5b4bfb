"""Values of the first and the last event of sessions, beside every event of them (semantics 3.12)."""

from collections.abc import Sequence

from eventglass.planning.properties import EventProperty, Fact, SessionEnd, SessionValue
from eventglass.sql import values
from eventglass.sql.fragment import Fragment, clauses, listed, name, sql
from eventglass.sql.sortable import key, typed_value
from eventglass.sql.stages import staged


def with_session_values(
    events: Fragment, wanted: Sequence[SessionValue], history: Sequence[Fragment], *, person: Fragment
) -> Fragment:
    """Join the values of sessions to events; every event stays one row.

    Args:
        events: the table, and what else is joined to it.
        wanted: the values.
        history: the conditions on the events of sessions.
        person: reads the key of an event's person.
    """
    if not wanted:
        return events
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
        sql("toUnixTimestamp64Milli(time) AS at"),
        *(sql(f"{{typed}} AS typed_{at}", typed=values.typed(each.of)) for at, each in enumerate(wanted)),
        *(sql(f"{{kind}} AS is_list_{at}", kind=_is_list(each.of)) for at, each in enumerate(wanted)),
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
            sql("{read} AS {name}", read=_read(at), name=name(values.SESSION_VALUE, each))
            for at, each in enumerate(wanted)
        ),
        outermost=listed(sql(f"min(key_{at}) AS outermost_{at}") for at, _ in enumerate(wanted)),
        keys=staged(events, [{f"key_{at}": _key(at, each.end) for at, each in enumerate(wanted)}]),
    )


def _is_list(operand: EventProperty | Fact) -> Fragment:
    """Tell whether a value is a list or object, as a value of a key; texts that print alike come first."""
    return sql(
        "if({composite} != '', {yes}, {no})",
        composite=values.composite(operand),
        yes=values.constant(2, 0.0, ""),
        no=values.constant(1, 0.0, ""),
    )


def _key(position: int, end: SessionEnd) -> Fragment:
    """Make a key that is smallest at the wanted end of a session."""
    ago = sql("at" if end is SessionEnd.ENTRY else "-at")
    return key(ago, [sql(f"typed_{position}"), sql(f"is_list_{position}")])


def _read(position: int) -> Fragment:
    outermost = sql(f"outermost_{position}")
    return sql(
        """\
CAST((
    if({is_list}.1 = 2, 5, {typed}.1),
    {typed}.2,
    {typed}.3) AS Tuple(UInt8, Float64, String))""",
        is_list=typed_value(outermost, 1),
        typed=typed_value(outermost, 0),
    )
