"""Equal clients with a thread each, and the statements that wait for one in the order in which they came."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, ExitStack
from typing import Final, TypeVar

from clickhouse_connect.driver.client import Client

from eventglass.engine.clients import Clients
from eventglass.engine.failures import RETRY_AFTER
from eventglass.engine.settings import EngineSettings
from eventglass.errors import DeadlineError, LimitError, UnavailableError
from eventglass.threads import started

Answer = TypeVar("Answer")

# Statements that wait with the threads, so that one that is through goes on without a turn of the loop, which
# may be busy. More of them change nothing.
_READY = 2


class Lane:
    """A share of the engine that is nobody else's. Use it in one event loop.

    Args:
        open_client: makes one client.
        settings: what its SELECTs are held to.
        number: statements that run at the same time.
        most_waiting: statements that may wait for that; None: any number.
        name: of its threads.
    """

    def __init__(
        self,
        open_client: Callable[[], Client],
        settings: EngineSettings,
        number: int,
        *,
        most_waiting: int | None,
        name: str,
    ) -> None:
        self.settings: Final = settings
        self._threads = started(number, name)
        self._clients = Clients(open_client, number)
        self._slots = asyncio.Semaphore(number + min(_READY, most_waiting or 0))
        self._number = number
        self._most = None if most_waiting is None else number + most_waiting
        self._there = 0
        self._counting = threading.Lock()

    async def enter(self, ends: float) -> None:
        """Take a slot, or raise: no room to wait, or no time left.

        Args:
            ends: when the time is over, by `time.monotonic`.
        """
        if self._there == self._most:
            raise LimitError(
                f"{self._there - self._number} queries are waiting already; try again",
                reason="QUEUE_FULL",
                retry_after=RETRY_AFTER,
            )
        with ExitStack() as undo:
            self._count(1)
            undo.callback(self._count, -1)
            await self._slot(ends)
            undo.pop_all()

    async def _slot(self, ends: float) -> None:
        if not self._slots.locked():
            await self._slots.acquire()
            return
        try:
            async with asyncio.timeout(ends - time.monotonic()):
                await self._slots.acquire()
        except TimeoutError:
            raise late() from None

    def leave(self) -> None:
        """Give a slot back in which nothing was started."""
        self._count(-1)
        self._slots.release()

    def _count(self, more: int) -> None:
        """Count statements, waiting or running: in by the loop, out by a thread before its next one."""
        with self._counting:
            self._there += more

    def threads(self) -> int:
        """Say how many threads a SELECT should use that starts now.

        While others wait there is work for all processors, and what threads of one statement cost each
        other is lost. The last of a queue have them all again.
        """
        few = self.settings.threads_while_others_wait
        return self.settings.threads if few is None or self._there <= self._number else few

    def start(
        self, run: Callable[[], Answer], *, over: Callable[[], object]
    ) -> tuple["Future[Answer]", "asyncio.Future[Answer]"]:
        """Run in a thread, in the slot that `enter` took; it is free again when the thread is.

        Args:
            run: what to run.
            over: called in the loop when the thread is free.

        Returns:
            The run itself, and its answer for who waits in the loop and may leave.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        running = self._threads.submit(run)

        # Told which run it was: one that held itself would hold its answer until garbage is collected.
        def ended(done: "Future[Answer]") -> None:
            self._slots.release()
            over()
            if not answer.done():
                _answer(answer, done)

        def through(done: "Future[Answer]") -> None:
            self._count(-1)
            # All else by one word from the thread, for each wakes the loop.
            loop.call_soon_threadsafe(ended, done)

        running.add_done_callback(through)
        return running, answer

    def lend(self) -> AbstractContextManager[Client]:
        """Lend a client to what runs."""
        return self._clients.lend()

    async def close(self) -> None:
        """Wait for what runs, and close the clients."""
        await asyncio.to_thread(self._threads.shutdown)
        self._clients.close()


def _answer(answer: "asyncio.Future[Answer]", running: "Future[Answer]") -> None:
    error = closed() if running.cancelled() else running.exception()
    if error is None:
        answer.set_result(running.result())
    else:
        answer.set_exception(error)


def closed() -> UnavailableError:
    """Say that nothing runs any more."""
    return UnavailableError("the server is stopping; try again", reason="STOPPING", retry_after=RETRY_AFTER)


def late() -> DeadlineError:
    """Say that a caller's time is over."""
    return DeadlineError(
        "the query took longer than its deadline; ask for a shorter time range or allow more time"
    )
