"""Sums of decimals that no double is: equal sums are equal, whatever they are made of."""

import pytest

from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from tests.insights.asking import ask, did, store

# The order in which they are added up shows in the last digit of a double.
PRICES: dict[str, list[object]] = {
    "z": [0.1, 0.2],
    "y": [0.3],
    "x": ["0.1", 0.1, 0.1],
    "w": [0.7, -0.4],
    "v": [0.25, 0.05],
}
BY_K = {"breakdown": {"property": "k"}, "aggregationProperty": "n"}


async def _store_prices(writer: Writer, project_id: str) -> None:
    await store(writer, project_id, [did("a", 0, k=k, n=n) for k, prices in PRICES.items() for n in prices])


@pytest.mark.parametrize("visualization", ["VISUALIZATION_TABLE", "VISUALIZATION_BAR"])
async def test_equal_sums_rank_by_their_values(
    engine: Engine, writer: Writer, project_id: str, visualization: str
) -> None:
    await _store_prices(writer, project_id)

    response = await ask(
        engine, project_id, {**BY_K, "aggregation": "AGGREGATION_SUM", "visualization": visualization}
    )

    rows = [(row.dimensions[0].text, row.value) for row in response.rows]
    points = [(point.breakdown, point.value) for point in response.series]
    assert (rows or points) == [(k, 0.3) for k in "vwxyz"]


async def test_a_page_of_equal_sums_goes_on_by_their_values(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    await _store_prices(writer, project_id)
    asked = {
        **BY_K,
        "aggregation": "AGGREGATION_SUM",
        "visualization": "VISUALIZATION_TABLE",
        "pageSize": 2,
    }

    found: list[str] = []
    token = ""
    while len(found) < len(PRICES):
        page = await ask(engine, project_id, {**asked, "pageToken": token})
        found += [row.dimensions[0].text for row in page.rows]
        token = page.next_page_token

    assert found == list("vwxyz")


async def test_equal_averages_rank_by_their_values(engine: Engine, writer: Writer, project_id: str) -> None:
    prices = {"y": [0.1, 0.2], "x": [0.15]}
    await store(writer, project_id, [did("a", 0, k=k, n=n) for k, each in prices.items() for n in each])

    response = await ask(engine, project_id, {**BY_K, "aggregation": "AGGREGATION_AVERAGE"})

    assert [(point.breakdown, point.value) for point in response.series] == [("x", 0.15), ("y", 0.15)]


async def test_a_distribution_has_the_average_of_a_series(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    await store(writer, project_id, [did("a", 0, n=n) for n in (0.1, 0.2)])
    spec = {"visualization": "VISUALIZATION_DISTRIBUTION", "aggregationProperty": "n"}

    response = await ask(engine, project_id, spec)

    assert response.distribution.average == 0.15


async def test_the_difference_of_equal_sums_is_nothing(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    """So what is divided by it is absent, not huge."""
    await store(writer, project_id, [*(did("a", 0, n=n) for n in (0.1, 0.2)), did("b", 0, n=0.3)])
    events = [
        {"name": name, "aggregation": "AGGREGATION_SUM", "aggregationProperty": "n"} for name in ("a", "b")
    ]

    response = await ask(
        engine,
        project_id,
        {"visualization": "VISUALIZATION_KPI", "events": events, "formula": "1 / (A - B)"},
    )

    assert [kpi.value for kpi in response.kpis[:2]] == [0.3, 0.3]
    assert not response.kpis[2].HasField("value")


@pytest.mark.parametrize("number", [2.0**53 - 1, -(2.0**53), 1e15 + 0.5, 5e-324, 1.7e308, 1e-300])
async def test_a_sum_is_what_it_is_of(engine: Engine, writer: Writer, project_id: str, number: float) -> None:
    """Also a whole number of 16 digits, and the smallest and the largest numbers."""
    await store(writer, project_id, [did("a", 0, n=number)])

    response = await ask(
        engine,
        project_id,
        {"visualization": "VISUALIZATION_KPI", "aggregation": "AGGREGATION_SUM", "aggregationProperty": "n"},
    )

    assert response.kpis[0].value == number
