"""Who runs, who waits, who is refused, and with which limits; with clients that only sleep."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pyarrow as pa
import pytest
import pytest_asyncio
from clickhouse_connect.driver.summary import QuerySummary

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.engine.settings import EngineSettings
from eventglass.engine.storing import Storing
from eventglass.errors import DeadlineError, LimitError, UnavailableError
from eventglass.sql.statement import Statement
from tests.engine.asking import ask


class FakeClient:
    """A client whose statements take as long as the test says, and that notes what it was asked.

    Args:
        released: ends `SELECT held`.
    """

    def __init__(self, released: threading.Event) -> None:
        self._released = released
        self.selects: list[tuple[str, dict[str, Any]]] = []
        self.inserts: list[tuple[str, dict[str, Any]]] = []
        self.commands: list[str] = []
        self.closed = False

    def query(
        self, text: str, *, parameters: Any, settings: dict[str, Any], column_oriented: bool = False
    ) -> Any:
        assert parameters is not None or column_oriented
        self.selects.append((text, settings))
        if text == "SELECT held":
            assert self._released.wait(60)
        else:
            time.sleep(float(text.removeprefix("SELECT ")))
        return type("Result", (), {"column_names": ("a",), "result_columns": [[1]], "summary": {}})

    def raw_insert(
        self, table: str, columns: Sequence[str], data: pa.Buffer, *, settings: dict[str, Any], fmt: str
    ) -> QuerySummary:
        assert fmt == "Arrow"
        assert isinstance(data, pa.Buffer)
        assert pa.ipc.open_file(data).schema.names == columns
        self.inserts.append((table, settings))
        return QuerySummary({"written_rows": "1"})

    def command(self, text: str, parameters: dict[str, Any]) -> None:
        assert parameters
        self.commands.append(text)

    def ping(self) -> bool:
        return not self.closed

    def close(self) -> None:
        self.closed = True


class Fakes:
    """A pool of fake clients, and the clients."""

    def __init__(self, **settings: Any) -> None:
        self.clients: list[FakeClient] = []
        self.held = threading.Event()
        self.released = 0
        self.pool = Pool(self._open, EngineSettings(**settings), readonly=1, release=self._release)

    async def begun(self) -> None:
        """Wait until a thread has begun with a statement."""
        while not any(client.selects for client in self.clients):  # noqa: ASYNC110 - a thread does not tell
            await asyncio.sleep(0.001)

    def _open(self) -> Any:
        self.clients.append(FakeClient(self.held))
        return self.clients[-1]

    def _release(self) -> None:
        self.released += 1


@pytest_asyncio.fixture(loop_scope="session")
async def fakes() -> AsyncIterator[Fakes]:
    made = Fakes(clients=1, max_waiting=2)
    yield made
    await made.pool.close()


async def test_too_many_that_wait_are_refused_and_told_to_come_back(fakes: Fakes) -> None:
    tasks = [asyncio.create_task(ask(fakes.pool, "SELECT held")) for _ in range(3)]
    await asyncio.sleep(0.02)

    with pytest.raises(LimitError) as full:
        await ask(fakes.pool, "SELECT 0")

    assert full.value.reason == "QUEUE_FULL"
    assert full.value.retry_after is not None
    fakes.held.set()
    await asyncio.gather(*tasks)
    await ask(fakes.pool, "SELECT 0")


async def test_where_none_may_wait_a_free_slot_is_taken() -> None:
    fakes = Fakes(clients=1, max_waiting=0)

    assert await ask(fakes.pool, "SELECT 0") == [[1]]
    busy = asyncio.create_task(ask(fakes.pool, "SELECT held"))
    await asyncio.sleep(0)
    with pytest.raises(LimitError):
        await ask(fakes.pool, "SELECT 0")

    fakes.held.set()
    await busy
    await fakes.pool.close()


async def test_what_stores_waits_for_no_query(fakes: Fakes) -> None:
    queries = [asyncio.create_task(ask(fakes.pool, "SELECT held")) for _ in range(3)]
    await asyncio.sleep(0.02)
    storing = Storing(fakes.pool)

    found = await storing.query(Statement(text="SELECT 0"), Limits())
    await storing.insert("events", pa.table({"a": [1]}))

    assert found.columns == [[1]]
    fakes.held.set()
    await asyncio.gather(*queries)


async def test_any_number_of_those_who_store_may_wait(fakes: Fakes) -> None:
    storing = Storing(fakes.pool)

    stored = (storing.insert("events", pa.table({"a": [1]})) for _ in range(100))
    await asyncio.gather(*stored)

    assert sum(len(each.inserts) for each in fakes.clients) == 100


async def test_waiting_counts_towards_the_deadline(fakes: Fakes) -> None:
    busy = asyncio.create_task(ask(fakes.pool, "SELECT held"))
    await asyncio.sleep(0.02)

    with pytest.raises(DeadlineError):
        await ask(fakes.pool, "SELECT 0", Limits(max_seconds=0.1))
    fakes.held.set()
    await busy

    selects = fakes.clients[1].selects
    assert [text for text, _ in selects] == ["SELECT held"]


async def test_what_is_left_of_the_time_is_the_engines_limit(fakes: Fakes) -> None:
    busy = asyncio.create_task(ask(fakes.pool, "SELECT held"))
    await asyncio.sleep(0.02)
    waiting = asyncio.create_task(ask(fakes.pool, "SELECT 0", Limits(max_seconds=30.0)))
    await asyncio.sleep(0.2)

    fakes.held.set()
    await asyncio.gather(busy, waiting)

    left = fakes.clients[1].selects[-1][1]["max_execution_time"]
    assert 0 < left < 29.85


async def test_a_slot_is_free_when_its_thread_is_not_when_its_caller_has_left(fakes: Fakes) -> None:
    task = asyncio.create_task(ask(fakes.pool, "SELECT held"))
    await fakes.begun()
    task.cancel()
    waiting = asyncio.create_task(ask(fakes.pool, "SELECT 0"))
    await asyncio.sleep(0.1)

    assert task.cancelled()
    assert not waiting.done()
    fakes.held.set()
    await waiting
    assert fakes.clients[0].commands


async def test_a_machine_without_more_threads_takes_no_place_away(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = Fakes(clients=2, max_waiting=8)

    monkeypatch.setattr(threading.Thread, "start", _no_more_threads)
    answers = await asyncio.gather(*(ask(fakes.pool, "SELECT 0.01") for _ in range(8)))
    await fakes.pool.insert("events", pa.table({"a": [1]}))
    await fakes.pool.ping()
    monkeypatch.undo()

    assert answers == [[[1]]] * 8
    await fakes.pool.close()


def test_a_machine_without_threads_is_told_when_a_pool_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading.Thread, "start", _no_more_threads)

    with pytest.raises(UnavailableError, match="threads cannot be started") as told:
        Fakes(clients=2)

    assert told.value.reason == "CANNOT_OPEN"


def _no_more_threads(_: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


async def test_only_what_starts_while_others_wait_has_few_threads() -> None:
    fakes = Fakes(clients=1, threads=8, threads_while_others_wait=2)
    asked = [asyncio.create_task(ask(fakes.pool, "SELECT held"))]
    await fakes.begun()
    asked += [asyncio.create_task(ask(fakes.pool, "SELECT held")) for _ in range(3)]
    await asyncio.sleep(0.02)

    fakes.held.set()
    await asyncio.gather(*asked)
    await fakes.pool.close()

    # The first one found nobody waiting, and neither did the last one.
    assert [settings["max_threads"] for _, settings in fakes.clients[1].selects] == [8, 2, 2, 8]


async def test_one_that_waits_and_leaves_never_starts(fakes: Fakes) -> None:
    busy = asyncio.create_task(ask(fakes.pool, "SELECT held"))
    await asyncio.sleep(0.02)
    waiting = asyncio.create_task(ask(fakes.pool, "SELECT 0.0"))
    await asyncio.sleep(0.02)

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    fakes.held.set()
    await busy

    assert [text for text, _ in fakes.clients[1].selects] == ["SELECT held"]
    assert not fakes.clients[0].commands, "nothing is there to be ended"


async def test_a_thread_that_is_through_goes_on_without_the_loop(fakes: Fakes) -> None:
    asked = [asyncio.create_task(ask(fakes.pool, text)) for text in ("SELECT held", "SELECT 0")]
    await fakes.begun()

    fakes.held.set()
    ends = time.monotonic() + 10.0
    while len(fakes.clients[1].selects) < 2 and time.monotonic() < ends:
        pass  # The loop is busy.

    assert [text for text, _ in fakes.clients[1].selects] == ["SELECT held", "SELECT 0"]
    await asyncio.gather(*asked)


async def test_all_who_wait_when_the_pool_closes_are_told() -> None:
    fakes = Fakes(clients=1, max_waiting=5)
    running = asyncio.create_task(ask(fakes.pool, "SELECT 0.2"))
    waiting = [asyncio.create_task(ask(fakes.pool, "SELECT 0")) for _ in range(5)]
    await fakes.begun()

    await fakes.pool.close()

    assert await running == [[1]]
    for each in waiting:
        with pytest.raises(UnavailableError) as told:
            await each
        assert told.value.reason == "STOPPING"


async def test_the_engines_time_is_told_without_the_wait_for_a_client(fakes: Fakes) -> None:
    busy = asyncio.create_task(ask(fakes.pool, "SELECT 0.3"))
    await fakes.begun()

    rows = await fakes.pool.query(Statement(text="SELECT 0.05"), Limits())

    assert 0.05 <= rows.seconds < 0.3
    await busy


async def test_every_statement_carries_the_limits_that_its_client_does_not_keep(fakes: Fakes) -> None:
    await ask(fakes.pool, "SELECT 0")
    await fakes.pool.insert("events", pa.table({"a": [1]}))

    ((_, select),) = fakes.clients[1].selects
    ((_, insert),) = [each for client in fakes.clients for each in client.inserts]
    assert select.keys() >= {
        "log_comment",
        "max_execution_time",
        "max_rows_to_read",
        "max_result_rows",
        "max_result_bytes",
        "max_rows_to_group_by",
        "max_threads",
        "readonly",
    }
    assert insert.keys() >= {"log_comment", "max_execution_time", "max_memory_usage", "max_threads"}
    assert "readonly" not in insert, "it would stick to the client"
    for name, value in {**select, **insert}.items():
        if name.startswith("max_") and name != "max_partitions_per_insert_block":
            assert value, f"{name} = 0 is no limit"


async def test_a_closed_pool_has_let_go_of_everything() -> None:
    fakes = Fakes(clients=2)
    task = asyncio.create_task(ask(fakes.pool, "SELECT 0.1"))
    await fakes.begun()

    await fakes.pool.close()
    await fakes.pool.close()

    assert all(client.closed for client in fakes.clients)
    assert fakes.released == 1
    with pytest.raises(UnavailableError):
        await ask(fakes.pool, "SELECT 0")
    with pytest.raises(UnavailableError):
        await fakes.pool.ping()
    assert await task == [[1]]
