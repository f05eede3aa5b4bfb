from collections.abc import AsyncIterator

import pytest_asyncio

from eventglass.engine.pool import Pool
from eventglass.ingest.writer import Writer, open_writer
from tests.marks import forget


@pytest_asyncio.fixture(loop_scope="session")
async def writer(engine: Pool) -> AsyncIterator[Writer]:
    """One whose events arrive after all others."""
    opened = await open_writer(engine)
    yield opened
    await opened.close()
    await forget(engine)
