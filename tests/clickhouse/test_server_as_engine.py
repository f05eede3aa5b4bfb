"""A ClickHouse server as the engine: its own ways to carry values, to fail and to go away."""

import asyncio
import ssl
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import clickhouse_connect
import pyarrow as pa
import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError
from urllib3 import HTTPConnectionPool

from eventglass.engine.clickhouse import open_clickhouse
from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.engine.settings import EngineSettings
from eventglass.errors import DeadlineError, InternalError, LimitError, UnavailableError
from eventglass.ingest.event_hashes import look_up, look_up_recent, store
from eventglass.ingest.identity import event_hash
from eventglass.sql.statement import Statement
from tests.clickhouse.conftest import ClickHouse, running
from tests.clickhouse.cutting import cutting
from tests.clickhouse.server import MAX_FIELD_BYTES
from tests.engine.asking import ask
from tests.engine.earlier import IDS, statements_of_ids, with_ids_as_texts
from tests.engine.test_pool import RUNNING, SLOW, until

HOSTILE = [
    "",
    "\t\n\\N",
    "'; DROP TABLE events; --",
    "%s {x:String} %",
    "a\0b",
    "\u202e\U0001f980",
    "\\",
    "x" * 100_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_values_come_back_as_they_went(engine: Pool, text: str) -> None:
    columns = await ask(
        engine, "SELECT {x:String}, {y:Array(String)}, {x:String} = ''", x=text, y=[text, "b"]
    )

    assert [list(column) for column in columns] == [[text], [[text, "b"]], [text == ""]]


async def test_many_values_are_no_longer_than_a_url_may_be(engine: Pool) -> None:
    values = [f"value {number} 🦀\t" for number in range(5_000)]

    columns = await ask(engine, "SELECT {x:Array(String)}, length({x:Array(String)})", x=values)

    assert [list(column) for column in columns] == [[values], [5_000]]


async def test_an_empty_answer_still_has_its_columns(engine: Pool) -> None:
    columns = await ask(engine, "SELECT 1, 'a', [1.5] WHERE {x:String} = ''", x="set")

    assert [list(column) for column in columns] == [[], [], []]


async def test_rows_read_are_told(engine: Pool) -> None:
    statement = Statement(text="SELECT count() FROM numbers(100000) WHERE number % 2")

    rows = await engine.query(statement, Limits())

    assert (rows.columns, rows.rows_read) == ([[50_000]], 100_000)


async def test_a_value_longer_than_the_server_takes_is_refused(engine: Pool) -> None:
    with pytest.raises(LimitError) as raised:
        await ask(engine, "SELECT length({x:String})", x="x" * (MAX_FIELD_BYTES + 1))

    assert raised.value.reason == "STATEMENT_LIMIT"


@pytest.mark.parametrize(
    ("type_name", "values"),
    [
        ("UInt64", [2**64 - 1 - number for number in range(20_000)]),
        ("Float64", [number / 7 for number in range(20_000)]),
        ("String", ["\U0001f980" * 9_000] * 10),
        ("String", ["\\'\t\n`" * 5_000] * 10),
        ("String", ["a" * 100_000, "b" * 100_000, ""]),
    ],
    ids=["keys", "numbers", "letters of four bytes", "letters that are escaped", "long ones"],
)
async def test_arrays_may_be_longer_than_a_value(engine: Pool, type_name: str, values: list[object]) -> None:
    text = (
        f"SELECT {{x:Array({type_name})}}, {{y:String}}, length({{x:Array({type_name})}}),"
        f" toTypeName({{x:Array({type_name})}}), {{one:{type_name}}} IN {{x:Array({type_name})}}"
    )

    columns = await ask(engine, text, x=values, y="{x:String}", one=values[-1])

    assert [list(column) for column in columns] == [
        [values],
        ["{x:String}"],
        [len(values)],
        [f"Array({type_name})"],
        [1],
    ]


async def test_more_events_are_looked_up_than_one_value_holds(engine: Pool, project_id: str) -> None:
    hashes = [event_hash(project_id, str(number)) for number in range(50_000)]
    stored = hashes[::2]
    await store(engine, stored, [project_id] * len(stored))

    assert await look_up(engine, hashes, [project_id]) == set(stored)
    assert await look_up_recent(engine, hashes, [project_id]) == set(stored)


async def test_limits_reach_the_server(engine: Pool) -> None:
    with pytest.raises(LimitError) as raised:
        await ask(engine, "SELECT count() FROM numbers(1000000)", Limits(max_rows_read=1_000))

    assert raised.value.reason == "ROWS_LIMIT"


async def test_a_fault_of_a_statement_is_told_to_the_log_alone(engine: Pool) -> None:
    with pytest.raises(InternalError) as raised:
        await ask(engine, "SELECT no_such_column FROM migrations")

    assert "no_such_column" not in str(raised.value)


async def test_a_deadline_ends_a_statement_in_the_server(engine: Pool) -> None:
    started = time.monotonic()

    with pytest.raises(DeadlineError):
        await ask(engine, SLOW, Limits(max_seconds=0.3))

    assert time.monotonic() - started < 5.0, "less than the statement takes"
    await until(lambda: _is_gone(engine))


async def test_leaving_ends_a_statement_in_the_server(engine: Pool) -> None:
    asking = asyncio.create_task(ask(engine, SLOW))
    await until(lambda: _runs(engine))

    asking.cancel()

    await until(lambda: _is_gone(engine))


async def test_a_server_that_dies_is_away_and_one_that_returns_is_used_again(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        pool = open_clickhouse(first.dsn, EngineSettings(clients=2))
        assert list((await ask(pool, "SELECT 1"))[0]) == [1]
    with pytest.raises(UnavailableError) as raised:
        await ask(pool, "SELECT 1")
    with pytest.raises(UnavailableError):
        await pool.ping()
    assert raised.value.retry_after is not None

    with running(tmp_path, first.port):
        assert list((await ask(pool, "SELECT 2"))[0]) == [2]
        await pool.ping()
        await pool.close()


async def test_an_insert_whose_connection_is_cut_is_ended_in_the_server(
    clickhouse: ClickHouse, engine: Pool
) -> None:
    with closing(clickhouse_connect.get_client(dsn=clickhouse.dsn)) as client:
        # Two seconds of work for 100 rows.
        client.command("CREATE TABLE slow (x UInt64, y UInt8 DEFAULT sleepEachRow(0.02)) ENGINE = Memory")
    async with cutting(clickhouse.port) as proxy:
        pool = await asyncio.to_thread(open_clickhouse, proxy.dsn, EngineSettings(clients=1))
        inserting = asyncio.create_task(pool.insert("slow", pa.table({"x": list(range(100))})))
        await until(lambda: _inserts(engine))

        proxy.cut()
        with pytest.raises(UnavailableError):
            await inserting
        still_there = await _inserts(engine)
        # At once, as who stores events and who stores persons do after one cut.
        await asyncio.gather(pool.settle_inserts(), pool.settle_inserts())

        assert still_there
        assert not await _inserts(engine)
        assert list((await ask(engine, "SELECT count() FROM slow"))[0]) == [0]
        await pool.settle_inserts()
        await pool.close()


async def test_an_insert_whose_answer_breaks_is_not_sent_again(
    clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(clickhouse_connect.get_client(dsn=clickhouse.dsn)) as client:
        client.command("CREATE TABLE once (x UInt64) ENGINE = Memory")
    pool = await asyncio.to_thread(open_clickhouse, clickhouse.dsn, EngineSettings(clients=1))
    exchange = HTTPConnectionPool._make_request

    def broken(self: HTTPConnectionPool, *given: Any, **named: Any) -> Any:
        exchange(self, *given, **named).close()
        raise ssl.SSLError("bad record mac")

    with monkeypatch.context() as patched:
        patched.setattr(HTTPConnectionPool, "_make_request", broken)
        with pytest.raises(UnavailableError):
            await pool.insert("once", pa.table({"x": [1]}))

    assert list((await ask(pool, "SELECT count() FROM once"))[0]) == [1]
    await pool.close()


async def test_events_that_an_earlier_client_is_storing_are_there_when_the_server_is_opened(
    tmp_path: Path,
) -> None:
    with running(tmp_path) as server:
        async with cutting(server.port) as proxy:
            first = await asyncio.to_thread(open_clickhouse, proxy.dsn, EngineSettings(clients=1))
            with closing(clickhouse_connect.get_client(dsn=server.dsn)) as client:
                client.command("ALTER TABLE events ADD COLUMN slow UInt8 DEFAULT sleepEachRow(0.02)")
            inserting = asyncio.create_task(first.insert("events", pa.table({"event_id_text": ["x"] * 100})))
            await asyncio.sleep(0.5)  # of two seconds that it takes
            proxy.cut()
            with pytest.raises(UnavailableError):
                await inserting

            second = await asyncio.to_thread(open_clickhouse, server.dsn, EngineSettings(clients=1))

            assert list((await ask(second, "SELECT count() FROM events"))[0]) == [100]
            await first.close()
            await second.close()


async def test_ids_that_were_texts_stay_what_they_are(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        with closing(clickhouse_connect.get_client(dsn=server.dsn)) as client:
            pairs = with_ids_as_texts(client)

        engine = await asyncio.to_thread(open_clickhouse, server.dsn, EngineSettings(clients=1))
        columns = await ask(engine, "SELECT event_id, session_id, event_uuid FROM events")
        await engine.close()

    assert sorted(zip(*columns[:2], strict=True)) == sorted(pairs)
    assert {str(each) for each in columns[2]} > {IDS[0], IDS[1]}


async def test_no_id_is_lost_that_an_earlier_version_inserts_while_ids_become_uuids(tmp_path: Path) -> None:
    names = ["project_id", "event", "time", "event_id"]
    rows = [["q", "x", "2024-01-01 00:00:00", str(number)] for number in range(100)]
    with running(tmp_path) as server, closing(clickhouse_connect.get_client(dsn=server.dsn)) as client:
        with_ids_as_texts(client)
        client.command("ALTER TABLE events ADD COLUMN slow UInt8 DEFAULT sleepEachRow(0.02)")
        inserting = asyncio.create_task(asyncio.to_thread(client.insert, "events", rows, names))
        await asyncio.sleep(0.5)  # of two seconds that it takes

        engine = await asyncio.to_thread(open_clickhouse, server.dsn, EngineSettings(clients=1))
        (found,) = await ask(engine, "SELECT event_id FROM events WHERE project_id = 'q'")
        await engine.close()
        await inserting

    assert sorted(found) == sorted(row[-1] for row in rows)


def test_ids_of_an_earlier_version_are_refused_once_the_new_columns_are_there(tmp_path: Path) -> None:
    rows, names = [["p", "x", "2024-01-01 00:00:00", "1"]], ["project_id", "event", "time", "event_id"]
    with running(tmp_path) as server, closing(clickhouse_connect.get_client(dsn=server.dsn)) as client:
        with_ids_as_texts(client)

        for statement in statements_of_ids():
            client.command(statement)
            with pytest.raises(ClickHouseError):
                client.insert("events", rows, names)


async def test_no_server_is_said_in_one_line(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        dsn = server.dsn

    with pytest.raises(UnavailableError, match="cannot be reached"):
        open_clickhouse(dsn)


async def _runs(engine: Pool) -> bool:
    ((count,),) = await ask(engine, RUNNING, part="%sipHash64(number, number, number, number)%")
    return bool(count)


async def _inserts(engine: Pool) -> int:
    ((count,),) = await ask(engine, RUNNING, part="INSERT INTO%slow%")
    return int(count)


async def _is_gone(engine: Pool) -> bool:
    return not await _runs(engine)
