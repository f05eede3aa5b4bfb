"""Matched rows of sessions (semantics 2.4).

A session is (person, session id). It is never clipped: all its events count, whenever they are, and
it stands at its first one's time. It is of a series if any of its events passes; its breakdown value
is that of the first one that does.
"""

from eventglass.planning.properties import SessionValue
from eventglass.sql import values
from eventglass.sql.aggregations import Input
from eventglass.sql.conditions import holds
from eventglass.sql.events import events
from eventglass.sql.fragment import ALWAYS, Fragment, clauses, every, joined, listed, some, sql
from eventglass.sql.gathered_sessions import gathered_sessions
from eventglass.sql.people import person
from eventglass.sql.series import of_series
from eventglass.sql.session_key import session_key
from eventglass.sql.session_values import keys, outermost, read_of_events, typed_at_end
from eventglass.sql.sortable import dimension_parts, key, typed_value
from eventglass.sql.source import Source, dimensions, of_project
from eventglass.sql.stages import staged
from eventglass.sql.when import bucket, comparison, instant, within
from eventglass.sql.whole_sessions import of_whole_sessions

_INPUTS = {
    # Whole, and as wide as the sum of any: it is the same in whatever order it is made.
    Input.DURATION: sql("toInt128(milliseconds)"),
    Input.BOUNCED: sql("bounced"),
    Input.PASSING: sql("passed.2"),
    Input.KEY: values.MISSING,
}


def session_rows(source: Source) -> Fragment:
    """Select one row per session, series and range."""
    selection = source.selection
    return sql(
        """\
SELECT
    {columns}
FROM (
    {sessions})
WHERE {began}""",
        columns=listed(_columns(source)),
        sessions=gathered_sessions(source) if source.gathered_sessions else _sessions(source),
        began=some(within(each, selection.latest, column="began") for each in selection.ranges),
    )


def _columns(source: Source) -> list[Fragment]:
    selection = source.selection
    read = {
        "series": sql("passed.1"),
        "comparison": comparison(selection.ranges, selection.latest, column="began"),
        **({"bucket": bucket(source.edges, column="began")} if source.edges else {}),
        **_dimensions(source),
        **{name: _INPUTS.get(input_, sql("NULL")) for name, (input_, _) in source.inputs.items()},
    }
    return [sql(f"{{read}} AS {name}", read=each) for name, each in read.items()]


def _dimensions(source: Source) -> dict[str, Fragment]:
    """Read the values of a session's first passing event, and those at its own ends."""
    of_ends, of_events = list(_of_ends(source)), list(_of_events(source))
    return {
        name: typed_at_end(of_ends.index(name))
        if name in of_ends
        else typed_value(sql("passed.3"), of_events.index(name), of=len(of_events))
        for name in dimensions(source.breakdown)
    }


def _of_ends(source: Source) -> dict[str, SessionValue]:
    """Name the dimensions that are values of whole sessions, and so are found on the way."""
    if source.breakdown is None:
        return {}
    named = zip(dimensions(source.breakdown), source.breakdown.operands, strict=True)
    cut = "dimension_0" if source.breakdown.edges else None
    return {name: each for name, each in named if isinstance(each, SessionValue) and name != cut}


def _of_events(source: Source) -> dict[str, Fragment]:
    """Name the other dimensions, and read an event's values of them as parts of a key."""
    if source.breakdown is None:
        return {}
    of_ends = _of_ends(source)
    named = zip(dimensions(source.breakdown), dimension_parts(source.breakdown), strict=True)
    return {name: read for name, read in named if name not in of_ends}


def _sessions(source: Source) -> Fragment:
    """Select `began, milliseconds, bounced` and `passed`: series, passing events, key of the first.

    With values of whole sessions among the dimensions also `outermost_0` …, their keys.
    """
    of_ends, of_events = list(_of_ends(source).values()), _of_events(source)
    passed = [_passed(at, passes, bool(of_events)) for at, passes in _passes(source).items()]
    names = [sql(name) for name in of_events]
    key_of_first = {"key": key(sql("toUnixTimestamp64Milli(time)"), names)} if names else {}
    return sql(
        """\
SELECT
    min(time) AS began,
    toUnixTimestamp64Milli(max(time)) - toUnixTimestamp64Milli(began) AS milliseconds,
    count() = 1 AS bounced,
    {gathered}
FROM (
    {rows})
GROUP BY {of_session}""",
        of_session=session_key(sql("person")),
        gathered=listed(
            [
                *outermost(of_ends),
                sql(
                    "arrayJoin(arrayFilter(each -> each.2 > 0, [{passed}])) AS passed",
                    passed=joined(", ", passed),
                ),
            ]
        ),
        rows=staged(_events(source), [{**key_of_first, **keys(of_ends)}]),
    )


def _passes(source: Source) -> dict[int, Fragment]:
    """Tell of each series whether an event passes."""
    of_all = holds(source.selection.condition, source.selection.zone)
    return {at: every([of_all, of_series(each, source, by_name=True)]) for at, each in source.session_series}


def _passed(series: int, passes: Fragment, has_key: bool) -> Fragment:
    """Gather what passes: the series, how many events, the first one's key. `If` takes time, too."""
    if passes == ALWAYS:
        counted, first = "count()", "min(key)"
    else:
        counted, first = f"countIf(passes_{series})", f"minIf(key, passes_{series})"
    return sql(f"(toUInt8({series}), {', '.join([counted, first] if has_key else [counted])})")


def _events(source: Source) -> Fragment:
    """Select the events of the ranges' sessions, whole, with what of them is read."""
    selection = source.selection
    columns = [
        sql("events.time AS time"),
        *(sql(f"{{read}} AS {name}", read=read) for name, read in _of_events(source).items()),
        *read_of_events(list(_of_ends(source).values())),
        *(
            sql(f"{{passes}} AS passes_{at}", passes=passes)
            for at, passes in _passes(source).items()
            if passes != ALWAYS
        ),
    ]
    return sql(
        """\
SELECT
    {person} AS person,
    session,
    {columns}
FROM {events}
WHERE {whole}""",
        person=person(selection),
        columns=listed(columns),
        events=events(source, *columns, sessions_in=(source.since, source.until)),
        whole=clauses(
            [
                *of_project(source),
                sql("time <= {latest}", latest=instant(selection.latest)),
                sql("events.person != 0 AND session != 0"),
                of_whole_sessions(selection, [(each.start, each.end) for each in selection.ranges]),
            ]
        ),
    )
