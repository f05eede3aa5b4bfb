"""What is known of persons, beside their events: the one place that joins traits (semantics 3.10, 3.11).

A trait was given to a user's id, under a name and since a time; a person has those of all their ids.
`$user.x` is one value per person. `$user_at_event.x` is the last one before an event, which the engine
finds by a search in the person's sorted times (ASOF), however often a trait has changed.
"""

from collections.abc import Sequence

from eventglass.planning.properties import Trait
from eventglass.planning.selection import Selection
from eventglass.sql.erasures import traits_remain
from eventglass.sql.fragment import Fragment, clauses, joined, listed, name, named_in, sql, value
from eventglass.sql.people import followed, person
from eventglass.sql.when import instant

_PREFIX = "trait"
_NOTHING = "(toUInt8(0), toFloat64(0), '')"

_NOW = """\
ANY LEFT JOIN (
    {values}) AS {trait}
    ON {trait}.somebody = {person}"""
_AT_EVENT = """\
ASOF LEFT JOIN (
    {values}) AS {trait}
    ON {trait}.somebody = {person} AND {trait}.since <= events.time"""


def trait(of: Trait) -> Fragment:
    """Read a trait; `with_traits` brings it.

    Returns:
        Tuple(kind UInt8, number Float64, text String) as `values.typed`, but kind 5 for lists and objects.
    """
    return sql("{trait}.content", trait=name(_PREFIX, of))


def with_traits(events: Fragment, selection: Selection, reading: Sequence[Fragment]) -> Fragment:
    """Join the traits that expressions read to events; every event stays one row.

    Args:
        events: the table, and what else is joined to it.
        selection: whose events.
        reading: the expressions.
    """
    joins = [
        sql(
            _AT_EVENT if each.at_event else _NOW,
            values=_at_event(each, selection) if each.at_event else _now(each, selection),
            trait=name(_PREFIX, each),
            person=person(selection),
        )
        for each in named_in(reading, _PREFIX)
        if isinstance(each, Trait)
    ]
    return joined("\n", [events, *joins])


# Added to a time it makes a number without a sign.
_BEFORE_ALL = 2**62
# The latest time's, then the highest version's. As tuples by a tuple they are kept value by value: five
# traits took ten times as long as one. So each part is kept by a number, which no two rows of a name share:
# a call has a version of its own, and gives a name one value.
_WHEN = f"bitShiftLeft(toUInt128(toUnixTimestamp64Milli(since) + {_BEFORE_ALL}), 64) + version"
_LATEST = f"""\
tuple(
    argMaxIf({{kind}}, {_WHEN}, name = {{name}}),
    argMaxIf({{number}}, {_WHEN}, name = {{name}}),
    argMaxIf({{text}}, {_WHEN}, name = {{name}})) AS content_{{at}}"""


def _now(of: Trait, selection: Selection) -> Fragment:
    """Select `somebody, content`."""
    return sql(
        """\
SELECT
    somebody,
    {content} AS content
FROM (
    SELECT
        {followed} AS somebody,
        {latest}
    FROM traits
    WHERE {conditions}
    GROUP BY somebody)""",
        content=_first_given(of),
        followed=followed(sql("traits.own"), selection),
        latest=_of_each_name(of, _LATEST),
        conditions=_conditions(of, selection),
    )


def _at_event(of: Trait, selection: Selection) -> Fragment:
    """Select `somebody, since, content`: a row whenever a name that it may be given under was given."""
    return sql(
        """\
SELECT
    somebody,
    since,
    {content} AS content
FROM (
    SELECT
        somebody,
        since,
        {latest}
    FROM (
        SELECT
            {followed} AS somebody,
            since,
            {given}
        FROM traits
        WHERE {conditions}
        GROUP BY somebody, since)
    WINDOW so_far AS (PARTITION BY somebody ORDER BY since))""",
        content=_first_given(of),
        latest=_of_each_name(of, "argMaxIf(given_{at}, since, is_given_{at}) OVER so_far AS content_{at}"),
        given=_of_each_name(
            of,
            "argMaxIf(({kind}, {number}, {text}), version, name = {name}) AS given_{at}",
            "countIf(name = {name}) > 0 AS is_given_{at}",
        ),
        followed=followed(sql("traits.own"), selection),
        conditions=_conditions(of, selection),
    )


def _of_each_name(of: Trait, *templates: str) -> Fragment:
    path = value("String", of.name)
    read = {
        part: sql(f"{column}[indexOf(paths, {{path}})]", path=path)
        for part, column in (("kind", "kinds"), ("number", "numbers"), ("text", "texts"))
    }
    return listed(
        sql(template, **read, name=value("String", each), at=sql(str(at)))
        for at, each in enumerate(of.given_names)
        for template in templates
    )


def _first_given(of: Trait) -> Fragment:
    contents = [f"content_{at}" for at in range(len(of.given_names))]
    cases = [f"{each}.1 != 0, {each}, " for each in contents]
    return sql(f"multiIf({''.join(cases)}{_NOTHING})")


def _conditions(of: Trait, selection: Selection) -> Fragment:
    return clauses(
        [
            sql("project_id = {project}", project=value("String", selection.project_id)),
            sql("name IN {names}", names=value("Array(String)", tuple(of.given_names))),
            sql("since <= {latest}", latest=instant(selection.latest_trait)),
            sql("version <= {version}", version=value("UInt64", selection.people.version)),
            *traits_remain(selection),
        ]
    )
