"""What runs in the engine, for how long, and how it ends."""

import asyncio
import gc
import time
from collections.abc import Callable
from typing import Any

import pytest

from eventglass.engine.engine import Limits, Rows
from eventglass.engine.pool import Pool
from eventglass.errors import CancelledError, DeadlineError, EventglassError, InternalError, LimitError
from eventglass.sql.statement import Statement
from tests.engine.asking import ask

# Some ten seconds on one core.
SLOW = "SELECT max(sipHash64(number, number, number, number)) FROM numbers(1500000000)"
_LESS_THAN_SLOW = 5.0
# As slow, but with rows to show from the start.
SOME = "SELECT number FROM numbers(1500000000) WHERE sipHash64(number, number) % 1000 = 0"
RUNNING = (
    "SELECT count() FROM system.processes WHERE query LIKE {part:String} AND query NOT LIKE '%processes%'"
)


async def running(engine: Pool, part: str) -> int:
    ((count,),) = await ask(engine, RUNNING, part=f"%{part}%")
    return int(count)


async def until(condition: Callable[[], Any]) -> None:
    """Wait for it, less long than a slow statement takes."""
    started = time.monotonic()
    while not await condition():
        assert time.monotonic() - started < _LESS_THAN_SLOW, "it never came true"
        await asyncio.sleep(0.01)


async def test_an_answer_comes_by_columns(engine: Pool) -> None:
    columns = await ask(engine, "SELECT number, toString(number) FROM numbers(3)")

    assert [list(column) for column in columns] == [[0, 1, 2], ["0", "1", "2"]]


async def test_an_empty_answer_still_has_its_columns(engine: Pool) -> None:
    columns = await ask(engine, "SELECT 1, 'a', [1.5] WHERE {x:String} = ''", x="set")

    assert [list(column) for column in columns] == [[], [], []]


async def test_an_answer_is_let_go_of_with_its_last_reader(engine: Pool) -> None:
    def there() -> int:
        return sum(isinstance(each, Rows) for each in gc.get_objects())

    async def no_more_are_there() -> bool:
        return there() == before

    gc.collect()
    gc.disable()  # Large answers are few objects: it runs long after the memory is gone.
    try:
        before = there()  # kept by servers of other tests
        await ask(engine, "SELECT number FROM numbers(3)")

        await until(no_more_are_there)
    finally:
        gc.enable()


async def test_rows_and_bytes_read_are_those_scanned(engine: Pool) -> None:
    statement = Statement(text="SELECT sum(number) FROM numbers(100000) WHERE number % 2")

    rows = await engine.query(statement, Limits())

    assert (rows.rows_read, rows.bytes_read) == (100_000, 800_000)


async def test_what_takes_time_to_plan_and_helps_no_statement_is_off(engine: Pool) -> None:
    names = [
        "use_statistics",
        "optimize_use_projections",
        "optimize_use_implicit_projections",
        "optimize_group_by_function_keys",
        "optimize_aggregators_of_group_by_keys",
    ]
    settings = ", ".join(f"toUInt8(getSetting('{name}'))" for name in names)

    assert await ask(engine, f"SELECT [{settings}]") == [[[0] * len(names)]]


async def test_statements_run_side_by_side(engine: Pool) -> None:
    tasks = [asyncio.create_task(ask(engine, "SELECT sleep(3) -- beside")) for _ in range(3)]

    # The fourth client looks on.
    await until(lambda: _are_there(engine, "-- beside", 3))

    await asyncio.gather(*tasks)


async def test_a_deadline_ends_a_statement(engine: Pool) -> None:
    started = time.monotonic()

    with pytest.raises(DeadlineError):
        await ask(engine, SLOW, Limits(max_seconds=0.2))

    assert time.monotonic() - started < _LESS_THAN_SLOW
    await until(lambda: _is_gone(engine, "sipHash64(number, number, number, number)"))


async def test_a_statement_that_minds_no_deadline_is_given_up(engine: Pool) -> None:
    # The engine looks at the clock between blocks of rows, and sleeps through this one.
    with pytest.raises(DeadlineError):
        await ask(engine, "SELECT sleep(3) -- minds none", Limits(max_seconds=0.2))

    assert await _is_there(engine, "-- minds none")


async def test_no_time_at_all_is_a_deadline(engine: Pool) -> None:
    for seconds in (0.0, -1.0):
        with pytest.raises(DeadlineError):
            await ask(engine, "SELECT 1", Limits(max_seconds=seconds))


async def test_a_caller_that_leaves_takes_the_statement_along(engine: Pool) -> None:
    task = asyncio.create_task(ask(engine, SLOW + " -- left"))
    await until(lambda: _is_there(engine, "-- left"))

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await until(lambda: _is_gone(engine, "-- left"))


async def test_a_change_ends_when_its_caller_leaves(engine: Pool) -> None:
    change = "INSERT INTO session_days_until SELECT fromUnixTimestamp64Milli(n) -- left behind\nFROM"
    task = asyncio.create_task(engine.alter(Statement(text=f"{change} (SELECT toInt64(({SLOW})) AS n)")))
    await until(lambda: _is_there(engine, "-- left behind"))

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await until(lambda: _is_idle(engine))
    assert await _is_gone(engine, "-- left behind")


