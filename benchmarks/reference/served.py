"""The service within this process, on real ports.

An engine's directory belongs to one process. So that the service, the bare engine and other layouts can
be run in turns, all of them are in one: the server has a thread with an event loop of its own, and is
called over sockets like any other. It shares Python's lock with its caller, so what it is seen to add to
a statement is what a server in a process of its own would add, or more.
"""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from eventglass.app import serving
from eventglass.backend import Backend, opened
from eventglass.catalog.project import Access, Project
from eventglass.errors import AlreadyExistsError
from eventglass.process import new_event_loop
from eventglass.settings import Settings
from eventglass.transport.ports import Ports

PROJECT = Project(id="shop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server that answers.

    Args:
        backend: what it stands on.
        ports: where it listens.
        secret: a key that may read PROJECT.
    """

    backend: Backend
    ports: Ports
    secret: str


@contextmanager
def served(settings: Settings) -> Iterator[Served]:
    """Serve from a thread within the block."""
    ready: Future[Served] = Future()
    stopping: Future[None] = Future()

    async def serve() -> None:
        async with opened(settings) as backend, serving(backend, settings) as ports:
            ready.set_result(Served(backend=backend, ports=ports, secret=_key(backend)))
            await asyncio.wrap_future(stopping)

    def run() -> None:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(serve())

    with ThreadPoolExecutor(max_workers=1) as threads:
        running = threads.submit(run)
        either: list[Future[Any]] = [ready, running]
        wait(either, return_when=FIRST_COMPLETED)
        if running.done():
            running.result()  # raises what kept it from starting
        try:
            yield ready.result()
        finally:
            stopping.set_result(None)


def settle(*, most_seconds: float = 600.0) -> None:
    """Wait until this process does nothing: a server that starts reads what it has stored."""
    ends = time.monotonic() + most_seconds
    while time.monotonic() < ends:
        cpu, began = time.process_time(), time.monotonic()
        time.sleep(0.5)
        if time.process_time() - cpu < 0.05 * (time.monotonic() - began):
            return


def _key(backend: Backend) -> str:
    with contextlib.suppress(AlreadyExistsError):
        backend.catalog.create_project(PROJECT)
    _, secret = backend.catalog.create_key(PROJECT.id, {Access.READ})
    return secret
