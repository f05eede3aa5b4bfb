"""Counts of a snapshot: of all its events, by page, and by name, in one scan."""

from eventglass.planning.snapshot import Snapshot
from eventglass.sql import values
from eventglass.sql.fragment import clauses, sql, statement, value
from eventglass.sql.log import conditions
from eventglass.sql.people import followed
from eventglass.sql.statement import Statement

# What a row counts, as the columns that it is grouped by: see GROUPING SETS below.
OF_ALL, BY_NAME, BY_PAGE = 3, 1, 2


def counts(snapshot: Snapshot) -> Statement:
    """Select what is counted (one of the constants), its name or page, events, persons and sessions.

    Rows of names and pages are the largest, by events and then by code point.
    """
    matched = conditions(snapshot.latest)
    return statement(
        sql(
            """\
SELECT
    grouping(event, page) AS counted,
    if(counted = {of_all}, '', if(counted = {by_name}, event, assumeNotNull(page))) AS name,
    count() AS events,
    uniqExactIf(person, person != 0) AS users,
    uniqExactIf((person, session), person != 0 AND session != 0) AS sessions
FROM (
    SELECT
        toString(event) AS event,
        {page} AS page,
        {person} AS person,
        session
    FROM events
    WHERE {matched})
GROUP BY GROUPING SETS ((), (event), (page))
HAVING counted != {by_page} OR isNotNull(page)
ORDER BY counted, events DESC, name
LIMIT {limit} BY counted""",
            of_all=sql(str(OF_ALL)),
            by_name=sql(str(BY_NAME)),
            by_page=sql(str(BY_PAGE)),
            page=values.text(snapshot.page),
            person=followed(sql("events.person"), snapshot),
            matched=clauses(matched),
            limit=value("UInt32", snapshot.limit),
        ),
        columns=5,
    )
