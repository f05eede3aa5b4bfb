"""What was once wrong with tables, each as a case."""

import math
import sys
from bisect import bisect_right
from collections import Counter
from datetime import UTC, datetime

import pytest
from google.protobuf.json_format import ParseDict

from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from eventglass.planning import pages
from eventglass.planning.page_tokens import Pin
from eventglass.planning.pages import Position
from insights.v1.query_spec_pb2 import QuerySpec
from tests.insights.asking import NOW, ask, did, store

DAY = {"start": "2026-05-01T00:00:00Z", "end": "2026-05-02T00:00:00Z"}
TABLE = {"visualization": "VISUALIZATION_TABLE", "breakdown": {"property": "k"}, "timeRange": DAY}
_LARGEST = sys.float_info.max


async def test_a_later_page_that_is_empty_says_nothing_of_all_rows(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    """Whoever the page was about may have been erased; the rows before it are still there."""
    await store(writer, project_id, [did("a", 0, k="x")])
    now = int(NOW.timestamp() * 1_000)
    last = Position(is_other=False, value=1.0, dimensions=((4, 0.0, "x"),))
    token = pages.encode(
        ParseDict(TABLE, QuerySpec()), project_id, Pin(now=now, watermark=None, people=0), last
    )

    whole = await ask(engine, project_id, TABLE)
    page = await ask(engine, project_id, {**TABLE, "pageToken": token})

    assert [row.dimensions[0].text for row in whole.rows] == ["x"]
    assert not page.rows
    assert not page.HasField("total_rows")


async def test_a_later_page_says_until_when_the_first_one_saw_arrivals(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    await store(writer, project_id, [did("a", 0, k=k) for k in "xyz"])
    then, later = (datetime(2200, 1, day, tzinfo=UTC) for day in (1, 2))

    first = await ask(engine, project_id, {**TABLE, "pageSize": 1}, watermark=then)
    page = await ask(engine, project_id, {**TABLE, "pageToken": first.next_page_token}, watermark=later)
    anew = await ask(engine, project_id, TABLE, watermark=later)

    assert [each.metadata.watermark.ToDatetime(UTC) for each in (first, page, anew)] == [then, then, later]


async def test_a_table_of_nothing_has_no_rows(engine: Engine, project_id: str) -> None:
    response = await ask(engine, project_id, TABLE)

    assert response.HasField("total_rows")
    assert response.total_rows == 0


@pytest.mark.parametrize("buckets", [[], [0]], ids=["values", "ranges"])
async def test_a_row_whose_sum_has_other_last_digits_now_does_not_come_again(
    engine: Engine, writer: Writer, project_id: str, buckets: list[float]
) -> None:
    """Threads add up in another order in every run: of 10,000 amounts a quarter of the sums differs."""
    await store(writer, project_id, [did("a", 0, k=k, n=n) for k, n in ((1, 0.3), (2, 0.2), (-3, 0.1))])
    breakdown = {"property": "k", "thenBy": ["n"], "buckets": buckets}
    table = {**TABLE, "breakdown": breakdown, "aggregation": "AGGREGATION_SUM", "aggregationProperty": "n"}
    spec = ParseDict(table, QuerySpec())
    *before, last, _ = (await ask(engine, project_id, table)).rows
    first = await ask(engine, project_id, {**table, "pageSize": len(before) + 1})
    spec.page_token = first.next_page_token
    pin, position = pages.decode(spec, project_id)
    assert position.value == last.value

    seen = []
    for value in (math.nextafter(last.value, math.inf), last.value, math.nextafter(last.value, -math.inf)):
        moved = Position(is_other=False, value=value, dimensions=position.dimensions)
        page = await ask(
            engine, project_id, {**table, "pageToken": pages.encode(spec, project_id, pin, moved)}
        )
        seen.append([row.value for row in page.rows])

    # The range below 0 comes first.
    assert seen == [[0.2 if buckets else 0.1]] * 3


@pytest.mark.parametrize(
    "edges",
    [
        [0],
        [-_LARGEST, -5e-324, 0, 5e-324, _LARGEST],
        [-1.5, 1.5, 2.5],
        [-_LARGEST / 2, *(at / 10 for at in range(999))],
    ],
    ids=["one", "extreme", "few", "most"],
)
async def test_a_number_is_in_the_range_from_the_last_edge_that_is_not_above_it(
    engine: Engine, writer: Writer, project_id: str, edges: list[float]
) -> None:
    numbers = [-_LARGEST, -1.5, -5e-324, 0, 5e-324, 0.3, 1.4999, 1.5, 2.5, 99.8, 1e9, _LARGEST]
    await store(writer, project_id, [did("a", at, k=number) for at, number in enumerate(numbers)])
    table = {**TABLE, "breakdown": {"property": "k", "buckets": edges}}

    response = await ask(engine, project_id, table)

    found: Counter[int] = Counter()
    for row in response.rows:
        begin = getattr(row.dimensions[0].range, "from")
        is_open = not row.dimensions[0].range.HasField("from")
        found[0 if is_open else edges.index(begin) + 1] = int(row.value)
    assert found == Counter(bisect_right(edges, number) for number in numbers)
