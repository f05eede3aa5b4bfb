"""Distributions of numbers at the ends of what a double can hold."""

import sys
from collections.abc import Sequence

import pytest

from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from insights.v1.distribution_pb2 import DistributionResult
from tests.insights.asking import ask, did, store

LARGEST = sys.float_info.max
SMALLEST = 5e-324


async def _distribution(
    engine: Engine, writer: Writer, project_id: str, numbers: Sequence[float], **options: object
) -> DistributionResult:
    """Store an event of each number, and ask for their distribution."""
    await store(writer, project_id, [did("a", at, p=number) for at, number in enumerate(numbers)])
    spec = {"visualization": "VISUALIZATION_DISTRIBUTION", "aggregationProperty": "p"}
    return (await ask(engine, project_id, {**spec, "distribution": options})).distribution


@pytest.mark.parametrize(
    ("numbers", "bins"),
    [
        ((-LARGEST, 0.0, LARGEST), 1000),
        ((-LARGEST, LARGEST), 1),
        ((SMALLEST, 2 * SMALLEST, 3 * SMALLEST), 2),
        ((1.0, 1 + sys.float_info.epsilon, 1 + 3 * sys.float_info.epsilon), 1000),
        ((LARGEST, LARGEST * (1 - sys.float_info.epsilon)), 1000),
    ],
)
async def test_every_number_is_in_its_bin(
    engine: Engine, writer: Writer, project_id: str, numbers: Sequence[float], bins: int
) -> None:
    result = await _distribution(engine, writer, project_id, numbers, bins=bins)

    assert len(result.bins) == bins
    assert (result.bins[0].start, result.bins[-1].end) == (min(numbers), max(numbers))
    last = result.bins[-1]
    expected = [
        sum(each.start <= number and (number < each.end or each == last) for number in numbers)
        for each in result.bins
    ]
    assert [each.count for each in result.bins] == expected
    assert sum(expected) == len(numbers)


@pytest.mark.parametrize(
    ("ends", "begins"),
    [
        ((0.0, 100 * SMALLEST), [0.0, 25 * SMALLEST, 50 * SMALLEST, 75 * SMALLEST]),
        ((3 * SMALLEST, 11 * SMALLEST), [3 * SMALLEST, 5 * SMALLEST, 7 * SMALLEST, 9 * SMALLEST]),
        ((-SMALLEST, LARGEST), [-SMALLEST, LARGEST / 4, LARGEST / 2, LARGEST / 4 * 3]),
    ],
)
async def test_equal_bins_of_the_smallest_doubles(
    engine: Engine, writer: Writer, project_id: str, ends: Sequence[float], begins: Sequence[float]
) -> None:
    """They have no 2048ths."""
    result = await _distribution(engine, writer, project_id, ends, bins=4)

    assert [each.start for each in result.bins] == begins


async def test_given_edges_may_be_the_ends_of_doubles(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    numbers = (-LARGEST, 0.0, LARGEST)

    result = await _distribution(engine, writer, project_id, numbers, edges=[-LARGEST, LARGEST])

    assert [each.count for each in result.bins] == [0, 2, 1]


async def test_a_sum_beyond_a_double_leaves_no_average(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    result = await _distribution(engine, writer, project_id, (LARGEST, LARGEST))

    assert not result.HasField("average")
    assert (result.minimum, result.median, result.maximum) == (LARGEST, LARGEST, LARGEST)
