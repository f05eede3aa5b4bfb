"""Stickiness as one statement: a row per event, per series and person, per number of buckets."""

from eventglass.planning.stickiness import Stickiness
from eventglass.sql.bucket_numbers import bucket_number, numbers_in_order
from eventglass.sql.event_rows import conditions, series_position
from eventglass.sql.events import events
from eventglass.sql.fragment import Fragment, clauses, sql, value
from eventglass.sql.keys import selected_series, varying
from eventglass.sql.people import person
from eventglass.sql.source import Source

WIDTH = 3


def stuck(stickiness: Stickiness) -> Fragment:
    """Select `series, buckets, persons`: how many were active in exactly so many buckets."""
    return sql(
        """\
SELECT
    series,
    buckets,
    count() AS persons
FROM (
    {persons})
GROUP BY series, buckets""",
        persons=_persons(stickiness) if stickiness.min_events == 1 else _of_several(stickiness),
    )


def _persons(stickiness: Stickiness) -> Fragment:
    """Select the number of `buckets` of each series and person, where one event is enough."""
    return sql(
        """\
SELECT
    {series},
    length({numbers}) AS buckets
FROM (
    {active})
GROUP BY {by}""",
        series=sql(selected_series(stickiness.selection)),
        by=_by(stickiness),
        numbers=numbers_in_order(stickiness.edges[:-1], "bucket"),
        active=_active(stickiness),
    )


def _of_several(stickiness: Stickiness) -> Fragment:
    """Select the same, where it takes several events."""
    return sql(
        """\
SELECT
    {series},
    count() AS buckets
FROM (
    SELECT
        {series},
        person
    FROM (
        {active})
    GROUP BY {by}, bucket
    HAVING count() >= {least})
GROUP BY {by}""",
        series=sql(selected_series(stickiness.selection)),
        by=_by(stickiness),
        active=_active(stickiness),
        least=value("UInt64", stickiness.min_events),
    )


def _by(stickiness: Stickiness) -> Fragment:
    return sql(", ".join(varying(["series", "person"], stickiness.selection)))


def _active(stickiness: Stickiness) -> Fragment:
    """Select `series, person, bucket` of every event, the bucket by number."""
    source = Source(selection=stickiness.selection, measures=(), breakdown=None, hours=stickiness.hours)
    series, wanted = series_position(source), [*conditions(source), sql("events.person != 0")]
    return sql(
        """\
SELECT
    {series} AS series,
    {person} AS person,
    {bucket} AS bucket
FROM {events}
WHERE {conditions}""",
        series=series,
        person=person(stickiness.selection),
        bucket=bucket_number(stickiness.edges),
        events=events(source, series, *wanted, since=source.since, until=source.until),
        conditions=clauses(wanted),
    )
