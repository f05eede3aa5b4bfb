"""Hashes are written a moment after their events, many together; until then they are known all the same."""

import asyncio
from contextlib import nullcontext

import pytest

from eventglass.engine.pool import Pool
from eventglass.errors import UnavailableError
from eventglass.ingest import pending_ids, recovery
from eventglass.ingest.identity import event_hash
from eventglass.ingest.known_ids import open_known_ids
from eventglass.ingest.pending_ids import LAG_MS, PendingIds
from eventglass.ingest.writer import open_writer
from tests.ingest.looking import Faulty, ids, send
from tests.patience import PATIENCE


@pytest.fixture
def nothing_hurries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have hashes wait for whoever writes them, however long a slow machine takes in between."""
    monkeypatch.setattr(pending_ids, "_GATHER_SECONDS", 3_600)
    for module in (pending_ids, recovery):
        monkeypatch.setattr(module, "LAG_MS", 3_600_000)


@pytest.mark.parametrize("after", [False, True], ids=["not done", "done"])
async def test_hashes_that_could_not_be_written_are_known_and_written_later(
    faulty: Faulty, engine: Pool, project_id: str, after: bool
) -> None:
    known = await open_known_ids(faulty)
    hashes = [event_hash(project_id, name) for name in "ab"]
    faulty.failing = {"event_hashes": UnavailableError("no")}
    faulty.after = after

    known.add(hashes)
    known.pending.add(hashes, [project_id] * 2, 1)
    with pytest.raises(UnavailableError):
        await known.pending.write()
    assert await known.among(hashes, {project_id}) == set(hashes)
    faulty.failing = {}
    await known.pending.write()
    await known.pending.write()

    assert len(await ids(engine, project_id, "event_hashes")) == 2
    assert await known.among(hashes, {project_id}) == set(hashes)
    await known.pending.close()


async def test_no_event_is_stored_while_older_hashes_cannot_be(
    faulty: Faulty, engine: Pool, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending_ids, "LAG_MS", 0)
    writer = await open_writer(faulty)
    faulty.failing = {"event_hashes": UnavailableError("no")}
    await send(writer, project_id, "a")

    with pytest.raises(UnavailableError) as caught:
        await send(writer, project_id, "b")

    assert caught.value.retry_after
    assert await ids(engine, project_id) == ["a"]
    faulty.failing = {}
    await send(writer, project_id, "b")
    assert await ids(engine, project_id) == ["a", "b"]
    assert await ids(engine, project_id, "event_hashes") != []
    await writer.close()


async def test_hashes_wait_for_each_other_until_they_are_too_old(
    faulty: Faulty, engine: Pool, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending_ids, "_GATHER_SECONDS", 3_600)
    pending = PendingIds(faulty)
    pending.add([event_hash(project_id, "a")], [project_id], 1_000)

    await pending.make_room(1_000 + LAG_MS)
    assert await ids(engine, project_id, "event_hashes") == []
    await pending.make_room(1_001 + LAG_MS)
    assert len(await ids(engine, project_id, "event_hashes")) == 1
    await pending.close()


async def test_hashes_are_written_a_moment_after_their_events(engine: Pool, project_id: str) -> None:
    writer = await open_writer(engine)
    await send(writer, project_id, "a")
    await send(writer, project_id, "b")

    async with asyncio.timeout(PATIENCE):
        while len(await ids(engine, project_id, "event_hashes")) < 2:  # noqa: ASYNC110 - only the table tells
            await asyncio.sleep(0.01)
    await writer.close()

    assert len(await ids(engine, project_id, "event_hashes")) == 2


@pytest.mark.usefixtures("nothing_hurries")
async def test_an_event_that_comes_again_before_its_hash_is_written_counts_once(
    faulty: Faulty, engine: Pool, project_id: str
) -> None:
    writer = await open_writer(faulty)
    faulty.failing = {"event_hashes": UnavailableError("no")}

    await send(writer, project_id, "a", "b")
    again = await send(writer, project_id, "b", "c")

    assert (again.events_created, again.events_known) == (2, 1)
    assert await ids(engine, project_id) == ["a", "b", "c"]
    faulty.failing = {}
    await writer.close()


@pytest.mark.usefixtures("nothing_hurries")
@pytest.mark.parametrize("acknowledged", [False, True])
async def test_after_a_crash_before_hashes_are_written_a_retry_counts_once(
    faulty: Faulty, engine: Pool, project_id: str, acknowledged: bool
) -> None:
    crashed = await open_writer(faulty)
    await send(crashed, project_id, "before")
    faulty.after = True
    faulty.failing = {} if acknowledged else {"events": UnavailableError("no")}
    with nullcontext() if acknowledged else pytest.raises(UnavailableError):
        await send(crashed, project_id, "a", "b")
    faulty.after = False
    faulty.failing = {"event_hashes": UnavailableError("no")}
    await crashed.close()
    assert await ids(engine, project_id, "event_hashes") == []

    restarted = await open_writer(engine)

    assert len(await ids(engine, project_id, "event_hashes")) == 3
    await send(restarted, project_id, "a", "b", "c")
    assert await ids(engine, project_id) == ["a", "b", "before", "c"]
    await restarted.close()
