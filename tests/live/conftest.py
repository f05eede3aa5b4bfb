"""A server with the real engine, for all tests of this folder."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from eventglass.app import Backend, serving
from eventglass.catalog.catalog import open_catalog
from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.writer import Writer
from eventglass.settings import Settings
from tests.live.served import Served, Tenant

ORIGIN = "https://board.example"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def served(
    engine: Pool, writer: Writer, register: Register, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    catalog = open_catalog(f"sqlite:///{tmp_path_factory.mktemp('catalog') / 'catalog.db'}")
    settings = Settings(
        http_port=0,
        grpc_port=0,
        grace_seconds=1.0,
        max_streams_of_project=3,
        cors_origins=frozenset({ORIGIN}),
    )
    backend = Backend(engine=engine, writer=writer, register=register, catalog=catalog)
    async with serving(backend, settings) as ports:
        yield Served(ports=ports, catalog=catalog)
    catalog.close()


@pytest.fixture
def tenant(served: Served) -> Tenant:
    return served.tenant()
