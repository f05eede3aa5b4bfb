"""Properties with more names than a part has columns for: the rest is kept together, and reads alike."""

import asyncio

from eventglass.engine.layout import MOST_COLUMNS_OF_PROPERTIES
from eventglass.engine.pool import Pool
from eventglass.ingest.writer import Writer
from insights.v1.query_service_pb2 import QueryResponse
from tests.engine.asking import ask as ask_engine
from tests.engine.ways_to_read import QUESTIONS, VALUES
from tests.insights.asking import ask, did, store

# Forty years later: no other test has events there, so that merging them is quick.
_FAR = 40 * 365 * 86_400_000
_THEN = {"timeRange": {"start": "2066-04-01T00:00:00Z", "end": "2066-05-01T00:00:00Z"}}
_OTHERS = {f"other {number}": number for number in range(MOST_COLUMNS_OF_PROPERTIES + 50)}
_PLACES = """
SELECT
    countIf(has(JSONDynamicPaths(properties), 'plan')),
    countIf(has(JSONSharedDataPaths(properties), 'plan'))
FROM events
WHERE project_id = {project:String}
"""

_STORED = sum(each not in ("", None) for each in VALUES)


async def _answers(engine: Pool, project_id: str) -> list[QueryResponse]:
    answers = [await ask(engine, project_id, {**_THEN, **question}) for question in QUESTIONS]
    for answer in answers:
        answer.ClearField("metadata")
    return answers


async def _merge(engine: Pool) -> None:
    def merge() -> None:
        with engine._asking.lend() as client:
            client.command("OPTIMIZE TABLE events PARTITION 206604 FINAL")

    await asyncio.to_thread(merge)


async def test_a_property_among_many_reads_as_one_alone(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    alone, among = f"{project_id}-alone", f"{project_id}-among"
    plans = [did("x", _FAR + at, user=f"u{at % 3}", plan=each) for at, each in enumerate(VALUES)]
    others = [did("y", _FAR + at, user="other", **_OTHERS) for at in range(len(VALUES) + 1)]
    for first in range(2):
        await store(writer, alone, plans[first::2])
        await store(writer, among, [*others, *plans][first::2])
    expected = await _answers(engine, alone)

    for _ in range(2):
        assert await ask_engine(engine, _PLACES, project=among) == [[0], [_STORED]]
        assert await _answers(engine, among) == expected
        await _merge(engine)
