"""What the line of a call tells of the engine's share."""

import json
from pathlib import Path

import httpx
from structlog.testing import capture_logs

from tests.patience import PATIENCE
from tests.wire.callers import BATCH_CREATE, QUERY
from tests.wire.servers import Demo

_EXAMPLE = Path(__file__).parents[2] / "examples" / "queries" / "daily-active-users.json"


async def test_the_line_of_a_question_tells_how_long_the_engine_took(demo: Demo) -> None:
    question = json.loads(_EXAMPLE.read_text("utf-8"))
    async with httpx.AsyncClient(base_url=demo.url, headers=demo.headers, timeout=PATIENCE) as client:
        with capture_logs() as lines:
            for _ in range(2):
                (await client.post(QUERY, json=question)).raise_for_status()

    asked, kept = (line for line in lines if line["event"] == "call")
    assert 0 < asked["engine_ms"] <= asked["ms"]
    assert kept["engine_ms"] == 0


async def test_the_line_of_events_tells_nothing_of_it(demo: Demo) -> None:
    # Refused, for other tests count who is in the project.
    batch = {"events": [{"name": "", "userId": "ada"}]}
    async with httpx.AsyncClient(base_url=demo.url, headers=demo.headers, timeout=PATIENCE) as client:
        with capture_logs() as lines:
            (await client.post(BATCH_CREATE, json=batch)).raise_for_status()

    (line,) = (line for line in lines if line["event"] == "call")
    assert "engine_ms" not in line
