"""Buckets by number: which one an event falls in, and all in which a person has events."""

from collections.abc import Sequence

from eventglass.sql.fragment import Fragment, sql, value

_BITS_OF_A_MASK = 64


def bucket_number(edges: Sequence[int]) -> Fragment:
    """Tell in which bucket a time falls, by number from 1; a time before all of them is in the first."""
    return number_at(sql("toUnixTimestamp64Milli(time)"), edges)


def number_at(at: Fragment, edges: Sequence[int]) -> Fragment:
    """Do what `bucket_number` does, of an instant in milliseconds.

    Each edge carries its number in its lowest bits, so that one search finds both: with two bits,
    the edges 0 and 1000 are 0 * 4 + 1 and 1000 * 4 + 2; a time of 1500, as 1500 * 4 + 3, is rounded
    down to the second, whose lowest bits are 2.
    """
    bits = len(edges).bit_length()
    size = 1 << bits
    numbered = tuple(edge * size + number for number, edge in enumerate(edges, start=1))
    return sql(
        f"""\
{"toUInt16" if bits <= 16 else "toUInt32"}(bitAnd(
    roundDown({{at}} * {{size}} + {{bits}}, {{numbered}}),
    {{bits}}))""",
        at=at,
        size=value("Int64", size),
        bits=value("Int64", size - 1),
        numbered=value("Array(Int64)", numbered),
    )


def numbers_in_order(edges: Sequence[int], column: str) -> Fragment:
    """Gather the different bucket numbers of a group, in order."""
    return in_order(edges, sql(_GATHERED[fit_in_a_mask(edges)].format(column=column)))


def numbers_where(edges: Sequence[int], column: str, condition: str) -> Fragment:
    """Gather the different bucket numbers of those rows of a group that meet a condition."""
    return sql(_GATHERED_WHERE[fit_in_a_mask(edges)].format(column=column, condition=condition))


def in_order(edges: Sequence[int], numbers: Fragment) -> Fragment:
    """List what `numbers_where` has gathered, in order."""
    return sql(
        "bitPositionsToArray({numbers})" if fit_in_a_mask(edges) else "arraySort({numbers})", numbers=numbers
    )


def fit_in_a_mask(edges: Sequence[int]) -> bool:
    """Tell whether bucket numbers are gathered as bits of one integer."""
    return len(edges) < _BITS_OF_A_MASK


_GATHERED = {
    True: "groupBitOr(bitShiftLeft(toUInt64(1), {column}))",
    False: "groupUniqArray({column})",
}
_GATHERED_WHERE = {
    True: "groupBitOr(bitShiftLeft(toUInt64({condition}), {column}))",
    False: "groupUniqArrayIf({column}, {condition})",
}
