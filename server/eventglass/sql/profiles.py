"""What is known of persons, to look at: their events, their traits, and pages of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from eventglass.planning.people import People
from eventglass.sql.erasures import events_remain, links_remain, traits_remain
from eventglass.sql.fragment import Fragment, clauses, sql, statement, value
from eventglass.sql.people import PERSON_ID, followed
from eventglass.sql.statement import Statement
from eventglass.sql.when import instant

# Stands for the time of an event that there is not; before (after) all times.
NEVER = -(2**62)


@dataclass(frozen=True, slots=True, kw_only=True)
class Persons:
    """Whose persons, and how far they are looked at. Times are in milliseconds since 1970.

    Args:
        now: later events do not exist.
        arrived_until: neither do those that arrived later; None: there are none.
    """

    project_id: str
    people: People
    now: int
    arrived_until: int | None


def seen(within: Persons, owns: Sequence[int]) -> Statement:
    """Select, of all events of some ids: how many, the first and the last time, and one of the ids."""
    return statement(
        sql(
            """\
SELECT
    count(),
    toUnixTimestamp64Milli(min(time)),
    toUnixTimestamp64Milli(max(time)),
    any({id})
FROM events
WHERE {conditions}""",
            id=PERSON_ID,
            conditions=clauses([*_events(within), _among("events.person", owns)]),
        ),
        columns=4,
    )


def page(within: Persons, after: tuple[int, int] | None, size: int) -> Statement:
    """Select `somebody, events, first, last` of persons, those with the latest event first.

    Args:
        within: whose.
        after: `last` and `somebody` of the last one of the page before.
        size: how many.
    """
    return statement(
        sql(
            """\
SELECT
    somebody,
    sum(events_of) AS events_in_all,
    min(first_of) AS first,
    max(last_of) AS last
FROM (
    {active}
    UNION ALL
    {identified})
GROUP BY somebody
HAVING {further}
ORDER BY last DESC, somebody
LIMIT {size}""",
            active=_active(within),
            identified=_identified(within),
            further=_further(after),
            size=value("UInt32", size),
        ),
        columns=4,
    )


def _active(within: Persons) -> Fragment:
    """Persons with events."""
    return sql(
        """\
SELECT
    {person} AS somebody,
    count() AS events_of,
    toUnixTimestamp64Milli(min(time)) AS first_of,
    toUnixTimestamp64Milli(max(time)) AS last_of
FROM events
WHERE {conditions}
GROUP BY somebody""",
        person=followed(sql("events.person"), within),
        conditions=clauses([*_events(within), sql("events.person != 0")]),
    )


def _identified(within: Persons) -> Fragment:
    """Persons of whom something was told, with events or without."""
    return sql(
        """\
SELECT DISTINCT
    latest.2 AS somebody,
    toUInt64(0) AS events_of,
    {after_all} AS first_of,
    {never} AS last_of
FROM (
    SELECT argMax((id, person), version) AS latest
    FROM person_ids
    WHERE {conditions}
    GROUP BY own)
WHERE latest.1 != ''""",
        after_all=value("Int64", -NEVER),
        never=value("Int64", NEVER),
        conditions=clauses(
            [
                sql("project_id = {project}", project=value("String", within.project_id)),
                sql("version <= {version}", version=value("UInt64", within.people.version)),
                *links_remain(within),
            ]
        ),
    )


def own_ids(within: Persons, owns: Sequence[int]) -> Statement:
    """Select `own, id`: by which id the events of some keys name who did them."""
    return statement(
        sql(
            """\
SELECT events.person AS own, any({id})
FROM events
WHERE {conditions}
GROUP BY own""",
            id=PERSON_ID,
            conditions=clauses([*_events(within), _among("events.person", owns)]),
        ),
        columns=2,
    )


def traits(within: Persons, owns: Sequence[int]) -> Statement:
    """Select `own, name, since, version, given`: what some ids were last given under each name."""
    return statement(
        sql(
            """\
SELECT own, name, latest.1, latest.2, latest.3
FROM (
    SELECT traits.own AS own, name, max((toUnixTimestamp64Milli(since), version, given)) AS latest
    FROM traits
    WHERE {conditions}
    GROUP BY own, name)""",
            conditions=clauses(
                [
                    sql("project_id = {project}", project=value("String", within.project_id)),
                    _among("traits.own", owns),
                    sql("since <= {now}", now=instant(within.now)),
                    sql("version <= {version}", version=value("UInt64", within.people.version)),
                    *traits_remain(within),
                ]
            ),
        ),
        columns=5,
    )


def _events(within: Persons) -> list[Fragment]:
    return [
        sql("project_id = {project}", project=value("String", within.project_id)),
        sql("time <= {now}", now=instant(within.now)),
        sql("received_at <= {at}", at=instant(within.arrived_until))
        if within.arrived_until is not None
        else sql("0"),
        *events_remain(within),
    ]


def _among(column: str, owns: Sequence[int]) -> Fragment:
    return sql(f"{column} IN {{owns}}", owns=value("Array(UInt64)", tuple(owns)))


def _further(after: tuple[int, int] | None) -> Fragment:
    if after is None:
        return sql("1")
    last, somebody = after
    return sql(
        "(last < {last} OR last = {last} AND somebody > {somebody})",
        last=value("Int64", last),
        somebody=value("UInt64", somebody),
    )
