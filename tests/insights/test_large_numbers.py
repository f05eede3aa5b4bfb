"""Numbers whose sums and differences no double holds: absent in the answer, and never in its way."""

from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from tests.insights.asking import ask, did, store

LARGEST = 1.7e308
DAY = 86_400_000
OF_X = {"aggregation": "AGGREGATION_MEDIAN", "aggregationProperty": "x"}
BY_K = {"breakdown": {"property": "k"}}
TABLE = {**OF_X, **BY_K, "visualization": "VISUALIZATION_TABLE"}
SUM_BESIDE_THE_DAY_BEFORE = {
    "visualization": "VISUALIZATION_KPI",
    "aggregation": "AGGREGATION_SUM",
    "aggregationProperty": "x",
    "timeRange": {"start": "2026-05-02T00:00:00Z", "end": "2026-05-03T00:00:00Z"},
    "comparisons": [{"previousPeriod": True}],
}


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


async def test_a_change_beyond_a_double_is_absent(engine: Engine, writer: Writer, project_id: str) -> None:
    await store(writer, project_id, [did("a", 0, x=LARGEST), did("a", DAY, x=-LARGEST)])

    response = await ask(engine, project_id, SUM_BESIDE_THE_DAY_BEFORE)

    (comparison,) = response.kpis[0].comparisons

    assert comparison.value == LARGEST
    assert not comparison.HasField("change")
    assert not comparison.HasField("relative_change")


async def test_a_share_beyond_a_double_is_absent(engine: Engine, writer: Writer, project_id: str) -> None:
    await store(writer, project_id, [did("a", 0, x=1e-300), did("a", DAY, x=1e300)])

    response = await ask(engine, project_id, SUM_BESIDE_THE_DAY_BEFORE)

    (comparison,) = response.kpis[0].comparisons

    assert comparison.change == 1e300
    assert not comparison.HasField("relative_change")


async def test_what_is_divided_by_a_number_beyond_a_double_is_absent(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    """5 / 17e308 is not 0: a table would sort it before what is known to be below 0."""
    await store(writer, project_id, [did("a", 0, k="far", x=LARGEST), did("a", 0, k="near", x=-2)])
    asked = {
        **BY_K,
        "events": [{"name": "a", "aggregation": "AGGREGATION_SUM", "aggregationProperty": "x"}],
        "formula": "5 / (A * 10)",
    }

    table = await ask(engine, project_id, {**asked, "visualization": "VISUALIZATION_TABLE"})
    line = await ask(engine, project_id, asked)

    rows = [(row.dimensions[0].text, row.value if row.HasField("value") else None) for row in table.rows]
    assert rows == [("near", -0.25), ("far", None)]
    assert {
        point.breakdown: point.value if point.HasField("value") else None
        for point in line.series
        if point.series_index == 1
    } == dict(rows)
