"""A task that nobody waits for does not fail in silence."""

import asyncio

from structlog.testing import capture_logs

from eventglass.background import begin


async def _fails() -> None:
    raise ZeroDivisionError


async def test_a_task_that_fails_is_in_the_log() -> None:
    with capture_logs() as logged:
        await asyncio.wait([begin(_fails(), "divide")])

    ((level, name, error),) = [(each["log_level"], each["task"], each["exc_info"]) for each in logged]
    assert (level, name, type(error)) == ("error", "divide", ZeroDivisionError)


async def test_one_that_is_cancelled_is_not() -> None:
    with capture_logs() as logged:
        task = begin(asyncio.sleep(60), "sleep")
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    assert not logged
