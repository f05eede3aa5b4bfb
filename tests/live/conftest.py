"""A server with the real engine, for all tests of this folder."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.writer import Writer
from tests.in_process import serving_in_process
from tests.live.served import Served, Tenant

ORIGIN = "https://board.example"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served(
    engine: Pool, writer: Writer, register: Register, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    async with serving_in_process(
        engine,
        writer,
        register,
        tmp_path_factory.mktemp("catalog"),
        max_streams_of_project=3,
        cors_origins=frozenset({ORIGIN}),
    ) as server:
        yield Served(ports=server.ports, catalog=server.catalog)


@pytest.fixture
def tenant(served: Served) -> Tenant:
    return served.tenant()
