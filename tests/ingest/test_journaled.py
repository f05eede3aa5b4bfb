"""Events that are acknowledged when they are in the journal: each once, in every answer asked for later."""

import asyncio
import os
from pathlib import Path

import pytest

from eventglass.engine.failures import disk_full
from eventglass.engine.pool import Pool
from eventglass.errors import LimitError, UnavailableError
from eventglass.ingest import journal as journal_module
from eventglass.ingest import journaled, waiting
from eventglass.ingest.journal import Journal
from eventglass.ingest.times import EPOCH, MILLISECOND
from eventglass.ingest.writer import Committed, Writer, open_writer
from tests.ingest.journaling import Stuck, is_empty, until
from tests.ingest.looking import Faulty, ids, one, send
from tests.patience import PATIENCE


async def test_events_are_acknowledged_before_they_are_inserted_and_shown_after(
    stuck: Stuck, engine: Pool, project_id: str, folder: Path
) -> None:
    writer = await open_writer(stuck, Journal(folder))
    told: list[Committed] = []
    with writer.told(told.append):
        response = await send(writer, project_id, "a", "b")
        before = [*await ids(engine, project_id), *told]
        asyncio.get_running_loop().call_later(0.05, stuck.goes_on.set)
        await writer.shown(project_id)

    assert response.events_created == 2
    assert before == []
    assert await ids(engine, project_id) == ["a", "b"]
    assert [row.event_id for each in told for row in each.rows] == ["a", "b"]
    assert writer.watermark(project_id) == EPOCH + told[0].received_ms * MILLISECOND
    assert await one(engine, project_id, "toUnixTimestamp64Milli(max(received_at))") == [told[0].received_ms]
    await writer.close()
    assert is_empty(folder)


async def test_an_event_that_comes_again_while_it_waits_counts_once(
    stuck: Stuck, engine: Pool, project_id: str, folder: Path
) -> None:
    writer = await open_writer(stuck, Journal(folder))

    first = await send(writer, project_id, "a", "b")
    again = await send(writer, project_id, "b", "c")
    stuck.goes_on.set()
    await writer.close()

    assert (first.events_known, again.events_known) == (0, 1)
    assert await ids(engine, project_id) == ["a", "b", "c"]
    assert len(await ids(engine, project_id, "event_hashes")) == 3


async def test_many_commits_are_inserted_together(
    stuck: Stuck, engine: Pool, project_id: str, folder: Path
) -> None:
    writer = await open_writer(stuck, Journal(folder))

    for number in range(50):
        await send(writer, project_id, str(number))
    stuck.goes_on.set()
    await writer.shown(project_id)

    assert len(await ids(engine, project_id)) == 50
    assert len(stuck.inserts) <= 2
    await writer.close()


async def test_nobody_waits_for_events_of_another_project(
    stuck: Stuck, engine: Pool, project_id: str, folder: Path
) -> None:
    writer = await open_writer(stuck, Journal(folder))
    await send(writer, project_id, "a")

    async with asyncio.timeout(PATIENCE):
        await writer.shown(project_id + "-other")

    assert await ids(engine, project_id) == []
    stuck.goes_on.set()
    await writer.close()


async def test_who_asks_does_not_wait_for_ever(
    stuck: Stuck, engine: Pool, project_id: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journaled, "_SHOWN_SECONDS", 0.01)
    writer = await open_writer(stuck, Journal(folder))
    await send(writer, project_id, "a")

    async with asyncio.timeout(PATIENCE):
        await writer.shown(project_id)

    assert await ids(engine, project_id) == []
    stuck.goes_on.set()
    await writer.close()


