"""The server as a process: its loop, its signals, its log."""

import asyncio
import ctypes
import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, Final, TextIO, cast

import structlog
from structlog.tracebacks import ExceptionDictTransformer

from eventglass.app import serving
from eventglass.backend import opened
from eventglass.settings import Settings
from eventglass.threads import started
from eventglass.transport.descriptors import raise_limit
from eventglass.transport.ports import Ports

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SWITCH_SECONDS = 0.0005
# For what takes long, beside the loop: mostly to read large requests, of each method one at a time.
_THREADS: Final = 6
# For what closes after the calls have ended: events that wait are stored, and threads end.
CLOSING_SECONDS: Final = 20.0
# As malloc.h names it.
_M_ARENA_MAX = -8
_MOST_ARENAS = 2
# Their warnings are of a ClickHouse server that is away, which the call's or the start's error tells.
_TOLD_AS_ERRORS = ("clickhouse_connect", "urllib3")


def run(server: Coroutine[Any, Any, None]) -> None:
    """Run a server, such as `serve`, as a process: with the quicker loop where there is one."""
    # A batch makes thousands of objects, and none of them in a cycle. Looking for cycles among them after
    # every 700 takes a quarter of the time that it takes to read them.
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    # What stores runs in threads, which need Python's lock for a moment a dozen times for each commit. Each
    # time they wait for as long as this when the loop has much to read, and the engine waits with them.
    sys.setswitchinterval(_SWITCH_SECONDS)
    _bound_arenas()
    raise_limit()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.get_loop().set_default_executor(started(_THREADS, "beside"))
        runner.run(server)


def _bound_arenas() -> None:
    """Let threads share what memory malloc keeps, where it can be told so.

    Else each of a dozen that receive requests keeps for itself what its largest ones took.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _MOST_ARENAS)


async def serve(settings: Settings, *, on_ready: Callable[[Ports], None] | None = None) -> None:
    """Run the server until the process is asked to stop.

    Args:
        settings: all of them.
        on_ready: called once with the ports, when calls are answered.

    Raises:
        UnavailableError: the data, the catalog or a port cannot be had; one line for a terminal.
    """
    async with opened(settings) as backend, serving(backend, settings) as ports:
        within = settings.grace_seconds + CLOSING_SECONDS
        await stopped(None if on_ready is None else partial(on_ready, ports), ends_within=within)


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Make the loop that servers run in: uvloop's, but not on Windows."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop  # noqa: PLC0415 - not installed everywhere

    return uvloop.new_event_loop()


async def stopped(on_ready: Callable[[], None] | None = None, *, ends_within: float) -> None:
    """Return when the process is asked to stop, by SIGINT or SIGTERM.

    Args:
        on_ready: called when these are listened to, so that who learns of it may stop the process.
        ends_within: seconds; then the process is ended, if it is still there.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    end = _ending_after(ends_within)
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop.set)
    try:
        if on_ready is not None:
            on_ready()
        await stop.wait()
        end()
    finally:
        # The next one ends the process at once.
        for number in _SIGNALS:
            loop.remove_signal_handler(number)


def _ending_after(seconds: float) -> Callable[[], None]:
    """Make what ends the process so long after it is called, whatever the process waits for then.

    A thread that asks a server which hangs cannot be ended. To end the process is no worse than a kill, so
    nothing that was acknowledged is lost.
    """
    begun = threading.Event()

    def end() -> None:
        begun.wait()
        time.sleep(seconds)
        _end()

    # From the start: later there may be no room for another thread.
    threading.Thread(target=end, daemon=True).start()
    return begun.set


def _end() -> None:
    structlog.get_logger(__name__).error("ended while something hangs, most likely another server")
    os._exit(1)


def configure_logging(level: str) -> None:
    """Write one JSON object per line to standard error, of this level and above."""
    number = logging.getLevelNamesMapping()[level.upper()]
    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # Without the values of variables: keys are among them.
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
    ]
    _configure_libraries(max(number, logging.WARNING), processors)
    structlog.configure(
        processors=[*processors, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Lossy(sys.stderr))),
        cache_logger_on_first_use=True,
    )


class _Lossy:
    """Where lines go, as far as it takes any, as a full disk or a pipe that nobody reads does not.

    What cannot be told must not make a call fail that was answered, nor end what runs behind the calls.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()


def _configure_libraries(level: int, processors: list[structlog.typing.Processor]) -> None:
    """Have libraries write such lines, too, from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(),
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *processors],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _TOLD_AS_ERRORS:
        logging.getLogger(name).setLevel(logging.ERROR)
