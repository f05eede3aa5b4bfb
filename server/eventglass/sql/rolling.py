"""Unique users in rolling windows: the changes from bucket to bucket (semantics 4.6).

A person is not counted once for every window that sees one of their events. Between two moments
(edges of buckets or windows) all events are seen by the same buckets, so one row per person and
moment is enough; and buckets in a row that see a person are one entry, where the first of them
begins, and one exit, where the first one that does not see them begins. For three days of windows
of two days, a person with events on the days 1 and 2 is seen from bucket 1 to the end:

    moments [day 1, day 2] -> seen [1, 3), [2, 4) -> changes (bucket 1, +1), (after the last, -1)

The number of a bucket is the sum of all changes up to it; shaping adds them up.
"""

from eventglass.planning.rolling import Rolling, Windows
from eventglass.sql.aggregations import result_column, states
from eventglass.sql.event_rows import conditions, series_position
from eventglass.sql.fragment import Fragment, clauses, joined, listed, sql, value
from eventglass.sql.groups import hidden, placed, placed_names, ranked
from eventglass.sql.people import person
from eventglass.sql.source import Source, dimension_values, dimensions, events
from eventglass.sql.stages import Columns, staged

# Before and after all edges.
_FIRST, _LAST = -(2**63), 2**63 - 1


def rolled(source: Source, rolling: Rolling, *, shared: bool) -> Fragment:
    """Select what `grouped` does, `result_0` being the change from the bucket before.

    There are rows of buckets without a change, and of the range's end as a bucket; but a value that
    is kept has at least one row.

    Args:
        source: of series of unique users, over the times in which events are read.
        rolling: the windows.
        shared: all series keep the same values.
    """
    kept = placed_names(source.breakdown) if source.breakdown else []
    keys = ["series", "comparison", "bucket", *kept]
    (measure,) = source.measures
    return sql(
        """\
SELECT
    {keys},
    sum(if(actor = 0, 0, change.2)) AS {result}
FROM (
    {changes})
GROUP BY {by}""",
        keys=listed(map(sql, keys)),
        result=sql(result_column(measure)),
        changes=staged(_persons(source, rolling, shared=shared), _changes(rolling.windows)),
        by=sql(", ".join(keys)),
    )


def _changes(windows: tuple[Windows, ...]) -> list[Columns]:
    entered = sql(
        """\
arrayMap(since -> (since, 1), arrayFilter(
    (since, before) -> since > before,
    sinces, arrayPopBack(arrayPushFront(untils, {first}))))""",
        first=value("Int64", _FIRST),
    )
    left = sql(
        """\
arrayMap(until -> (until, -1), arrayFilter(
    (until, following) -> following > until,
    untils, arrayPopFront(arrayPushBack(sinces, {last}))))""",
        last=value("Int64", _LAST),
    )
    return [
        {"seen": sql("arrayJoin([{seen}])", seen=joined(", ", map(_seen, range(len(windows)), windows)))},
        {"comparison": sql("seen.1"), "sinces": sql("seen.2"), "untils": sql("seen.3")},
        {"change": sql("arrayJoin(arrayConcat({entered}, {left}))", entered=entered, left=left)},
        {"bucket": sql("change.1")},
    ]


def _seen(comparison: int, windows: Windows) -> Fragment:
    """For each moment, the first bucket that sees its events, and the first one after it that does not."""
    return sql(
        f"""\
(
    {comparison},
    arrayMap(at -> roundDown(at, {{edges}}), moments),
    arrayMap(at -> transform(roundDown(at, {{starts}}), {{starts}}, {{unseen}}), moments))""",
        edges=value("Array(Int64)", windows.edges),
        starts=value("Array(Int64)", windows.starts),
        unseen=value("Array(Int64)", windows.unseen),
    )


def _persons(source: Source, rolling: Rolling, *, shared: bool) -> Fragment:
    """Select `series[, place, kept_0 …], actor, moments`: a row per person, with their moments in order."""
    active = _active(source, rolling)
    if source.breakdown is None:
        return sql(
            """\
SELECT
    series,
    actor,
    arraySort(groupArray(at)) AS moments
FROM (
    {active})
GROUP BY series, actor""",
            active=active,
        )
    kept = placed_names(source.breakdown)
    return sql(
        """\
SELECT
    series,
    {kept},
    actor,
    arraySort(groupUniqArray(at)) AS moments
FROM (
    SELECT
        series,
        {placed},
        actor,
        at
    FROM (
        {ranked})
    ARRAY JOIN actors AS actor, ats AS at)
{hidden}GROUP BY series, {by}, actor""",
        kept=listed(map(sql, kept)),
        placed=listed(placed(source.breakdown)),
        ranked=ranked(source, _cells(source, rolling, active), shared=shared),
        hidden=hidden(source.breakdown),
        by=sql(", ".join(kept)),
    )


def _cells(source: Source, rolling: Rolling, active: Fragment) -> Fragment:
    """Gather the persons and moments of each value, with what its total is computed of.

    What is not in the main range is as good as a comparison there.
    """
    names = dimensions(source.breakdown)
    return sql(
        """\
SELECT
    series,
    if(at >= {start} AND at < {end}, 0, 1) AS comparison,
    {dimensions},
    {states},
    groupArray(actor) AS actors,
    groupArray(at) AS ats
FROM (
    {active})
GROUP BY {by}""",
        start=value("Int64", rolling.main.start),
        end=value("Int64", rolling.main.end),
        dimensions=listed(map(sql, names)),
        states=listed(state for each in source.measures for state in states(each)),
        active=staged(active, [{"person": sql("nullIf(actor, 0)")}]),
        by=sql(", ".join(["series", "comparison", *names])),
    )


def _active(source: Source, rolling: Rolling) -> Fragment:
    """Select `actor, series[, dimension_0 …], at`: once per person, value and moment with an event.

    Nobody, 0, is no user; but the values of such events are values of the breakdown.
    """
    named = zip(dimensions(source.breakdown), dimension_values(source.breakdown), strict=True)
    columns = [
        sql("{person} AS actor", person=person(source.selection)),
        sql("{series} AS series", series=series_position(source)),
        *(sql(f"{{read}} AS {name}", read=read) for name, read in named),
        sql(
            "roundDown(toUnixTimestamp64Milli(time), {moments}) AS at",
            moments=value("Array(Int64)", rolling.moments),
        ),
    ]
    wanted = [*conditions(source), *([] if source.breakdown else [sql("events.person != 0")])]
    return sql(
        """\
SELECT
    {columns}
FROM {events}
WHERE {conditions}
GROUP BY {by}""",
        columns=listed(columns),
        events=events(source, *columns, *wanted),
        conditions=clauses(wanted),
        by=sql(", ".join(["actor", "series", *dimensions(source.breakdown), "at"])),
    )
