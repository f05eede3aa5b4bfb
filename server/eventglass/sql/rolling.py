"""Unique users in rolling windows: the changes from bucket to bucket (semantics 4.6).

A person is not counted once for every window that sees one of their events. Between two moments
(edges of buckets or windows) all events are seen by the same buckets, so the moments of each person,
by number, are enough; and of what a moment is seen by, the buckets up to those that see the person's
next moment are its share. For three days of windows of two days, a person with events on the days 1
and 2 is seen by all buckets from the first on:

    (day 1, next day 2) -> seen [1, 3), share [1, 2) -> changes (bucket 1, +1), (bucket 2, -1)
    (day 2, no next)    -> seen [2, 4), share [2, 4) -> changes (bucket 2, +1), (bucket 4, -1)

Persons are counted by such pairs, of which there are few. The number of a bucket is the sum of all
changes up to it; shaping adds them up.
"""

from eventglass.planning.rolling import Rolling, Windows
from eventglass.sql.aggregations import result_column, states
from eventglass.sql.bucket_numbers import bucket_number, numbers_in_order
from eventglass.sql.event_rows import conditions, selected_events, series_position
from eventglass.sql.fragment import Fragment, joined, listed, sql, value
from eventglass.sql.groups import hidden, placed, placed_names, ranked
from eventglass.sql.keys import selected_series, varying
from eventglass.sql.people import person
from eventglass.sql.source import Source, dimension_values, dimensions
from eventglass.sql.stages import Columns, staged


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
    (measure,) = source.measures
    return sql(
        """\
SELECT
    series,
    comparison,
    {bucket} AS bucket,
    {kept}sum(change.2) AS {result}
FROM (
    {changes})
ARRAY JOIN changes AS change
GROUP BY {by}""",
        bucket=_begin(rolling.windows),
        kept=sql("".join(f"{name},\n    " for name in kept)),
        result=sql(result_column(measure)),
        changes=staged(_pairs(source, rolling, shared=shared), _changes(rolling.windows)),
        by=sql(", ".join(["series", "comparison", *kept, "change.1"])),
    )


def _begin(windows: tuple[Windows, ...]) -> Fragment:
    """Read where the bucket of a change begins; no bucket, 0, is the range's end."""
    begins = joined(", ", (value("Array(Int64)", (each.edges[-1], *each.edges)) for each in windows))
    return sql("[{begins}][comparison + 1][change.1 + 1]", begins=begins)


def _changes(windows: tuple[Windows, ...]) -> list[Columns]:
    return [
        {"seen": sql("arrayJoin([{seen}])", seen=joined(", ", map(_seen, range(len(windows)), windows)))},
        {"comparison": sql("seen.1"), "changes": sql("[(seen.2, persons), (seen.3, -persons)]")},
    ]


def _seen(comparison: int, windows: Windows) -> Fragment:
    """Read the first bucket of a moment's share and the first one after it; the same where it has none."""
    return sql(
        f"""\
(
    {comparison},
    {{since}}[at],
    greatest({{since}}[at], if(following = 0, {{until}}[at], least({{until}}[at], {{since}}[following]))))""",
        since=value("Array(UInt16)", windows.since),
        until=value("Array(UInt16)", windows.until),
    )


def _pairs(source: Source, rolling: Rolling, *, shared: bool) -> Fragment:
    """Count persons by a moment and their next one: `series[, place, kept_0 …], at, following, persons`.

    `following` is 0 after the last moment; `at` is where there is none.
    """
    kept = placed_names(source.breakdown) if source.breakdown else []
    return sql(
        """\
SELECT
    {names},
    intDiv(pair, {size}) AS at,
    pair % {size} AS following,
    toInt64(count()) AS persons
FROM (
    {persons})
LEFT ARRAY JOIN arrayMap(
    (at, following) -> toUInt32(at * {size} + following),
    moments,
    arrayResize(arrayPopFront(moments), length(moments))) AS pair
GROUP BY {by}""",
        names=listed(map(sql, [selected_series(source.selection), *kept])),
        size=value("UInt32", len(rolling.moments) + 1),
        persons=_persons(source, rolling, shared=shared),
        by=sql(", ".join(varying(["series", *kept, "pair"], source.selection))),
    )


def _persons(source: Source, rolling: Rolling, *, shared: bool) -> Fragment:
    """Select `series[, place, kept_0 …], moments`: a row per person, with their moments in order."""
    moments = numbers_in_order(rolling.moments, "at")
    if source.breakdown is None:
        return sql(
            """\
SELECT
    {series},
    {moments} AS moments
FROM (
    {seen})
GROUP BY {by}""",
            series=sql(selected_series(source.selection)),
            by=sql(", ".join(varying(["series", "actor"], source.selection))),
            moments=moments,
            seen=_events(source, rolling),
        )
    kept = placed_names(source.breakdown)
    return sql(
        """\
SELECT
    {series},
    {kept},
    if(actor = 0, [], {moments}) AS moments
FROM (
    SELECT
        series,
        {placed},
        actor,
        at
    FROM (
        {ranked})
    ARRAY JOIN actors AS actor, ats AS at)
{hidden}GROUP BY {by}""",
        series=sql(selected_series(source.selection)),
        kept=listed(map(sql, kept)),
        moments=moments,
        placed=listed(placed(source.breakdown)),
        ranked=ranked(source, _cells(source, rolling), shared=shared),
        hidden=hidden(source.breakdown),
        by=sql(", ".join(varying(["series", *kept, "actor"], source.selection))),
    )


def _cells(source: Source, rolling: Rolling) -> Fragment:
    """Gather the persons and moments of each value, with what its total is computed of.

    What is not in the main range is as good as a comparison there.
    """
    names = dimensions(source.breakdown)
    first, after = rolling.in_main
    keys = ", ".join(["actor", "series", *names, "at"])
    return sql(
        """\
SELECT
    series,
    if(at >= {first} AND at < {after}, 0, 1) AS comparison,
    {dimensions},
    {states},
    groupArray(actor) AS actors,
    groupArray(at) AS ats
FROM (
    {active})
GROUP BY {by}""",
        first=value("UInt32", first),
        after=value("UInt32", after),
        dimensions=listed(map(sql, names)),
        states=listed(state for each in source.measures for state in states(each)),
        active=staged(
            sql(
                f"SELECT {keys}\nFROM (\n    {{seen}})\nGROUP BY {keys}",
                seen=_events(source, rolling),
            ),
            [{"person": sql("nullIf(actor, 0)")}],
        ),
        by=sql(", ".join(["series", "comparison", *names])),
    )


def _events(source: Source, rolling: Rolling) -> Fragment:
    """Select `actor, series[, dimension_0 …], at`, the number of the moment, of each event and series.

    Nobody, 0, is no user; but the values of such events are values of the breakdown.
    """
    named = zip(dimensions(source.breakdown), dimension_values(source.breakdown), strict=True)
    columns = [
        sql("{person} AS actor", person=person(source.selection)),
        sql("{series} AS series", series=series_position(source)),
        *(sql(f"{{read}} AS {name}", read=read) for name, read in named),
        sql("{moment} AS at", moment=bucket_number(rolling.moments)),
    ]
    somebody = [] if source.breakdown else [sql("events.person != 0")]
    return selected_events(source, columns, [*conditions(source), *somebody])
