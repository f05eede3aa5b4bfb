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
