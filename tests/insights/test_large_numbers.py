"""Numbers whose sums and differences no double holds: absent in the answer, and never in its way."""

from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from tests.insights.asking import ask, did, store

LARGEST = 1.7e308
OF_X = {"aggregation": "AGGREGATION_MEDIAN", "aggregationProperty": "x"}
BY_K = {"breakdown": {"property": "k"}}
TABLE = {**OF_X, **BY_K, "visualization": "VISUALIZATION_TABLE"}


async def _store_far_apart(writer: Writer, project_id: str) -> None:
    """The median of `far` lies between two numbers whose difference is no double."""
    numbers: dict[str, list[float]] = {"far": [-LARGEST, LARGEST], "one": [1], "two": [2]}
    events = [did("a", 0, k=key, x=number) for key, each in numbers.items() for number in each]
    await store(writer, project_id, events)


async def test_a_percentile_beyond_a_double_ranks_last(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    await _store_far_apart(writer, project_id)

    response = await ask(engine, project_id, {**OF_X, "breakdown": {"property": "k", "limit": 2}})

    assert {
        point.breakdown: point.value for point in response.series if not point.dimensions[0].is_other
    } == {
        "two": 2,
        "one": 1,
    }


async def test_a_percentile_beyond_a_double_is_in_a_page(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    await _store_far_apart(writer, project_id)
    pages = [await ask(engine, project_id, {**TABLE, "pageSize": 1})]
    while token := pages[-1].next_page_token:
        pages.append(await ask(engine, project_id, {**TABLE, "pageSize": 1, "pageToken": token}))

    rows = [row for page in pages for row in page.rows]

    assert [(row.dimensions[0].text, row.HasField("value")) for row in rows] == [
        ("two", True),
        ("one", True),
        ("far", False),
    ]
    assert {page.total_rows for page in pages} == {3}
