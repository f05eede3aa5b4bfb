"""When it is time for a commit."""

import asyncio

import pytest

from eventglass.engine.pool import Pool
from eventglass.ingest.accept import Row
from eventglass.ingest.commit import Batch
from eventglass.ingest.waiting import Waiting, WaitingBatches
from eventglass.ingest.writer import open_writer
from tests.ingest.looking import ids, send
from tests.patience import PATIENCE

ROW = Row("x", 0, "e", 0, "", "", "", 0, "{}", "")


class Queue(WaitingBatches):
    """A queue that counts how often it wakes the writer."""

    def __init__(self) -> None:
        super().__init__(self._woken)
        self.woken = 0
        self.woke = asyncio.Event()

    def _woken(self) -> None:
        self.woken += 1
        self.woke.set()

    def put(self, batches: int, *, rows: int = 1) -> None:
        for _ in range(batches):
            done = asyncio.get_running_loop().create_future()
            batch = Batch(project_id="p", rows=[ROW] * rows)
            self.add(Waiting(batch=batch, now_ms=0, size=1, done=done))


async def committed(queue: Queue, batches: int, *, meanwhile: int = 0, rows: int = 1) -> None:
    """Take so many batches, let others come, and end the commit."""
    queue.put(batches, rows=rows)
    queue.take()
    queue.put(meanwhile, rows=rows)
    queue.gather()
    queue.woken = 0
    queue.woke.clear()


async def test_the_first_batch_waits_for_nobody() -> None:
    queue = Queue()

    queue.put(1)

    assert queue.woken == 1
    assert queue.is_time()


async def test_after_a_commit_of_one_nobody_is_waited_for() -> None:
    queue = Queue()
    await committed(queue, 1)
    assert not queue.is_time()

    queue.put(1)

    assert queue.woken == 1


async def test_after_a_commit_of_several_as_many_are_waited_for() -> None:
    queue = Queue()
    await committed(queue, 3, meanwhile=2)

    queue.put(2)
    assert (queue.woken, queue.is_time()) == (0, False)
    queue.put(1)

    assert (queue.woken, queue.is_time()) == (1, True)
    assert len(queue.take()) == 5


async def test_of_many_events_half_are_waited_for() -> None:
    queue = Queue()
    await committed(queue, 3, meanwhile=1, rows=1_000)
    assert not queue.is_time()

    queue.put(1, rows=1_000)

    assert queue.woken == 1
    assert len(queue.take()) == 2


async def test_when_half_of_many_events_are_there_nobody_is_waited_for() -> None:
    queue = Queue()

    await committed(queue, 1, meanwhile=3, rows=1_000)

    assert queue.is_time()
    assert len(queue.take()) == 3


async def test_what_is_large_enough_waits_for_nobody() -> None:
    queue = Queue()
    await committed(queue, 3)

    queue.put(1, rows=1_000)

    assert queue.woken == 1


async def test_who_does_not_come_again_is_not_waited_for_long() -> None:
    queue = Queue()
    await committed(queue, 3)

    queue.put(1)
    assert not queue.is_time()
    await asyncio.wait_for(queue.woke.wait(), timeout=PATIENCE)

    assert queue.is_time()
    assert len(queue.take()) == 1


async def test_a_batch_that_waits_for_others_is_stored_when_the_writer_closes(
    engine: Pool, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventglass.ingest.waiting._GATHER_SECONDS", 3_600)
    writer = await open_writer(engine)
    await asyncio.gather(*(send(writer, project_id, str(number)) for number in range(9)))

    late = asyncio.create_task(send(writer, project_id, "late"))
    await asyncio.sleep(0)
    await writer.close()

    assert (await late).events_created == 1
    assert "late" in await ids(engine, project_id)