async def test_nobody_waits_for_an_engine_that_fails(
    faulty: Faulty, engine: Pool, project_id: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journaled, "_SHOWN_SECONDS", 10 * PATIENCE)
    monkeypatch.setattr(journaled, "STALLED_SECONDS", 10 * PATIENCE)
    monkeypatch.setattr(journaled, "_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(journaled, "_MOST_WAITING_ROWS", 0)
    writer = await open_writer(faulty, Journal(folder))
    faulty.failing = {"events": UnavailableError("no")}
    await send(writer, project_id, "a")

    async with asyncio.timeout(PATIENCE):
        await writer.shown(project_id)
        with pytest.raises(UnavailableError) as refused:
            await send(writer, project_id, "refused")

    assert refused.value.reason == "NOT_STORED"

    assert await ids(engine, project_id) == []
    faulty.failing = {}
    await writer.close()
    assert await ids(engine, project_id) == ["a"]


async def test_a_full_disk_of_the_engine_is_told(
    faulty: Faulty, project_id: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journaled, "_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(journaled, "_MOST_WAITING_ROWS", 0)
    writer = await open_writer(faulty, Journal(folder))
    faulty.failing = {"events": disk_full()}
    await send(writer, project_id, "a")

    with pytest.raises(UnavailableError) as refused:
        await send(writer, project_id, "refused")

    assert refused.value.reason == "DISK_FULL"
    faulty.failing = {}
    await writer.close()


async def test_what_is_too_large_together_is_inserted_one_by_one(
    stuck: Stuck, engine: Pool, project_id: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journaled, "_PAUSE_SECONDS", 0.01)
    writer = await open_writer(stuck, Journal(folder))
    for number in range(8):
        await send(writer, project_id, f"{number}a", f"{number}b")
    stuck.most_rows = 3
    stuck.goes_on.set()
    await until(lambda: writer._storage.oldest_ms is None)
    await writer.close()

    assert len(await ids(engine, project_id)) == 16
    assert is_empty(folder)


async def test_a_file_that_cannot_be_deleted_keeps_no_event_back(
    engine: Pool, project_id: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> None:
        raise OSError("no")

    monkeypatch.setattr(journal_module, "_FULL_BYTES", 1)
    writer = await open_writer(engine, Journal(folder))
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", fail)
        for number in range(3):
            await send(writer, project_id, str(number))
            await writer.shown(project_id)
            await writer._known.pending.write()
        await writer.close()
    assert not is_empty(folder)

    await (await open_writer(engine, Journal(folder))).close()

    assert await ids(engine, project_id) == ["0", "1", "2"]
    assert is_empty(folder)


async def test_what_a_listener_breaks_counts_once(
    stuck: Stuck, engine: Pool, project_id: str, folder: Path
) -> None:
    writer = await open_writer(stuck, Journal(folder))
    for each in "abc":
        await send(writer, project_id, each)

    def breaks(committed: Committed) -> None:
        if committed.rows[0].event_id == "b":
            raise RuntimeError("unforeseen")

    with writer.told(breaks):
        stuck.goes_on.set()
        await send(writer, project_id, "d")
        await until(lambda: writer._storage.oldest_ms is None or _has_ended(writer))
    await send(writer, project_id, "e")
    await writer.close()

    assert await ids(engine, project_id) == ["a", "b", "c", "d", "e"]


def _has_ended(writer: Writer) -> bool:
    storage = writer._storage
    assert isinstance(storage, journaled.Journaled)
    return storage._inserting is not None and storage._inserting.done()


async def test_too_much_that_waits_is_refused(
    stuck: Stuck, engine: Pool, project_id: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits to be inserted has a limit; then batches wait in front of the journal, with one, too."""
    monkeypatch.setattr(journaled, "_MOST_WAITING_ROWS", 1)
    monkeypatch.setattr(waiting, "MAX_BYTES", 1_000)
    writer = await open_writer(stuck, Journal(folder))
    kept = [await send(writer, project_id, each) for each in "ab"]

    calls = [asyncio.create_task(send(writer, project_id, f"c{number}")) for number in range(9)]
    refused, waits = await asyncio.wait(calls, return_when=asyncio.FIRST_EXCEPTION)
    stuck.goes_on.set()
    stored = await asyncio.gather(*waits)
    await writer.close()

    assert {type(each.exception()) for each in refused} == {LimitError}
    assert len(await ids(engine, project_id)) == len(kept) + len(stored) < 11


async def test_the_journal_is_emptied_when_nothing_comes(
    engine: Pool, project_id: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journaled, "_IDLE_SECONDS", 0.3)
    writer = await open_writer(engine, Journal(folder))
    await send(writer, project_id, "a")

    await until(lambda: is_empty(folder))

    await send(writer, project_id, "b")
    assert not is_empty(folder)
    await writer.close()
    assert await ids(engine, project_id) == ["a", "b"]


async def test_full_files_of_the_journal_are_deleted_while_events_come(
    engine: Pool, project_id: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "_FULL_BYTES", 1)  # a file for each commit
    writer = await open_writer(engine, Journal(folder))
    for number in range(3):
        await send(writer, project_id, str(number))
        await writer.shown(project_id)
        await writer._known.pending.write()
    await send(writer, project_id, "last")
    await writer.shown(project_id)

    assert len(os.listdir(folder)) <= 2
    await writer.close()
    assert await ids(engine, project_id) == ["0", "1", "2", "last"]
