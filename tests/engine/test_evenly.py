"""Buckets that are computed are those that a search finds, whatever their edges are."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.sql.evenly import Run, begin_of, number_of, runs
from eventglass.sql.fragment import sql, statement, value

_DAY = 86_400_000
_HOUR = 3_600_000
_YEAR = [*[_DAY] * 88, _DAY - _HOUR, *[_DAY] * 216, _DAY + _HOUR, *[_DAY] * 59]
_MONTHS = [each * _DAY for each in (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)]


def _edges(widths: Sequence[int], first: int = 0) -> tuple[int, ...]:
    return tuple(accumulate(widths, initial=first))


@pytest.mark.parametrize(
    ("widths", "lengths"),
    [
        ([24], [1]),
        ([24, 24, 24], [3]),
        ([24, 24, 23, 24], [3, 1]),
        ([24, 24, 25, 24, 24], [2, 2, 1]),
        ([23, 24, 24], [1, 2]),
        ([24, 23, 23, 24], [2, 1, 1]),
        ([24, 23, 22, 24], [2, 1, 1]),
        (_YEAR, [89, 216, 2, 58]),
        (_MONTHS, [2, 2, 2, 3, 2, 1]),
    ],
)
def test_runs(widths: list[int], lengths: list[int]) -> None:
    found = runs(_edges(widths))

    assert [run.buckets for run in found] == lengths
    assert [run.number for run in found] == [1 + each for each in accumulate(lengths[:-1], initial=0)]


def test_a_short_bucket_ends_a_run() -> None:
    assert runs((0, 24, 48, 71, 95)) == [
        Run(begin=0, width=24, buckets=3, number=1),
        Run(begin=71, width=24, buckets=1, number=4),
    ]


# Mostly alike, so that there are runs of all forms, and some with too many to compute.
@st.composite
def _buckets(draw: st.DrawFn) -> tuple[int, ...]:
    width = draw(st.integers(1, 10 * _DAY))
    other = st.sampled_from([width - width // 24 or 1, width + width // 24 or 1, 1, 2 * width])
    turns = st.lists(st.tuples(st.integers(0, 12), other), min_size=1, max_size=draw(st.integers(1, 6)))
    widths = [each for alike, odd in draw(turns) for each in (*[width] * alike, odd)]
    return _edges(widths, first=draw(st.integers(-(60 * 365 * _DAY), 300 * 365 * _DAY)))


async def _asked(engine: Pool, edges: tuple[int, ...], instants: list[int]) -> Sequence[Sequence[int]]:
    at = sql("at")
    found = sql(
        "SELECT {begin} AS begin, {number} AS number FROM (SELECT arrayJoin({instants}) AS at)",
        begin=begin_of(at, edges),
        number=number_of(at, edges),
        instants=value("Array(Int64)", tuple(instants)),
    )
    return (await engine.query(statement(found, columns=2), Limits())).columns


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edges=_buckets(), data=st.data())
async def test_every_instant_is_in_its_bucket(
    engine: Pool, edges: tuple[int, ...], data: st.DataObject
) -> None:
    drawn = data.draw(st.lists(st.integers(edges[0], edges[-1] - 1), max_size=20))
    beside = [each + aside for each in edges for aside in (-1, 0, 1)]
    instants = [*drawn, *(each for each in beside if edges[0] <= each < edges[-1])]

    begins, numbers = await _asked(engine, edges, instants)

    expected = [bisect_right(edges, each) for each in instants]
    assert list(numbers) == expected
    assert list(begins) == [edges[each - 1] for each in expected]


async def test_a_time_before_all_buckets_is_in_the_first(engine: Pool) -> None:
    for widths in ([_DAY] * 3, [1, _DAY, _DAY], _MONTHS):
        _, numbers = await _asked(engine, _edges(widths), [-1, -(10**12), 0])
        assert list(numbers) == [1, 1, 1]


async def test_numbers_beyond_16_bits(engine: Pool) -> None:
    for odd in (0, 1):
        edges = tuple(position * 60_000 + position % 2 * odd for position in range(70_001))
        _, numbers = await _asked(engine, edges, [4_199_940_001])
        assert list(numbers) == [70_000]
