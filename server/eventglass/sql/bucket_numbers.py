"""Buckets by number: which one an event falls in, and all in which a person has events."""

from collections.abc import Sequence

from eventglass.sql.fragment import Fragment, sql, value

_BITS_OF_A_MASK = 64


def bucket_number(edges: Sequence[int], *, column: str = "time") -> Fragment:
    """Tell in which bucket a time falls, by number from 1; a time before all of them is in the first.

    Each edge carries its number in its lowest bits, so that one search finds both: with two bits,
    the edges 0 and 1000 are 0 * 4 + 1 and 1000 * 4 + 2; a time of 1500, as 1500 * 4 + 3, is rounded
    down to the second, whose lowest bits are 2.
    """
    size = 1 << len(edges).bit_length()
    numbered = tuple(edge * size + number for number, edge in enumerate(edges, start=1))
    return sql(
        """\
toUInt16(bitAnd(
    roundDown({time} * {size} + {bits}, {numbered}),
    {bits}))""",
        time=sql(f"toUnixTimestamp64Milli({column})"),
        size=value("Int64", size),
        bits=value("Int64", size - 1),
        numbered=value("Array(Int64)", numbered),
    )


def numbers_in_order(edges: Sequence[int], column: str) -> Fragment:
    """Gather the different bucket numbers of a group, in order; as bits of one integer, if they fit."""
    if len(edges) < _BITS_OF_A_MASK:
        return sql(f"bitPositionsToArray(groupBitOr(bitShiftLeft(toUInt64(1), {column})))")
    return sql(f"arraySort(groupUniqArray({column}))")
