"""The bucket of a time, computed where buckets are evenly long, and searched where they are not.

`roundDown` searches by halves. Where times come in no order, as those of sessions and the hours of a day's
events do, a processor guesses half of the comparisons wrong: 20 ns a time, where a remainder takes 2. But
for changes of the clock days are evenly long, so that a year of them is a few runs of such.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import sub

from eventglass.sql.fragment import Fragment, joined, sql, value

# A year of days has as many. Each adds some 0.3 ms to understanding a statement.
_MOST_RUNS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Evenly long buckets in a row; the last one may be shorter.

    Args:
        begin: where the first one begins, in milliseconds.
        width: how long they are, likewise.
        buckets: how many they are.
        number: the position of the first one among all buckets, from 1.
    """

    begin: int
    width: int
    buckets: int
    number: int


def runs(edges: Sequence[int]) -> list[Run]:
    """Split buckets into runs; edges are where they begin and the last one ends.

    The edges 0, 24, 48, 71, 95 are two: three buckets of 24, of which the last one is shorter, and one.
    """
    found: list[Run] = []
    begin, number = edges[0], 1
    for width, alike in groupby(map(sub, edges[1:], edges)):
        run = Run(begin=begin, width=width, buckets=len(list(alike)), number=number)
        begin, number = begin + width * run.buckets, number + run.buckets
        if found and width < found[-1].width and not _is_cut(found[-1], run.begin):
            found[-1] = replace(found[-1], buckets=found[-1].buckets + 1)
            run = replace(run, begin=run.begin + width, buckets=run.buckets - 1, number=run.number + 1)
        if run.buckets:
            found.append(run)
    return found


def _is_cut(run: Run, end: int) -> bool:
    """Tell whether the last bucket of a run, which ends somewhere, is shorter than the others."""
    return run.begin + run.buckets * run.width > end


def begin_of(at: Fragment, edges: Sequence[int]) -> Fragment:
    """Tell where the bucket begins that an instant is in, in milliseconds.

    Args:
        at: the instant, likewise, Int64; in one of the buckets.
        edges: where buckets begin and the last one ends, likewise.
    """
    found = runs(edges)
    if len(found) > _MOST_RUNS:
        return sql("roundDown({at}, {edges})", at=at, edges=value("Array(Int64)", tuple(edges)))
    return _by_run(at, found, [_begin_in(at, run) for run in found])


def _begin_in(at: Fragment, run: Run) -> Fragment:
    return sql(
        "{at} - ({at} - {begin}) % {width}",
        at=at,
        begin=value("Int64", run.begin),
        width=value("Int64", run.width),
    )


def number_of(at: Fragment, edges: Sequence[int]) -> Fragment:
    """Tell the position of the bucket that an instant is in, from 1; of one before all buckets it is 1.

    Args:
        at: the instant, in milliseconds, Int64; before the last bucket's end.
        edges: where buckets begin and the last one ends, likewise.
    """
    found = runs(edges)
    if len(found) > _MOST_RUNS:
        number = _searched(at, edges)
    else:
        not_before = sql("greatest({at}, {first})", at=at, first=value("Int64", edges[0]))
        first, *others = found
        number = _by_run(at, found, [_number_in(not_before, first), *(_number_in(at, run) for run in others)])
    return sql(f"{_unsigned(edges)}({{number}})", number=number)


def _unsigned(edges: Sequence[int]) -> str:
    return "toUInt16" if len(edges) < 2**16 else "toUInt32"


def _number_in(at: Fragment, run: Run) -> Fragment:
    return sql(
        f"intDiv({{at}} - {{begin}}, {{width}}) + {run.number}",
        at=at,
        begin=value("Int64", run.begin),
        width=value("Int64", run.width),
    )


def _searched(at: Fragment, edges: Sequence[int]) -> Fragment:
    """Find edge and number in one search: each edge carries its number in its lowest bits.

    With two bits, the edges 0 and 1000 are 0 * 4 + 1 and 1000 * 4 + 2; a time of 1500, as 1500 * 4 + 3, is
    rounded down to the second, whose lowest bits are 2.
    """
    size = 1 << len(edges).bit_length()
    return sql(
        """\
bitAnd(
    roundDown({at} * {size} + {every_bit}, {numbered}),
    {every_bit})""",
        at=at,
        size=value("Int64", size),
        every_bit=value("Int64", size - 1),
        numbered=value("Array(Int64)", tuple(edge * size + at for at, edge in enumerate(edges[:-1], 1))),
    )


def _by_run(at: Fragment, found: list[Run], of_runs: list[Fragment]) -> Fragment:
    """Choose what is of the run that an instant is in."""
    if len(found) == 1:
        return of_runs[0]
    cases = [
        sql("{at} < {end}, {of_run}", at=at, end=value("Int64", after.begin), of_run=of_run)
        for after, of_run in zip(found[1:], of_runs, strict=False)
    ]
    return sql("multiIf({cases}, {last})", cases=joined(", ", cases), last=of_runs[-1])
