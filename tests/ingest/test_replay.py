"""What a process that is gone had acknowledged, and nowhere but in its journal: each event once."""

import asyncio
from pathlib import Path

import pytest

from eventglass.engine.pool import Pool
from eventglass.errors import UnavailableError
from eventglass.ingest import backlog
from eventglass.ingest import journal as journal_module
from eventglass.ingest.journal import Journal
from eventglass.ingest.writer import open_writer
from tests.ingest.journaling import Stuck, abandon, is_empty, until
from tests.ingest.looking import Faulty, ids, send


@pytest.mark.parametrize("done", ["never", "at once", "later"])
async def test_an_insert_that_failed_is_done_again_and_counts_once(
    faulty: Faulty, engine: Pool, project_id: str, folder: Path, done: str
) -> None:
    writer = await open_writer(faulty, Journal(folder))
    faulty.failing = {"events": UnavailableError("no")}
    faulty.after, faulty.later = done == "at once", done == "later"

    await send(writer, project_id, "a", "b")
    await send(writer, project_id, "b", "c")
    await until(lambda: faulty.tries > 0)
    faulty.failing = {}
    await writer.close()

    assert await ids(engine, project_id) == ["a", "b", "c"]
    assert len(await ids(engine, project_id, "event_hashes")) == 3


@pytest.mark.parametrize("crash", ["before the insert", "after it", "after the hashes"])
async def test_a_start_stores_what_was_only_in_the_journal(
    faulty: Faulty, engine: Pool, project_id: str, folder: Path, crash: str
) -> None:
    writer = await open_writer(faulty, Journal(folder))
    if crash == "before the insert":
        faulty.hanging = asyncio.Event()
    await send(writer, project_id, "a", "b")
    if crash != "before the insert":
        await writer.shown(project_id)
    if crash == "after the hashes":
        await writer._known.pending.write()
    await abandon(writer)
    assert not is_empty(folder)
    faulty.hanging = None

    restarted = await open_writer(faulty, Journal(folder))
    found = await ids(engine, project_id)
    again = await send(restarted, project_id, "b", "c")
    await restarted.close()

    assert found == ["a", "b"]
    assert again.events_known == 1
    assert await ids(engine, project_id) == ["a", "b", "c"]
    assert len(await ids(engine, project_id, "event_hashes")) == 3
    assert is_empty(folder)


async def test_a_start_that_fails_is_begun_again(
    stuck: Stuck, engine: Pool, project_id: str, folder: Path
) -> None:
    writer = await open_writer(stuck, Journal(folder))
    await send(writer, project_id, "a")
    await send(writer, project_id, "b")
    await abandon(writer)
    stuck.goes_on.set()
    for table in ("events", "event_hashes"):
        stuck.failing, stuck.after = {table: UnavailableError("no")}, True
        with pytest.raises(UnavailableError):
            await open_writer(stuck, Journal(folder))
    stuck.failing = {}

    await (await open_writer(stuck, Journal(folder))).close()

    assert await ids(engine, project_id) == ["a", "b"]
    assert len(await ids(engine, project_id, "event_hashes")) == 2


async def test_a_record_whose_sync_failed_and_its_retry_count_once(
    stuck: Stuck, engine: Pool, project_id: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError("no")

    writer = await open_writer(stuck, Journal(folder))
    with monkeypatch.context() as patched:
        patched.setattr(journal_module, "_sync", fail)
        with pytest.raises(UnavailableError):
            await send(writer, project_id, "a", "b")
    await send(writer, project_id, "a", "b")
    await abandon(writer)
    stuck.goes_on.set()

    await (await open_writer(stuck, Journal(folder))).close()

    assert await ids(engine, project_id) == ["a", "b"]


async def test_a_start_inserts_no_more_at_once_than_is_together_in_memory(
    stuck: Stuck, engine: Pool, project_id: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = await open_writer(stuck, Journal(folder))
    for number in range(4):
        await send(writer, project_id, str(number))
    await abandon(writer)
    monkeypatch.setattr(backlog, "MOST_BYTES", 1)
    stuck.most_rows = 1
    stuck.goes_on.set()

    await (await open_writer(stuck, Journal(folder))).close()

    assert await ids(engine, project_id) == ["0", "1", "2", "3"]
