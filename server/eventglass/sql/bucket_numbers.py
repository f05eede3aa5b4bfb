"""Buckets by number: which one an event falls in, and all in which a person has events."""

from collections.abc import Sequence

from eventglass.sql.evenly import number_of
from eventglass.sql.fragment import Fragment, sql

_BITS_OF_A_MASK = 64


def bucket_number(edges: Sequence[int]) -> Fragment:
    """Tell the position of the bucket that an event is in, as `evenly.number_of` does."""
    return number_of(sql("toUnixTimestamp64Milli(time)"), edges)


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
