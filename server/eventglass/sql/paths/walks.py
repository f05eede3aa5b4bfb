"""2. A row per path: its events in order, as integers, from or up to the event that bounds it."""

from eventglass.planning.paths import Paths
from eventglass.planning.properties import Fact
from eventglass.sql import values
from eventglass.sql.conditions import holds
from eventglass.sql.events import events
from eventglass.sql.fragment import ALWAYS, Fragment, clauses, every, listed, sql, value
from eventglass.sql.paths.nodes import NO_NODE, NODE_BITS, number, source
from eventglass.sql.people import person
from eventglass.sql.series import of_series
from eventglass.sql.session_key import session_key
from eventglass.sql.source import of_project
from eventglass.sql.stages import staged
from eventglass.sql.when import not_after, not_before
from eventglass.sql.whole_sessions import of_whole_sessions

# Below the time: the node, and one bit that is 0 for the event that bounds a path.
_CODE_BITS = NODE_BITS + 1


def walks(paths: Paths) -> Fragment:
    """Select `walk`, the sort keys of a path's events in order: time, node, bit of the bound."""
    if paths.gap is None:
        return sql("SELECT keys AS walk\nFROM (\n    {units})", units=_units(paths))
    return sql(
        f"""\
SELECT
    arrayJoin(arraySplit(
        (key, before) -> bitShiftRight(key, {_CODE_BITS}) - bitShiftRight(before, {_CODE_BITS}) > {{gap}},
        keys, arrayPopBack(arrayPushFront(keys, keys[1])))) AS walk
FROM (
    {{units}})""",
        gap=value("UInt64", paths.gap),
        units=_units(paths),
    )


def bounded(paths: Paths) -> Fragment:
    """Select `nodes`: those of each path that is counted, from its start on, one more than is shown.

    Of paths to an event they are in reverse, so that those, too, begin with what all have in common.
    """
    cut = sql("walk")
    rows = walks(paths)
    if paths.edge:
        rows = staged(rows, [{"bound": sql("arrayFirstIndex(key -> bitAnd(key, 1) = 0, walk)")}])
        cut = sql("arrayReverse(arraySlice(walk, 1, bound))" if paths.to_edge else "arraySlice(walk, bound)")
    return sql(
        """\
SELECT
    {nodes} AS nodes
FROM (
    {rows})
WHERE {counts}""",
        nodes=_nodes(paths, cut),
        rows=rows,
        counts=sql("bound > 0") if paths.edge else ALWAYS,
    )


def _nodes(paths: Paths, cut: Fragment) -> Fragment:
    shown = sql(str(paths.max_steps + 1))
    read = f"arrayMap(key -> toUInt32(bitAnd(bitShiftRight(key, 1), {2**NODE_BITS - 1})), {{keys}})"
    if paths.collapse:
        whole = sql(read, keys=cut)
        return sql("arraySlice(arrayCompact({whole}), 1, {shown})", whole=whole, shown=shown)
    return sql(read, keys=sql("arraySlice({cut}, 1, {shown})", cut=cut, shown=shown))


def _units(paths: Paths) -> Fragment:
    """Select `keys`: the sort keys of a session's or person's events, in order."""
    columns, conditions = _columns(paths), _conditions(paths)
    of_use = _of_use(paths) if paths.gap is None else ALWAYS
    # Sessions may have begun before.
    since, until = (None, None) if paths.gap is None else (paths.start, paths.last + 1)
    return sql(
        """\
SELECT
    arraySort({gathered}) AS keys
FROM (
    SELECT
        {columns}
    FROM {events}
    WHERE {conditions})
GROUP BY {unit}{began}""",
        gathered=sql("groupArray(key)") if of_use == ALWAYS else sql("groupArrayIf(key, is_node)"),
        columns=listed(columns),
        events=events(
            source(paths),
            *columns,
            *conditions,
            since=since,
            until=until,
            sessions_in=(paths.start, paths.end),
        ),
        conditions=clauses(conditions),
        unit=sql("person") if paths.gap is not None else session_key(sql("person")),
        began=_began(paths),
    )


def _began(paths: Paths) -> Fragment:
    """Keep sessions that begin in the range; all persons."""
    if paths.gap is not None:
        return sql("")
    # The first event need not be a node.
    first = f"bitShiftRight(keys[1], {_CODE_BITS})" if _of_use(paths) == ALWAYS else "min(at)"
    return sql(f"\nHAVING {first} BETWEEN 1 AND {{length}}", length=value("Int64", paths.end - paths.start))


def _columns(paths: Paths) -> list[Fragment]:
    columns = [
        sql("{person} AS person", person=person(paths.selection)),
        # Milliseconds from the range's start, from 1; of all events before it 0.
        sql(
            "greatest(toUnixTimestamp64Milli(time) - {before}, 0) AS at",
            before=value("Int64", paths.start - 1),
        ),
        sql("{node} AS node", node=number(paths)),
        sql("{key} AS key", key=_key(paths)),
    ]
    if paths.gap is None:
        columns.append(sql("session"))
        if _of_use(paths) != ALWAYS:
            passes = holds(paths.selection.condition, paths.selection.zone)
            is_node = every([passes, sql(f"node != {NO_NODE}")])
            columns.append(sql("{is_node} AS is_node", is_node=is_node))
    return columns


def _key(paths: Paths) -> Fragment:
    """Pack time, node and bound into 64 bits where they fit, else into 128."""
    span_bits = max(1, paths.last - paths.start + 2).bit_length()
    type_ = "UInt64" if span_bits + _CODE_BITS <= 64 else "UInt128"
    bound = (
        sql("if({edge}, 0, 1)", edge=of_series(paths.edge, source(paths), by_name=True))
        if paths.edge
        else sql("1")
    )
    return sql(
        f"bitShiftLeft(to{type_}(at), {_CODE_BITS}) + bitShiftLeft(to{type_}(node), 1) + {{bound}}",
        bound=bound,
    )


def _of_use(paths: Paths) -> Fragment:
    """Tell whether an event is a node."""
    is_named = paths.node is Fact.EVENT_NAME
    return every(
        [
            holds(paths.selection.condition, paths.selection.zone),
            ALWAYS if is_named else values.is_present(paths.node),
        ]
    )


def _conditions(paths: Paths) -> list[Fragment]:
    of = source(paths)
    if paths.gap is None:
        # A session begins with its first event, whether or not that is a node.
        return [
            *of_project(of),
            not_after(paths.last),
            sql("events.person != 0 AND session != 0"),
            of_whole_sessions(paths.selection, [(paths.start, paths.end)]),
        ]
    return [
        *of_project(of),
        not_before(paths.start),
        not_after(paths.last),
        sql("events.person != 0"),
        _of_use(paths),
    ]
