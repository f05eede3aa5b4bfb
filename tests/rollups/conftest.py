from collections.abc import AsyncIterator

import pytest_asyncio

from eventglass.engine.pool import Pool
from eventglass.ingest.writer import Writer
from tests.marks import forget


@pytest_asyncio.fixture(loop_scope="session")
async def writer(engine: Pool, latest_writer: Writer) -> AsyncIterator[Writer]:
    """One whose events arrive after what is gathered."""
    yield latest_writer
    await forget(engine)
