"""3. A row per step, node and what follows it: how many paths, with all but the top nodes made other."""

from eventglass.planning.paths import Paths
from eventglass.sql import values
from eventglass.sql.fragment import Fragment, sql, value
from eventglass.sql.paths.nodes import NODE_BITS, dictionary, typed
from eventglass.sql.paths.walks import bounded

# What follows a node, besides the places of nodes.
NOTHING = 0
BEYOND = -1

WIDTH = 5


def linked(paths: Paths) -> Fragment:
    """Select `step, place, value, target, count`.

    Columns:
        step: from 1, the first of a path; of paths to an event from that one backwards.
        place: of the node among those of its step, from 1; other has the place after the last one.
        value: the node, as values.typed reads values; missing of other.
        target: the place of the next step's node; NOTHING where the path is over, BEYOND where the
            steps are.
        count: of paths.
    """
    return sql(
        """\
WITH (
    {dictionary}) AS known
SELECT
    step,
    toInt32(least(rank, {other})) AS place,
    if(rank < {other}, {typed}, {nothing_typed}) AS value,
    multiIf(
        next = 0, {nothing},
        step = {last}, {beyond},
        toInt32(least(next_rank, {other}))) AS target,
    sum(paths) AS count
FROM (
    {ranked})
GROUP BY step, place, value, target""",
        dictionary=dictionary(paths),
        typed=typed("node"),
        nothing_typed=values.MISSING,
        other=value("UInt32", paths.max_nodes + 1),
        nothing=value("Int32", NOTHING),
        beyond=value("Int32", BEYOND),
        last=value("UInt8", paths.max_steps),
        ranked=_ranked(paths),
    )


def _ranked(paths: Paths) -> Fragment:
    """Rank each step's nodes, by paths and then in their order.

    A path that goes on is at the next step, and whoever is there came over a link. So a target's
    paths are those of all links to it, and nothing has to be joined.
    """
    return sql(
        """\
SELECT
    *,
    dense_rank() OVER (PARTITION BY step ORDER BY through DESC, node) AS rank,
    dense_rank() OVER (PARTITION BY step, next = 0 ORDER BY arriving DESC, next) AS next_rank
FROM (
    SELECT
        *,
        sum(paths) OVER (PARTITION BY step, node) AS through,
        sum(paths) OVER (PARTITION BY step, next) AS arriving
    FROM (
        {counted}))""",
        counted=_counted(paths),
    )


def _counted(paths: Paths) -> Fragment:
    """Count the paths of each link: step, node, and the next one or 0."""
    return sql(
        f"""\
SELECT
    toUInt8(bitShiftRight(link, {2 * NODE_BITS})) AS step,
    toUInt32(bitAnd(bitShiftRight(link, {NODE_BITS}), {2**NODE_BITS - 1})) AS node,
    toUInt32(bitAnd(link, {2**NODE_BITS - 1})) AS next,
    count() AS paths
FROM (
    SELECT
        arrayJoin(arrayMap(
            (node, next, step) ->
                bitShiftLeft(toUInt64(step), {2 * NODE_BITS})
                + bitShiftLeft(toUInt64(node), {NODE_BITS})
                + next,
            arraySlice(nodes, 1, {{last}}) AS shown,
            arrayResize(arrayPopFront(nodes), length(shown)),
            arrayEnumerate(shown))) AS link
    FROM (
        {{bounded}}))
GROUP BY link""",
        last=value("UInt8", paths.max_steps),
        bounded=bounded(paths),
    )
