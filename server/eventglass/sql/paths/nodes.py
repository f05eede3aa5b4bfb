"""1. Nodes as numbers: each is its place in the order of all that there are.

Events are sorted by time, and those of one millisecond by node. With time and node in one integer
they are sorted, cut and compared at the speed of numbers. So the statement first reads which
different nodes there are; of event names that is little, for the table is sorted by them, and next to
nothing where all events are counted by the hour.

Places are in the order of semantics 6.4: 1 is no node, 2 false, 3 true; then come the numbers, then
the texts (and what lists and objects print as).
"""

from eventglass.planning.paths import Paths
from eventglass.planning.properties import Fact
from eventglass.planning.rollups import EVENT_HOURS
from eventglass.planning.selection import Selection
from eventglass.sql import values
from eventglass.sql.events import events
from eventglass.sql.fragment import Fragment, clauses, sql, value
from eventglass.sql.late import arrived_late
from eventglass.sql.source import Source, of_project
from eventglass.sql.when import not_after, not_before

# Places are below 2 to that.
NODE_BITS = 25

NO_NODE = 1
_TRUE = 3
# Different numbers and texts.
MOST_KNOWN = 2**NODE_BITS - 1 - _TRUE


def source(paths: Paths) -> Source:
    """Express a selection of paths as a source of rows."""
    return Source(selection=paths.selection, measures=(), breakdown=None)


def number(paths: Paths) -> Fragment:
    """Read the place of an event's node among all that are `known`; NO_NODE where it has none."""
    node = paths.node
    of_text = _place_in("known[1].2", f"{_TRUE} + length(known[1].1)", "text")
    if node is Fact.EVENT_NAME:
        return sql(of_text, text=sql("event"))
    if isinstance(node, Fact):
        shown = values.shown(node)
        return sql(f"if({{text}} = '', {NO_NODE}, {of_text})", text=shown)
    return sql(
        f"""\
multiIf(
    isNotNull({{text}}), {{of_text}},
    isNotNull({{number}}), {{of_number}},
    isNotNull({{boolean}}), if({{boolean}}, {_TRUE}, {_TRUE - 1}),
    {{composite}} != '', {{of_composite}},
    {NO_NODE})""",
        text=values.text(node),
        of_text=sql(of_text, text=sql("ifNull({text}, '')", text=values.text(node))),
        number=values.number(node),
        of_number=sql(
            _place_in("known[1].1", f"{_TRUE}", "number"),
            number=sql("ifNull({number}, 0)", number=values.number(node)),
        ),
        boolean=values.boolean(node),
        composite=values.composite(node),
        of_composite=sql(of_text, text=values.composite(node)),
    )


def _place_in(known: str, before: str, given: str) -> str:
    """Write how a value's place is found: among those known, after the places before them.

    Events may arrive after `known` was read, where the engine does not promise one state of the table
    for a whole statement. What is not known then has no place of another, but is no node.
    """
    places = f"range(toUInt32({before} + 1), toUInt32({before} + 1 + length({known})))"
    return f"transform({{{given}}}, {known}, {places}, toUInt32({NO_NODE}))"


def typed(place: str) -> Fragment:
    """Read a column of places back, as values.typed reads values."""
    return sql(
        f"""\
CAST(multiIf(
    {place} <= {_TRUE}, ({place} - 1, 0, ''),
    {place} <= {_TRUE} + length(known[1].1), (3, known[1].1[{place} - {_TRUE}], ''),
    (4, 0, known[1].2[{place} - {_TRUE} - length(known[1].1)])) AS Tuple(UInt8, Float64, String))"""
    )


def dictionary(paths: Paths) -> Fragment:
    """Select the nodes that events may have, in order: a pair of the numbers and the texts, in an array.

    The engine keeps an array beside the statement. A tuple it would write out, with all that is in it, in
    the name of whatever is read from it: 12 MB of texts took 20 s of planning, which nothing could end.

    More of them than there are places for are an error of the engine.
    """
    return sql(
        f"""\
{{nodes}}
HAVING NOT throwIf(length(nodes[1].1) + length(nodes[1].2) > {MOST_KNOWN}, 'too many different values')""",
        nodes=_nodes(paths),
    )


def _nodes(paths: Paths) -> Fragment:
    node = paths.node
    if isinstance(node, Fact):
        return _of_texts(paths, sql("event") if node is Fact.EVENT_NAME else values.shown(node))
    read = [values.number(node), values.text(node), values.composite(node)]
    conditions = [*of_project(source(paths)), *_of_time(paths)]
    return sql(
        """\
SELECT [(
    arraySort(groupUniqArray({number})),
    arraySort(arrayDistinct(arrayConcat(
        groupUniqArray({text}),
        groupUniqArrayIf({composite}, {composite} != '')))))] AS nodes
FROM {events}
WHERE {conditions}""",
        number=read[0],
        text=read[1],
        composite=read[2],
        events=events(source(paths), *read, *conditions, sessions_in=(paths.start, paths.end)),
        conditions=clauses(conditions),
    )


def _of_texts(paths: Paths, text: Fragment) -> Fragment:
    """Select the pair for nodes that are all texts."""
    is_name = paths.node is Fact.EVENT_NAME
    edition = _edition_of_all(paths.selection) if is_name else None
    conditions = [*of_project(source(paths)), *([] if is_name else _of_time(paths))]
    rows = events(source(paths), text, *conditions)
    if edition is not None:
        # Also the names of whoever was erased since: a place that no event has changes nothing.
        rows = sql(EVENT_HOURS)
        conditions = [
            sql("project_id = {project}", project=value("String", paths.selection.project_id)),
            sql("_partition_id = {edition}", edition=value("String", str(edition))),
        ]
    return sql(
        """\
SELECT [(emptyArrayFloat64(), arraySort(groupArray(toString(text))))] AS nodes
FROM (
    SELECT DISTINCT {text} AS text
    FROM {rows}
    WHERE {conditions})
WHERE text != ''""",
        text=text,
        rows=rows,
        conditions=clauses(conditions),
    )


def _edition_of_all(selection: Selection) -> int | None:
    """Say which edition of counts by the hour has the name of every event; None: none may be read, or has."""
    if not selection.rollups or selection.counted is None or arrived_late(selection, EVENT_HOURS):
        return None
    return selection.counted.edition


def _of_time(paths: Paths) -> list[Fragment]:
    """Keep the time in which paths can be: none begins before the range."""
    return [
        not_before(paths.start),
        not_after(paths.last),
    ]
