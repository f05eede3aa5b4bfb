"""A journal, an engine that is stuck, and a process that is killed."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from eventglass.engine.layout import EVENTS
from eventglass.engine.pool import Pool
from eventglass.ingest import journaled
from eventglass.ingest.journal import Journal
from eventglass.ingest.writer import Writer
from tests.ingest.looking import Faulty
from tests.patience import PATIENCE


class Stuck(Faulty):
    """The engine, which stores no events until it goes on; hashes of other tests' events, it does."""

    def __init__(self, engine: Pool) -> None:
        super().__init__(engine)
        self.goes_on = asyncio.Event()

    async def insert(self, table: str, rows: pa.Table) -> None:
        if table == EVENTS:
            await self.goes_on.wait()
        await super().insert(table, rows)


async def abandon(writer: Writer) -> None:
    """Leave a writer as a process does that is killed while it inserts."""
    storage = writer._storage
    assert isinstance(storage, journaled.Journaled)
    if storage._inserting is not None:
        storage._inserting.cancel()
        await asyncio.wait([storage._inserting])
    writing = writer._known.pending._writing
    if writing is not None:
        writing.cancel()
        await asyncio.wait([writing])
    storage._journal.close()


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.02)


def is_empty(folder: Path) -> bool:
    return not [*Journal(folder).records()]
