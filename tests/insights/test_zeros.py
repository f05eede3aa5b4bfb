"""There is one zero: no answer has -0, which some callers print as such (semantics 3.4)."""

import math
from collections.abc import Sequence

import pytest

from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from insights.v1.query_service_pb2 import QueryResponse
from tests.insights.asking import ask, did, store


def _numbers(response: QueryResponse) -> Sequence[float]:
    numbers = [each.value for each in response.series]
    numbers += [each.value for each in response.kpis]
    numbers += [each.value for each in response.rows]
    return [*numbers, *(each.value for row in response.rows for each in row.values)]


@pytest.mark.parametrize("chart", ["LINE", "KPI", "TABLE"])
@pytest.mark.parametrize(
    "spec",
    [
        *(
            {"aggregation": f"AGGREGATION_{each}", "aggregationProperty": "n"}
            for each in ("MIN", "MEDIAN", "SUM")
        ),
        *({"events": [{"name": "nothing"}], "formula": each} for each in ("-A", "A * -1", "A / -2")),
    ],
    ids=["least", "median", "sum", "negative", "product", "quotient"],
)
async def test_a_zero_has_no_sign(
    engine: Engine, writer: Writer, project_id: str, spec: dict[str, object], chart: str
) -> None:
    await store(writer, project_id, [did("a", 0, n="-0"), did("a", 1, n="-0.0e5")])

    response = await ask(engine, project_id, {**spec, "visualization": f"VISUALIZATION_{chart}"})

    assert {(each, math.copysign(1, each)) for each in _numbers(response)} == {(0, 1)}


async def test_no_zero_of_a_distribution_has_a_sign(engine: Engine, writer: Writer, project_id: str) -> None:
    """Also not the average of numbers so small that it is nearer to 0 than any double."""
    await store(writer, project_id, [did("a", at, n=number) for at, number in enumerate((-5e-324, 0, 0))])
    asked = {"visualization": "VISUALIZATION_DISTRIBUTION", "aggregationProperty": "n"}

    found = (await ask(engine, project_id, {**asked, "distribution": {"edges": [-0.0]}})).distribution

    numbers = [found.average, found.bins[0].end, found.bins[1].start]
    assert [(each, math.copysign(1, each)) for each in numbers] == [(0, 1)] * 3


async def test_no_edge_of_a_bucket_is_a_zero_with_a_sign(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    await store(writer, project_id, [did("a", 0, n=-1)])
    by_buckets = {"property": "n", "buckets": [-0.0]}

    response = await ask(engine, project_id, {"breakdown": by_buckets})

    (dimension,) = response.series[0].dimensions
    assert math.copysign(1, dimension.range.to) == 1
