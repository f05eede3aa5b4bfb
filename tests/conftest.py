"""What most tests need: one embedded engine per pytest process, its writer, and a project of one's own."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from eventglass.engine.embedded import open_embedded
from eventglass.engine.pool import Pool
from eventglass.engine.settings import EngineSettings
from eventglass.identity.register import Register, open_register
from eventglass.ingest.writer import Writer, open_writer

# The same examples in every run, so that a failure is the change's, and as much time for each as it
# takes: a busy machine is no reason to fail. `make oracle SEED=7` draws others.
settings.register_profile("tests", deadline=None, derandomize=True)
settings.register_profile("seeded", deadline=None, derandomize=False, database=None)
settings.load_profile("tests")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def engine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pool]:
    """chDB in a fresh directory. A process can have one open at a time, so it is everybody's."""
    directory: Path = tmp_path_factory.mktemp("data")
    # A busy machine is no reason to fail.
    pool = open_embedded(directory, EngineSettings(max_memory_bytes=2**30, max_seconds=300))
    yield pool
    await pool.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def writer(engine: Pool) -> AsyncIterator[Writer]:
    opened = await open_writer(engine)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def latest_writer(engine: Pool) -> AsyncIterator[Writer]:
    """One whose events arrive after all others: those of tests with writers of their own, too."""
    opened = await open_writer(engine)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def register(engine: Pool) -> AsyncIterator[Register]:
    opened = await open_register(engine)
    yield opened
    await opened.close()


@pytest.fixture
def project_id() -> str:
    """A project that no other test has."""
    return f"p-{uuid.uuid4().hex}"
