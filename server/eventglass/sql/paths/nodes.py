"""1. Nodes as numbers: each is its place in the order of all that there are.

Events are sorted by time, and those of one millisecond by node. With time and node in one integer
they are sorted, cut and compared at the speed of numbers. So the statement first reads which
different nodes there are; of event names that is next to nothing, for the table is sorted by them.
"""

import struct

from eventglass.planning.paths import Paths
from eventglass.planning.properties import Fact, Operand
from eventglass.sql import values
from eventglass.sql.fragment import Fragment, clauses, sql
from eventglass.sql.source import Source, events, of_project
from eventglass.sql.when import instant

# A dictionary has fewer nodes than that: the engine refuses longer arrays.
NODE_BITS = 24

# A typed value as sql/values.py reads it: kind, number, text.
Typed = tuple[int, float, str]


def source(paths: Paths) -> Source:
    """Express a selection of paths as a source of rows."""
    return Source(selection=paths.selection, measures=(), breakdown=None)


def number(paths: Paths) -> Fragment:
    """Read an event's node as its place among `codes`; 1 where it has none. UInt32."""
    return sql("transform({code}, codes, arrayEnumerate(codes), toUInt32(1))", code=_code(paths.node))


def dictionary(paths: Paths) -> Fragment:
    """Select the codes of all nodes that an event may have, in the order of the nodes; the first is none."""
    code = _code(paths.node)
    conditions = [*of_project(source(paths)), *([] if paths.node is Fact.EVENT_NAME else _of_time(paths))]
    return sql(
        """\
SELECT arrayPushFront(arraySort(groupArray(toString(code))), '')
FROM (
    SELECT DISTINCT {code} AS code
    FROM {events}
    WHERE {conditions})
WHERE code != ''""",
        code=code,
        events=events(source(paths), code, *conditions),
        conditions=clauses(conditions),
    )


def _of_time(paths: Paths) -> list[Fragment]:
    """Keep the time in which paths can be: none begins before the range."""
    return [
        sql("time >= {start}", start=instant(paths.start)),
        sql("time <= {last}", last=instant(paths.last)),
    ]


def _code(node: Operand) -> Fragment:
    """Spell an event's node as a text that sorts as it does (semantics 2.6); "" where it has none."""
    if node is Fact.EVENT_NAME:
        return sql("event")
    if isinstance(node, Fact):
        return values.shown(node)
    return sql(
        """\
multiIf(
    isNotNull({text}), concat('4', ifNull({text}, '')),
    isNotNull({number}), concat('3', {in_order}),
    isNotNull({boolean}), if({boolean}, '2', '1'),
    {composite} != '', concat('4', {composite}),
    '')""",
        text=values.text(node),
        number=values.number(node),
        in_order=_in_order(values.number(node)),
        boolean=values.boolean(node),
        composite=values.composite(node),
    )


def _in_order(number: Fragment) -> Fragment:
    """Spell a double in 16 hex digits that sort as doubles do: with the sign bit, or all bits, turned."""
    return sql(
        f"leftPad(hex(bitXor({{bits}}, if({{number}} < 0, {2**64 - 1}, {2**63}))), 16, '0')",
        bits=sql("reinterpretAsUInt64(ifNull({number}, 0))", number=number),
        number=number,
    )


def typed(code: str, node: Operand) -> Typed:
    """Read a code back: the typed value of a node."""
    if isinstance(node, Fact):
        return 4, 0.0, code
    kind, spelled = int(code[0]), code[1:]
    return kind, _double(spelled) if kind == 3 else 0.0, spelled if kind == 4 else ""


def _double(spelled: str) -> float:
    bits = int(spelled, 16)
    turned = bits ^ (2**63 if bits >> 63 else 2**64 - 1)
    (number,) = struct.unpack(">d", turned.to_bytes(8, "big"))
    return float(number)
