"""Who an event's person is: the one seam between a person's own ids and the person (semantics 2.7 to 2.11).

An event is stored under the key of its own id, for good. Ids that were joined by Identify or Alias
are followed when a question is asked, so that a join counts at once and for all of the past. The
pairs (own key, person's key) are gathered once per statement, as a constant, and `transform` looks
each event's key up in a hash table: nothing is kept in memory between questions, and nothing is
asked in a project that has joined no ids.
"""

from typing import Protocol

from eventglass.planning.people import People
from eventglass.planning.selection import Selection
from eventglass.sql.fragment import Fragment, sql, value

# The id by which an event names its person; "" of nobody.
PERSON_ID = sql("if(user_id != '', user_id, anonymous_id)")


class Followed(Protocol):
    """What persons are followed in."""

    @property
    def project_id(self) -> str:
        """Whose persons they are."""

    @property
    def people(self) -> People:
        """What is known of them."""


def person(selection: Selection) -> Fragment:
    """Read the key of an event's person; 0 is nobody. UInt64."""
    return followed(sql("events.person"), selection)


def followed(own: Fragment, within: Followed) -> Fragment:
    """Follow the key of an id to its person's. UInt64."""
    if not within.people.merged:
        return own
    return sql(
        "transform({own}, {merges}[1].1, {merges}[1].2, {own})",
        own=own,
        merges=_merges(within),
    )


def _merges(within: Followed) -> Fragment:
    """Gather the keys that are not their person's, and their persons'; each time the same constant.

    An array around them, for that is what the engine keeps beside the statement: a tuple it would write
    out, with all that is in it, in the name of whatever is read from it.
    """
    return sql(
        """\
(
    SELECT [(groupArray(own), groupArray(merged))]
    FROM (
        SELECT own, argMax(person, version) AS merged
        FROM person_ids
        WHERE project_id = {project} AND version <= {version}
        GROUP BY own
        HAVING merged != own))""",
        project=value("String", within.project_id),
        version=value("UInt64", within.people.version),
    )