@pytest.mark.parametrize("after", [0.0, 0.0005, 0.001, 0.002, 0.005, 0.01])
async def test_a_caller_that_leaves_at_the_very_start_leaves_nothing_behind(
    engine: Pool, after: float
) -> None:
    for _ in range(5):
        task = asyncio.create_task(ask(engine, SLOW + " -- early"))
        await asyncio.sleep(after)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    await until(lambda: _is_gone(engine, "-- early"))
    await until(lambda: _is_idle(engine))


@pytest.mark.parametrize(
    ("text", "limits", "reason"),
    [
        pytest.param(
            "SELECT sum(number) FROM numbers(1000)", Limits(max_rows_read=999), "ROWS_LIMIT", id="rows"
        ),
        pytest.param("SELECT number FROM numbers(2000001)", Limits(), "RESULT_LIMIT", id="result"),
        pytest.param(
            "SELECT length(groupArray(number)) FROM numbers(1000000000)",
            Limits(),
            "MEMORY_LIMIT",
            id="memory",
        ),
        pytest.param("SELECT " + "(" * 5_000 + "1" + ")" * 5_000, Limits(), "STATEMENT_LIMIT", id="depth"),
        pytest.param(f"SELECT '{'x' * 2**24}'", Limits(), "STATEMENT_LIMIT", id="length"),
    ],
)
async def test_a_limit_is_named(engine: Pool, text: str, limits: Limits, reason: str) -> None:
    with pytest.raises(LimitError) as hit:
        await ask(engine, text, limits)

    assert hit.value.reason == reason


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        pytest.param("SELECT number FROM numbers(2000001)", Limits(), id="result limit"),
        pytest.param(SOME, Limits(max_seconds=0.3), id="deadline"),
        pytest.param("SELECT throwIf(number = 500000) FROM numbers(1000000)", Limits(), id="exception"),
    ],
)
async def test_what_a_failed_statement_had_put_out_is_in_no_other_answer(
    engine: Pool, text: str, limits: Limits
) -> None:
    with pytest.raises(EventglassError):
        await ask(engine, text, limits)

    for _ in range(8):
        assert await ask(engine, "SELECT 'mine'") == [["mine"]]


async def test_what_a_cancelled_statement_had_put_out_is_in_no_other_answer(engine: Pool) -> None:
    task = asyncio.create_task(ask(engine, f"{SOME} -- some"))
    await until(lambda: _is_there(engine, "-- some"))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: _is_idle(engine))

    for _ in range(8):
        assert await ask(engine, "SELECT 'mine'") == [["mine"]]


async def test_nothing_the_engine_says_reaches_a_caller(engine: Pool) -> None:
    with pytest.raises(InternalError) as failed:
        await ask(engine, "SELECT secret_column FROM events")

    assert failed.value.message == "the query failed"
    assert failed.value.__suppress_context__


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM file('/etc/hostname', 'LineAsString')",
        "SELECT * FROM url('http://127.0.0.1:9/', 'LineAsString')",
        "INSERT INTO FUNCTION file('/tmp/eventglass-written.tsv') SELECT 1",
        "DROP TABLE events",
    ],
)
async def test_a_select_can_do_nothing_else(engine: Pool, text: str) -> None:
    with pytest.raises(InternalError):
        await ask(engine, text)

    assert await ask(engine, "SELECT count() >= 0 FROM events") == [[1]]


async def test_the_engine_answers_a_ping_while_all_clients_are_busy(engine: Pool) -> None:
    tasks = [asyncio.create_task(ask(engine, "SELECT sleep(3)")) for _ in range(4)]
    await asyncio.sleep(0.05)

    await engine.ping()

    assert not any(task.done() for task in tasks)
    await asyncio.gather(*tasks)


async def test_the_limits_are_in_force_within_the_engine(engine: Pool) -> None:
    names, values = await ask(engine, "SELECT name, value FROM system.settings")

    setting = dict(zip(names, values, strict=True))
    assert setting["readonly"] == "1"
    for overflow in ("timeout", "read", "result", "group_by"):
        assert setting[f"{overflow}_overflow_mode"] == "throw"
    assert setting["use_query_condition_cache"] == "0"
    for name in (
        "max_execution_time",
        "max_memory_usage",
        "max_rows_to_read",
        "max_result_rows",
        "max_result_bytes",
        "max_rows_to_group_by",
        "max_query_size",
    ):
        assert float(setting[name]) > 0, name


async def test_a_kill_from_elsewhere_is_a_cancellation(engine: Pool) -> None:
    task = asyncio.create_task(ask(engine, SLOW + " -- killed"))
    await until(lambda: _is_there(engine, "-- killed"))

    for tag, future in list(engine._running.items()):
        engine._end(tag, future)

    with pytest.raises(CancelledError):
        await task


async def _are_there(engine: Pool, part: str, number: int) -> bool:
    return await running(engine, part) == number


async def _is_there(engine: Pool, part: str) -> bool:
    return await running(engine, part) > 0


async def _is_gone(engine: Pool, part: str) -> bool:
    return await running(engine, part) == 0


async def _is_idle(engine: Pool) -> bool:
    return not engine._running
