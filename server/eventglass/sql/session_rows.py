"""Matched rows of sessions (semantics 2.4).

A session is (person, session id). It is never clipped: all its events count, whenever they are, and
it stands at its first one's time. It is of a series if any of its events passes; its breakdown value
is that of the first one that does.
"""

from eventglass.sql import values
from eventglass.sql.aggregations import Input
from eventglass.sql.conditions import holds
from eventglass.sql.fragment import Fragment, clauses, every, joined, listed, some, sql
from eventglass.sql.people import person
from eventglass.sql.sortable import key, typed_value
from eventglass.sql.source import Source, dimension_values, dimensions, events, of_project, of_series
from eventglass.sql.stages import staged
from eventglass.sql.when import bucket, comparison, instant, within
from eventglass.sql.whole_sessions import of_whole_sessions

_INPUTS = {
    Input.DURATION: sql("seconds"),
    Input.BOUNCED: sql("events_in_session = 1"),
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
        sessions=_sessions(source),
        began=some(within(each, selection.now, column="began") for each in selection.ranges),
    )


def _columns(source: Source) -> list[Fragment]:
    selection = source.selection
    read = {
        "series": sql("passed.1"),
        "comparison": comparison(selection.ranges, selection.now, column="began"),
        **({"bucket": bucket(source.edges, column="began")} if source.edges else {}),
        **{name: typed_value(sql("passed.3"), at) for at, name in enumerate(dimensions(source.breakdown))},
        **{name: _INPUTS.get(input_, sql("NULL")) for name, (input_, _) in source.inputs.items()},
    }
    return [sql(f"{{read}} AS {name}", read=each) for name, each in read.items()]


def _sessions(source: Source) -> Fragment:
    """Select `began, seconds, events_in_session` and `passed`: series, passing events, key of the first."""
    selection = source.selection
    first = ", minIf(key, {passes})" if source.breakdown else ""
    passes = [
        sql(
            f"(toUInt8({{at}}), countIf({{passes}}){first})",
            at=sql(str(at)),
            passes=sql(f"passes_{at}"),
        )
        for at, _ in source.session_series
    ]
    columns = _event_columns(source)
    values = [sql(name) for name in dimensions(source.breakdown)]
    keys = {"key": key(sql("toUnixTimestamp64Milli(time)"), values)} if values else {}
    return sql(
        """\
SELECT
    min(time) AS began,
    (toUnixTimestamp64Milli(max(time)) - toUnixTimestamp64Milli(began)) / 1000 AS seconds,
    count() AS events_in_session,
    arrayJoin(arrayFilter(each -> each.2 > 0, [{passes}])) AS passed
FROM (
    {rows})
GROUP BY person, session""",
        passes=joined(", ", passes),
        rows=staged(
            sql(
                """\
SELECT
    {person} AS person,
    session,
    {columns}
FROM {events}
WHERE {whole}""",
                person=person(selection),
                columns=listed(columns),
                events=events(source, *columns),
                whole=clauses(
                    [
                        *of_project(source),
                        sql("time <= {now}", now=instant(selection.now)),
                        sql("events.person != 0 AND session != 0"),
                        of_whole_sessions(selection, [(each.start, each.end) for each in selection.ranges]),
                    ]
                ),
            ),
            [keys],
        ),
    )


def _event_columns(source: Source) -> list[Fragment]:
    selection = source.selection
    named = zip(dimensions(source.breakdown), dimension_values(source.breakdown), strict=True)
    return [
        sql("events.time AS time"),
        *(sql(f"{{read}} AS {name}", read=read) for name, read in named),
        *(
            sql(
                f"{{passes}} AS passes_{at}",
                passes=every(
                    [
                        holds(selection.condition, selection.zone),
                        of_series(each, source, by_name=True),
                    ]
                ),
            )
            for at, each in source.session_series
        ),
    ]
