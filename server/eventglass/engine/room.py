"""Room on disk: with less of it the embedded engine writes nothing, for what it cannot write it may lose.

chDB 4.4 says nothing when a disk is full. It writes a table's description anew for a change of the table, and
puts an empty file in the place of the old one: no start can open the tables any more. It puts parts together,
and has files without content in the place of theirs: their events are gone. What it reserves before keeps it
from that where it is alone. So some room is never reserved, and whatever runs is ended when others take it.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import structlog

from eventglass.background import begin
from eventglass.engine.failures import disk_full
from eventglass.errors import EventglassError

_log = structlog.get_logger(__name__)

# What others may write while nobody looks, and thousands of times what a description takes.
LEAST_BYTES: Final = 256 * 2**20
_EVERY_SECONDS: Final = 0.5


def check_room(directory: Path) -> None:
    """Raise UnavailableError when the disk that a directory is on is full, or nearly."""
    if not has_room(directory):
        raise disk_full()


def has_room(directory: Path) -> bool:
    """Tell whether there is room on the disk that a directory is on."""
    return shutil.disk_usage(directory).free >= LEAST_BYTES


@asynccontextmanager
async def keeping_room(
    directory: Path,
    let_merge: Callable[[bool], Awaitable[None]],
    *,
    every_seconds: float = _EVERY_SECONDS,
) -> AsyncIterator[None]:
    """Have parts of tables put together and changed only while there is room, within the block.

    Args:
        directory: on whose disk they are.
        let_merge: allows it; with False, ends all of it.
        every_seconds: how often to look.
    """
    task = begin(_keep(directory, let_merge, every_seconds), "keep room on disk")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _keep(directory: Path, let_merge: Callable[[bool], Awaitable[None]], every_seconds: float) -> None:
    is_allowed = True
    while True:
        try:
            room = has_room(directory)
            if room != is_allowed:
                await let_merge(room)
                is_allowed = room
                _log.warning("there is room on disk again" if room else "the disk is full")
        except (EventglassError, OSError) as error:
            _log.warning("merges go on as they did", error=str(error))
        await asyncio.sleep(every_seconds)
