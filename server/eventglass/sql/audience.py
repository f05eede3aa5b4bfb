"""The size of an audience: a row per id that did something, and a join for each behaviour."""

from eventglass.planning.audience_size import AudienceSize
from eventglass.sql.conditions import holds
from eventglass.sql.events import events
from eventglass.sql.fragment import clauses, sql, statement
from eventglass.sql.people import person
from eventglass.sql.source import Source, of_project
from eventglass.sql.statement import Statement
from eventglass.sql.when import instant


def audience_size(size: AudienceSize) -> Statement:
    """Select `size, total`: how many persons are in an audience, and how many there are."""
    selection = size.selection
    source = Source(selection=selection, measures=(), breakdown=None)
    member = holds(selection.condition, selection.zone)
    everyone = [
        *of_project(source),
        sql("time <= {latest}", latest=instant(selection.latest)),
        sql("events.person != 0"),
    ]
    ids = sql(
        """\
(
    SELECT DISTINCT person
    FROM events
    WHERE {conditions}) AS events""",
        conditions=clauses(everyone),
    )
    counted = sql(
        """\
SELECT
    uniqExactIf({person}, {member}) AS size,
    uniqExact({person}) AS total
FROM {events}""",
        person=person(selection),
        member=member,
        events=events(source, member, table=ids),
    )
    return statement(counted, columns=2)
