"""The funnel and retention examples, posted as they stand, on signups that convert as their answer shows."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from eventglass.catalog.project import Access
from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.writer import Writer
from tests.in_process import serving_in_process
from tests.wire.callers import BATCH_CREATE, QUERY

QUERIES = Path(__file__).parents[2] / "examples" / "queries"
BATCH = 1_000

# How many do what, and when.
SIGNUPS = [
    ("signup_started", 1_000, "2026-05-05T10:00:00Z"),
    ("signup_completed", 650, "2026-05-05T10:10:00Z"),
    ("page_view", 325, "2026-05-06T10:00:00Z"),
    ("purchase", 120, "2026-05-09T10:00:00Z"),
    ("page_view", 65, "2026-05-12T10:00:00Z"),
    # A millisecond after the funnel's window.
    ("purchase", 400, "2026-05-12T10:00:00.001Z"),
]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def signups(
    engine: Pool, writer: Writer, register: Register, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server that has the events."""
    folder = tmp_path_factory.mktemp("catalog")
    async with (
        serving_in_process(engine, writer, register, folder) as server,
        httpx.AsyncClient(base_url=server.url, timeout=60.0) as client,
    ):
        server.create_project("signups")
        client.headers.update(server.headers("signups", Access.READ, Access.WRITE))
        client.headers["content-type"] = "application/json"
        events = [
            {"name": name, "userId": f"user {number}", "timestamp": time}
            for name, many, time in SIGNUPS
            for number in range(many)
        ]
        for first in range(0, len(events), BATCH):
            sent = await client.post(
                BATCH_CREATE, content=json.dumps({"events": events[first : first + BATCH]})
            )
            assert sent.status_code == 200, sent.text
        yield client


async def answer(client: httpx.AsyncClient, example: str) -> dict[str, Any]:
    reply = await client.post(QUERY, content=(QUERIES / f"{example}.json").read_bytes())
    assert reply.status_code == 200, reply.text
    answered: dict[str, Any] = reply.json()
    return answered


async def test_the_signup_funnel(signups: httpx.AsyncClient) -> None:
    funnel = (await answer(signups, "signup-funnel"))["funnel"]

    shown = [{name: step[name] for name in ("event", "count", "conversionRate")} for step in funnel["steps"]]
    assert shown == [
        {"event": "signup_started", "count": 1000, "conversionRate": 1.0},
        {"event": "signup_completed", "count": 650, "conversionRate": 0.65},
        {"event": "purchase", "count": 120, "conversionRate": 0.12},
    ]
    assert funnel["overallConversionRate"] == 0.12
    assert [step.get("stepConversionRate") for step in funnel["steps"]] == [None, 0.65, 120 / 650]
    assert [step.get("medianTime") for step in funnel["steps"]] == [None, "600s", "345000s"]


async def test_retention(signups: httpx.AsyncClient) -> None:
    retention = (await answer(signups, "retention"))["retention"]

    cohorts = {cohort["cohortDate"]: cohort for cohort in retention["cohorts"]}
    # The range begins on a Thursday, so its first week begins in the year before.
    assert (len(cohorts), min(cohorts), max(cohorts)) == (22, "2025-12-29T00:00:00Z", "2026-05-25T00:00:00Z")
    assert [len(cohort["periods"]) for cohort in retention["cohorts"]] == list(range(22, 0, -1))
    assert [date for date, cohort in cohorts.items() if cohort["size"]] == ["2026-05-04T00:00:00Z"]
    assert cohorts["2026-05-04T00:00:00Z"] == {
        "cohortDate": "2026-05-04T00:00:00Z",
        "size": 650,
        "periods": [
            {"period": 0, "count": 650, "rate": 1, "partial": False},
            {"period": 1, "count": 65, "rate": 0.1, "partial": False},
            {"period": 2, "count": 0, "rate": 0, "partial": False},
            {"period": 3, "count": 0, "rate": 0, "partial": False},
        ],
    }
    assert retention["averageRates"][1] == {"period": 1, "rate": 0.1, "size": 650}
