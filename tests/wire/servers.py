"""Servers on free ports, as fixtures: one with fakes behind it, one with the real engine.

A folder's conftest.py imports the ones that its tests use.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

from eventglass.app import running
from eventglass.catalog.project import Access
from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.writer import Writer
from eventglass.settings import Settings
from eventglass.transport.ports import Ports
from tests.in_process import serving_in_process
from tests.patience import PATIENCE
from tests.wire.fakes import BOTH, PROJECT, FakeGrants, SlowEngine, fake_methods

ORIGIN = "https://board.example"


@pytest.fixture(scope="session")
def slow_engine() -> SlowEngine:
    return SlowEngine()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def ports(slow_engine: SlowEngine) -> AsyncIterator[Ports]:
    """A server with fakes behind it."""
    settings = Settings(http_port=0, grpc_port=0, cors_origins=frozenset({ORIGIN}), grace_seconds=1.0)
    async with running(
        fake_methods(slow_engine), grants=FakeGrants(), ready=slow_engine.ping, settings=settings
    ) as taken:
        yield taken


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def http(ports: Ports) -> AsyncIterator[httpx.AsyncClient]:
    """A client of that server's HTTP port, with a key that may do everything."""
    headers = {"authorization": f"Bearer {BOTH}", "x-project-id": PROJECT}
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{ports.http}", headers=headers, timeout=PATIENCE
    ) as client:
        yield client


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A server with the real engine behind it, and a project with the events of the examples.

    Args:
        ports: where it listens.
        headers: name the project and carry a key that may do everything.
    """

    ports: Ports
    headers: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports.http}"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo(
    engine: Pool, writer: Writer, register: Register, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Demo]:
    folder = tmp_path_factory.mktemp("catalog")
    async with serving_in_process(engine, writer, register, folder) as server:
        server.create_project("demo")
        headers = server.headers("demo", Access.READ, Access.WRITE)
        served = Demo(ports=server.ports, headers=headers)
        async with httpx.AsyncClient(base_url=served.url, headers=headers, timeout=PATIENCE) as client:
            answer = await client.post("/events.v1.EventsService/BatchCreate", json={"events": _events()})
        # Known are those that this project has from another folder's server on the same engine.
        reply = answer.json()
        assert (reply["eventsCreated"], reply["rejected"]) == (9, [])
        yield served


def _events() -> list[dict[str, object]]:
    """Two people in two countries, on the first two days of May 2026."""
    views = [
        ("ada", "DE", "pro", "2026-05-01T08:00:00Z"),
        ("ada", "DE", "pro", "2026-05-01T09:00:00Z"),
        ("bob", "FR", "pro", "2026-05-01T10:00:00Z"),
        ("bob", "FR", "free", "2026-05-01T11:00:00Z"),
        ("ada", "DE", "pro", "2026-05-02T08:00:00Z"),
    ]
    purchases = [
        ("ada", "DE", 10.5, "2026-05-01T12:00:00Z"),
        ("bob", "FR", 7.25, "2026-05-01T12:30:00Z"),
        ("ada", "DE", 4.5, "2026-05-01T13:00:00Z"),
        ("bob", "FR", 100, "2026-05-02T12:00:00Z"),
    ]
    events: list[dict[str, object]] = [
        {
            "name": "page_view",
            "userId": user,
            "timestamp": time,
            "properties": {"plan": plan, "$geo": {"country": country}},
        }
        for user, country, plan, time in views
    ]
    events += [
        {
            "name": "purchase",
            "userId": user,
            "timestamp": time,
            "properties": {"revenue": revenue, "$geo.country": country},
        }
        for user, country, revenue, time in purchases
    ]
    return events
