"""Which of a person's events is the first one, each nasty way of telling as a case."""

from collections.abc import Sequence

import pytest

from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from tests.insights.asking import ask, did, store

SPEC = {
    "events": [{"name": "a", "firstTime": True}],
    "timeRange": {"start": "1960-01-01T00:00:00Z", "end": "2026-05-02T00:00:00Z"},
    "granularity": "GRANULARITY_YEAR",
    "breakdown": {"property": "p"},
}
# Milliseconds from May 2026 to some time before 1970.
EARLIER, LATER = -1_900_000_000_000, -1_800_000_000_000
A_UUID = "5f0c1d2e-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("events", "first"),
    [
        pytest.param([("b", 1), ("a", 2)], "b", id="the earlier one, whatever its id"),
        pytest.param([("b", LATER), ("a", EARLIER)], "a", id="before 1970"),
        pytest.param([("a", 0), ("b", EARLIER)], "b", id="before and after 1970"),
        pytest.param([("b", 0), ("a", 0)], "a", id="of one millisecond the smallest id"),
        pytest.param([("ab", 0), ("a", 0)], "a", id="an id that begins another"),
        pytest.param([("a\x01", 0), ("a\x00b", 0)], "a\x00b", id="a zero byte"),
        pytest.param([("10", 0), ("9", 0)], "10", id="ids are texts"),
        pytest.param([("6", 0), (A_UUID, 0)], A_UUID, id="a UUID before a text"),
        pytest.param([(A_UUID, 0), ("5", 0)], "5", id="a text before a UUID"),
        pytest.param(
            [(A_UUID, 0), (A_UUID.replace("5f0c1d2e", "00ffffff").replace("-4000", "-4fff"), 0)],
            A_UUID.replace("5f0c1d2e", "00ffffff").replace("-4000", "-4fff"),
            id="UUIDs as they are spelled",
        ),
    ],
)
async def test_the_first_event_is_the_earliest_and_of_one_time_the_smallest_id(
    events: Sequence[tuple[str, int]], first: str, engine: Engine, writer: Writer, project_id: str
) -> None:
    stored = [did("a", at, p=f"<{event_id}>") for event_id, at in events]
    for event, (event_id, _) in zip(stored, events, strict=True):
        event.event_id = event_id
    await store(writer, project_id, stored)

    response = await ask(engine, project_id, SPEC)

    assert {each.breakdown for each in response.series} == {f"<{first}>"}
