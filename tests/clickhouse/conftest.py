"""A server that speaks ClickHouse's HTTP interface, the engine that talks to it, and its writer."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pytest
import pytest_asyncio

from eventglass.engine.clickhouse import open_clickhouse
from eventglass.engine.pool import Pool
from eventglass.engine.settings import EngineSettings
from eventglass.identity.register import Register, open_register
from eventglass.ingest.writer import Writer, open_writer


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickHouse:
    """One that runs.

    Args:
        process: kill it to see what that does.
        port: of its HTTP interface.
    """

    process: subprocess.Popen[str]
    port: int

    @property
    def dsn(self) -> str:
        return f"clickhouse://default:@127.0.0.1:{self.port}/default"


@contextmanager
def running(
    directory: Path, port: int = 0, profile: Mapping[str, str] = MappingProxyType({})
) -> Iterator[ClickHouse]:
    """Run a server on a directory.

    Args:
        directory: its data.
        port: 0 for any that is free.
        profile: settings of requests that say nothing else.
    """
    told = [str(directory), str(port), json.dumps(dict(profile))]
    command = [sys.executable, "-m", "tests.clickhouse.server", *told]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield ClickHouse(process=process, port=int(process.stdout.readline()))
        finally:
            process.kill()


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouse]:
    with running(tmp_path_factory.mktemp("clickhouse")) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def engine(clickhouse: ClickHouse) -> AsyncIterator[Pool]:
    """Stands here for the embedded one of all other tests."""
    pool = open_clickhouse(clickhouse.dsn, EngineSettings(max_memory_bytes=2**30))
    yield pool
    await pool.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def register(engine: Pool) -> AsyncIterator[Register]:
    opened = await open_register(engine)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def writer(engine: Pool) -> AsyncIterator[Writer]:
    opened = await open_writer(engine)
    yield opened
    await opened.close()
