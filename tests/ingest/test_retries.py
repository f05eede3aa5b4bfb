"""Each event once, whatever fails on the way; and many callers at a time."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from eventglass.engine import outcomes
from eventglass.engine.pool import Pool
from eventglass.errors import DeadlineError, EventglassError, LimitError, UnavailableError
from eventglass.ingest import waiting
from eventglass.ingest.writer import Committed, open_writer
from events.v1.events_service_pb2 import BatchCreateResponse
from tests.ingest.looking import Faulty, ids, one, send
from tests.patience import PATIENCE


async def test_batches_that_wait_are_committed_together(
    faulty: Faulty, engine: Pool, project_id: str
) -> None:
    writer = await open_writer(faulty)

    await asyncio.gather(*(send(writer, project_id, str(number), str(number // 2)) for number in range(100)))

    assert len(await ids(engine, project_id)) == 100
    assert len(faulty.inserts) <= 3
    await writer.close()


@pytest.mark.parametrize(
    ("after", "later"),
    [(False, False), (True, False), (False, True)],
    ids=["not done", "done", "done later"],
)
async def test_after_an_insert_that_failed_a_retry_counts_once(
    faulty: Faulty, engine: Pool, project_id: str, after: bool, later: bool
) -> None:
    writer = await open_writer(faulty)
    await send(writer, project_id, "before")
    faulty.failing = {"events": UnavailableError("no")}
    faulty.after, faulty.later = after, later

    with pytest.raises(UnavailableError):
        await send(writer, project_id, "a", "b")
    faulty.failing = {}
    await send(writer, project_id, "b", "c")
    await faulty.settle_inserts()
    await send(writer, project_id, "a", "b")
    await writer.close()

    assert await ids(engine, project_id) == ["a", "b", "before", "c"]
    assert len(await ids(engine, project_id, "event_hashes")) == 4


@pytest.mark.parametrize(
    ("after", "later", "expected"),
    [
        (False, False, [["before"], ["b", "c"], ["a"]]),
        (True, False, [["before"], ["a", "b"], ["c"]]),
        (False, True, [["before"], ["a", "b"], ["c"]]),
    ],
    ids=["not done", "done", "done later"],
)
async def test_listeners_are_told_once_of_what_a_commit_that_failed_has_stored(
    faulty: Faulty, project_id: str, after: bool, later: bool, expected: list[list[str]]
) -> None:
    writer = await open_writer(faulty)
    told: list[Committed] = []
    with writer.told(told.append):
        await send(writer, project_id, "before")
        faulty.after, faulty.later = after, later
        faulty.failing = {"events": UnavailableError("no")}
        with pytest.raises(UnavailableError):
            await send(writer, project_id, "a", "b")
        # It is told once, however often what comes then fails.
        faulty.failing = {"query": UnavailableError("no")}
        with pytest.raises(UnavailableError):
            await send(writer, project_id, "b", "c")
        faulty.failing = {}
        await send(writer, project_id, "b", "c")
        await send(writer, project_id, "a", "b")
    await writer.close()

    assert [[row.event_id for row in each.rows] for each in told] == expected
    assert [each.received_ms for each in told] == sorted({each.received_ms for each in told})


async def test_events_of_a_commit_that_failed_are_before_the_watermark_when_they_are_acknowledged(
    faulty: Faulty, engine: Pool, project_id: str
) -> None:
    writer = await open_writer(faulty)
    await send(writer, project_id, "before")
    faulty.failing = {"events": UnavailableError("no")}
    faulty.after = True
    with pytest.raises(UnavailableError):
        await send(writer, project_id, "a")
    faulty.failing = {}

    await send(writer, project_id, "a")

    newest = await one(engine, project_id, "max(received_at)")
    assert isinstance(newest[0], datetime)
    assert writer.watermark(project_id) == newest[0].replace(tzinfo=UTC)
    await writer.close()


async def test_events_of_a_commit_that_failed_are_before_the_watermark_however_often_their_hashes_failed(
    faulty: Faulty, engine: Pool, project_id: str
) -> None:
    writer = await open_writer(faulty)
    await send(writer, project_id, "before")
    faulty.after = True
    for table in ("events", "event_hashes"):
        faulty.failing = {table: UnavailableError("no")}
        with pytest.raises(UnavailableError):
            await send(writer, project_id, "a")
    faulty.failing = {}

    again = await send(writer, project_id, "a")

    newest = await one(engine, project_id, "max(received_at)")
    assert isinstance(newest[0], datetime)
    assert again.events_known == 1
    assert writer.watermark(project_id) == newest[0].replace(tzinfo=UTC)
    await writer.close()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (DeadlineError("slow"), UnavailableError),
        (UnavailableError("away"), UnavailableError),
        (LimitError("large", reason="MEMORY_LIMIT"), UnavailableError),
        (LimitError("busy", reason="QUEUE_FULL", retry_after=timedelta(seconds=1)), LimitError),
    ],
)
async def test_a_look_up_that_failed_promises_nothing(
    faulty: Faulty, engine: Pool, project_id: str, error: EventglassError, expected: type[EventglassError]
) -> None:
    writer = await open_writer(faulty)
    faulty.failing = {"query": error}

    with pytest.raises(expected) as caught:
        await send(writer, project_id, "a")

    assert caught.value.retry_after
    faulty.failing = {}
    assert await ids(engine, project_id) == []
    await send(writer, project_id, "a")
    assert await ids(engine, project_id) == ["a"]


async def test_a_caller_that_leaves_does_not_break_a_commit(
    faulty: Faulty, engine: Pool, project_id: str
) -> None:
    writer = await open_writer(faulty)
    tasks = [asyncio.create_task(send(writer, project_id, str(number))) for number in range(10)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()

    results = await asyncio.gather(*tasks, return_exceptions=True)
    await writer.close()

    stayed = [result for result in results if isinstance(result, BatchCreateResponse)]
    assert len(stayed) == 5
    assert set(await ids(engine, project_id)) >= {"1", "3", "5", "7", "9"}


async def test_too_much_that_waits_is_refused_and_told_to_come_back(
    faulty: Faulty, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MAX_BYTES", 2_000)
    writer = await open_writer(faulty)

    results = await asyncio.gather(
        *(send(writer, project_id, str(number)) for number in range(20)), return_exceptions=True
    )

    refused = [result for result in results if isinstance(result, LimitError)]
    assert 0 < len(refused) < 20
    assert all(each.retry_after for each in refused)
    await send(writer, project_id, "later")
    await writer.close()


async def test_nobody_waits_behind_a_commit_that_hangs(
    faulty: Faulty, engine: Pool, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "STALLED_SECONDS", 0.1)
    writer = await open_writer(faulty)
    faulty.hanging = asyncio.Event()
    hanging = asyncio.create_task(send(writer, project_id, "a"))
    await asyncio.sleep(1.0)

    with pytest.raises(UnavailableError) as caught:
        await asyncio.wait_for(send(writer, project_id, "b"), timeout=PATIENCE)

    assert caught.value.retry_after
    faulty.hanging.set()
    await hanging
    await send(writer, project_id, "b")
    assert await ids(engine, project_id) == ["a", "b"]
    await writer.close()


async def test_a_commit_that_is_over_does_not_hang_however_long_ago_it_began(
    engine: Pool, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "STALLED_SECONDS", 0.0)
    writer = await open_writer(engine)

    for number in range(3):
        await send(writer, project_id, str(number))

    assert await ids(engine, project_id) == ["0", "1", "2"]
    await writer.close()
