"""A lifecycle as one statement: a row per event, per person, per person and bucket, per bucket."""

from eventglass.planning.lifecycle import Lifecycle
from eventglass.sql.bucket_numbers import bucket_number, numbers_in_order
from eventglass.sql.conditions import holds
from eventglass.sql.events import events
from eventglass.sql.fragment import ALWAYS, Fragment, clauses, sql
from eventglass.sql.people import person
from eventglass.sql.series import of_any
from eventglass.sql.source import Source, of_project
from eventglass.sql.when import instant

WIDTH = 5

# The number of the range's first bucket: 2 is the one before, 1 all history before that.
FIRST = 3


def lived(lifecycle: Lifecycle) -> Fragment:
    """Select `bucket, active, seen, new_users, returning` of every bucket that somebody was active in.

    Each bucket of a person is a step from the one before it, or from 0: the buckets 1, 3 and 4 are
    the steps (1, 0), (3, 1) and (4, 3).

    Columns:
        bucket: its number, the range's first being 3.
        active: persons with an event in it, whole.
        seen: of them, those with an event of it in the range.
        new_users: of these, those without an event in any bucket before.
        returning: of these, those with an event in the bucket before.
    """
    return sql(
        """\
SELECT
    step.1 AS bucket,
    count() AS active,
    countIf(is_seen) AS seen,
    countIf(is_seen AND step.2 = 0) AS new_users,
    countIf(is_seen AND step.2 = step.1 - 1) AS returning
FROM (
    SELECT
        arrayJoin(arrayZip(buckets, arrayPopBack(arrayPushFront(buckets, 0)))) AS step,
        {seen} AS is_seen
    FROM (
        {persons}))
GROUP BY bucket""",
        seen=sql(f"step.1 != {FIRST} OR is_in_first") if lifecycle.cuts_first else ALWAYS,
        persons=_persons(lifecycle),
    )


def _persons(lifecycle: Lifecycle) -> Fragment:
    """Select the `buckets` of each person, by number, in order."""
    before, _, second = lifecycle.edges[:3]
    edges = (before - 1, *lifecycle.edges)
    source = Source(selection=lifecycle.selection, measures=(), breakdown=None, hours=lifecycle.hours)
    conditions = _conditions(lifecycle, source)
    in_first = sql(
        ",\nmax(time >= {start} AND time < {second}) AS is_in_first",
        start=instant(lifecycle.start),
        second=instant(second),
    )
    return sql(
        """\
SELECT
    {buckets} AS buckets{in_first}
FROM (
    SELECT
        {person} AS person,
        time,
        {bucket} AS bucket
    FROM {events}
    WHERE {conditions})
GROUP BY person""",
        buckets=numbers_in_order(edges[:-1], "bucket"),
        in_first=in_first if lifecycle.cuts_first else sql(""),
        person=person(lifecycle.selection),
        bucket=bucket_number(edges),
        events=events(source, *conditions, until=lifecycle.end),
        conditions=clauses(conditions),
    )


def _conditions(lifecycle: Lifecycle, source: Source) -> list[Fragment]:
    """Keep all history, because a first event is only known from there."""
    selection = lifecycle.selection
    return [
        *of_project(source),
        sql("time <= {last}", last=instant(min(lifecycle.end - 1, selection.latest))),
        sql("events.person != 0"),
        holds(selection.condition, selection.zone),
        *of_any([lifecycle.series], source),
    ]
