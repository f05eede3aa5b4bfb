"""A real browser on a page of another origin: what it sends arrives, also when the page is left."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from eventglass.catalog.project import Access
from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.writer import Writer
from tests.browser.site import Site, site
from tests.in_process import serving_in_process
from tests.patience import PATIENCE

_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_SECONDS = 60


@pytest.fixture(scope="module")
def browser() -> str:
    """A headless Chromium. .ci/run installs one where it can."""
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(_BROWSERS)} is installed")
    return found


@pytest.fixture
def page() -> Iterator[Site]:
    with site() as served:
        yield served


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A project on a server that the page may call.

    Args:
        url: of the server.
        headers: of who may ask.
    """

    url: str
    headers: dict[str, str]


@pytest_asyncio.fixture
async def shop(
    page: Site, engine: Pool, writer: Writer, register: Register, tmp_path: Path
) -> AsyncIterator[Shop]:
    project = "shop-in-a-browser"
    origins = frozenset({page.origin})
    async with serving_in_process(engine, writer, register, tmp_path, cors_origins=origins) as server:
        server.create_project(project)
        _, write = server.catalog.create_key(project, [Access.WRITE])
        _, stream = server.catalog.create_key(project, [Access.STREAM])
        page.config |= {"url": server.url, "project": project, "writeKey": write, "streamKey": stream}
        yield Shop(url=server.url, headers=server.headers(project, Access.READ))


@asynccontextmanager
async def _browsing(browser: str, address: str, profile: Path) -> AsyncIterator[None]:
    """Look at a page within the block."""
    process = await asyncio.create_subprocess_exec(
        browser,
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
        # Without this it ends when the first page has loaded.
        *(f"--user-data-dir={profile}", "--remote-debugging-port=0", address),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        # What was started may be a script, and the browser its child.
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def test_fetch_beacons_and_an_event_source(
    browser: str, page: Site, shop: Shop, tmp_path: Path
) -> None:
    async with _browsing(browser, f"{page.origin}/", tmp_path / "profile"), asyncio.timeout(_SECONDS):
        left = await asyncio.to_thread(page.left.wait, _SECONDS)
        assert left, list(page.reports.queue)
        counts = await _counts(shop, events=4)

    reports = list(page.reports.queue)
    answers = [each["answer"] for each in reports if "answer" in each]
    assert [(each["eventsCreated"], each["rejected"]) for each in answers] == [(1, []), (1, [])]
    streamed = [(each["streamed"], each["personId"]) for each in reports if "streamed" in each]
    assert sorted(streamed) == [("fetch", "ada"), ("fetch of a beacon", "ada")]
    assert not [each for each in reports if "failed" in each]
    assert counts == {
        "fetch": 1,
        "fetch of a beacon": 1,
        "beacon on unload": 1,
        "packed beacon on unload": 1,
    }


async def _counts(shop: Shop, *, events: int) -> dict[str, float]:
    """Ask how many events there are of each name, until there are so many."""
    query = {
        "visualization": "VISUALIZATION_TABLE",
        "breakdown": {"property": "$event_name"},
        "timeRange": {"start": "2020-01-01T00:00:00Z", "end": "2100-01-01T00:00:00Z"},
    }
    found: dict[str, float] = {}
    async with httpx.AsyncClient(base_url=shop.url, headers=shop.headers, timeout=PATIENCE) as client:
        while sum(found.values()) < events:
            await asyncio.sleep(0.1)
            answer = await client.post("/insights.v1.InsightsService/Query", json={"query": query})
            rows: list[dict[str, Any]] = answer.json()["rows"]
            found = {row["dimensions"][0]["text"]: row["value"] for row in rows}
    return found
