r"""Values as texts that sort like them, so that the engine finds the first one of many by comparing texts.

`min` of a text is several times as fast as `argMin` of a tuple by a tuple. A key is a time and any
number of values, for example 1970-01-01T00:00:00.001Z and the text "b":

    \x80\0\0\0\0\0\0\x01   the time in milliseconds, its sign turned round, as eight bytes
    4                      the kind of the value, as values.typed has it
    b                      a text; of a number its bits, in an order that sorts, in hexadecimal
    \0\0                   the end of a value: a zero byte in it is followed by a one

A value that is alone needs no end, and has its zero bytes as they are.
"""

from collections.abc import Sequence

from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.properties import EventProperty, Fact, Operand
from eventglass.sql import values
from eventglass.sql.fragment import Fragment, joined, sql

_TIME_BYTES = 8
_SIZE = sql(str(_TIME_BYTES))


def key(milliseconds: Fragment, parts: Sequence[Fragment]) -> Fragment:
    """Write a time and parts as one text; earlier times and smaller values are smaller texts."""
    time = _bytes(sql("bitXor(toUInt64({at}), {sign})", at=milliseconds, sign=_SIGN))
    return sql("concat({parts})", parts=joined(", ", [time, *_ended(parts)]))


def values_text(parts: Sequence[Fragment]) -> Fragment:
    """Write parts as one text; smaller values are smaller texts."""
    return parts[0] if len(parts) == 1 else sql("concat({parts})", parts=joined(", ", _ended(parts)))


def _ended(parts: Sequence[Fragment]) -> Sequence[Fragment]:
    if len(parts) == 1:
        return parts
    return [sql("replaceAll({part}, '\\0', '\\0\\x01'), '\\0\\0'", part=each) for each in parts]


def part(operand: Operand) -> Fragment:
    """Read a value as a part of a key. String."""
    if isinstance(operand, Fact):
        return sql(
            "if(isNull({text}), '0', concat('4', ifNull({text}, '')))",
            text=values.text(operand),
        )
    if not isinstance(operand, EventProperty) or operand.promoted:
        return part_of(values.typed(operand))
    # Most events have not every property. The path is read whole, once, instead of variant by variant.
    return sql(
        """\
if(isNull({whole}), '0', multiIf(
    isNotNull({text}), concat('4', ifNull({text}, '')),
    isNotNull({number}), concat('3', {digits}),
    isNotNull({boolean}), if({boolean}, '2', '1'),
    {composite} != '', concat('4', {composite}),
    '0'))""",
        whole=values.whole(operand),
        text=values.element(operand, "String"),
        number=values.element(operand, "Float64"),
        digits=_digits_of_number(sql("ifNull({number}, 0)", number=values.element(operand, "Float64"))),
        boolean=values.element(operand, "Bool"),
        composite=values.composite_element(operand),
    )


def dimension_parts(breakdown: Breakdown) -> list[Fragment]:
    """Read an event's value of each dimension as a part of a key."""
    first, *others = breakdown.operands
    edges = breakdown.edges
    return [part_of(values.numbered(first, edges)) if edges else part(first), *map(part, others)]


def part_of(typed: Fragment) -> Fragment:
    """Make a part of what values.typed reads. String."""
    return sql(
        "concat(toString({typed}.1), if({typed}.1 = 3, {digits}, {typed}.3))",
        typed=typed,
        digits=_digits_of_number(sql("{typed}.2", typed=typed)),
    )


def typed_value(written: Fragment, position: int, *, of: int) -> Fragment:
    """Read a part of a key of so many as values.typed does."""
    return typed_in_text(parts_of(written), position, of=of)


def time_of(written: Fragment) -> Fragment:
    """Read the milliseconds of a key. Int64."""
    bits = sql("byteSwap(reinterpretAsUInt64(substring({written}, 1, {size})))", written=written, size=_SIZE)
    return sql("toInt64(bitXor({bits}, {sign}))", bits=bits, sign=_SIGN)


def parts_of(written: Fragment) -> Fragment:
    """Read what stands behind the time of a key."""
    return sql(f"substring({{written}}, {_TIME_BYTES + 1})", written=written)


def typed_in_text(written: Fragment, position: int, *, of: int) -> Fragment:
    """Read a part of a text of so many as values.typed does; of an empty text a value is missing."""
    read, text = written, "substring({part}, 2)"
    if of > 1:
        read = sql(f"splitByString('\\0\\0', {{written}})[{position + 1}]", written=written)
        text = f"replaceAll({text}, '\\0\\x01', '\\0')"
    return sql(
        f"""\
CAST((
    toUInt8OrZero(substring({{part}}, 1, 1)),
    if(startsWith({{part}}, '3'), {{number}}, 0),
    if(startsWith({{part}}, '3'), '', {text})
) AS Tuple(UInt8, Float64, String))""",
        part=read,
        number=_number(sql("substring({part}, 2)", part=read)),
    )


_SIGN = sql("bitShiftLeft(toUInt64(1), 63)")


def _digits_of_number(number: Fragment) -> Fragment:
    """Spell the bits of a number: of a negative one all are turned round, of another its sign."""
    bits = sql("reinterpretAsUInt64({number})", number=number)
    sortable = _bytes(
        sql(
            "if({number} < 0, bitNot({bits}), bitXor({bits}, {sign}))",
            number=number,
            bits=bits,
            sign=_SIGN,
        )
    )
    return sql("hex({sortable})", sortable=sortable)


def _bytes(number: Fragment) -> Fragment:
    return sql("reinterpretAsFixedString(byteSwap({number}))", number=number)


def _number(digits: Fragment) -> Fragment:
    bits = sql("reinterpretAsUInt64(reverse(unhex({digits})))", digits=digits)
    return sql(
        "reinterpretAsFloat64(if({bits} < {sign}, bitNot({bits}), bitXor({bits}, {sign})))",
        bits=bits,
        sign=_SIGN,
    )
