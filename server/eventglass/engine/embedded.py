"""The embedded engine: chDB, ClickHouse within the process."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.client import Client

from eventglass.engine.failures import EngineFailure
from eventglass.engine.lock import lock
from eventglass.engine.migrate import migrate
from eventglass.engine.passing_files import pass_files_in
from eventglass.engine.pool import Pool
from eventglass.engine.room import LEAST_BYTES, check_room
from eventglass.engine.settings import EngineSettings, pool_settings
from eventglass.engine.synced import sync_folder
from eventglass.errors import UnavailableError

_FOLDER = "engine"
# A table's folder is engine/store/abc/abc….
_DEEPEST = 4

# How chDB is told, behind the path, of how many bytes of the disk that tables are on it reserves nothing.
_BEGINS_PARAMETERS = "?"
_KEPT_FREE = "storage_configuration.disks.default.keep_free_space_bytes"

# chDB takes a statement's limits together with readonly = 1, which also forbids table functions
# that reach files or the network; 2 would not.
_READONLY = 1
_OF_THIS_VERSION = {
    # Merges write statistics of columns. Looking into them takes up to a twentieth of a short statement,
    # and finds no better order of conditions.
    "use_statistics": 0,
    # A thread's table of groups that is full hands the others on, by their hashes. That is a gain where
    # groups are many; where a few thousand hold lists it costs more than all the rest, so lists do not
    # make a table full as soon (4 MiB) as they would.
    "adaptive_aggregator_freeze_threshold_bytes": 16 * 2**20,
}


def open_embedded(directory: Path, settings: EngineSettings | None = None) -> Pool:
    """Open the engine whose data is in a directory, made and brought up to date as needed.

    A process can have one open at a time. Blocks for about a second.

    Raises:
        UnavailableError: another process has the directory, or its data cannot be opened, or there is no
            room to make or change it; the message is one line for a terminal.
    """
    settings = _sharing(settings or EngineSettings())
    if _BEGINS_PARAMETERS in str(files_of(directory)):
        message = f"cannot open the data in {directory}: a path with a question mark is none for the engine"
        raise UnavailableError(message, reason="CANNOT_OPEN")
    path = f"{files_of(directory)}{_BEGINS_PARAMETERS}{_KEPT_FREE}={LEAST_BYTES}"

    def open_client() -> Client:
        client = clickhouse_connect.get_client(
            interface="chdb", path=path, settings=pool_settings(settings) | _OF_THIS_VERSION
        )
        # The client reports the size of the result as what was read; chDB knows better.
        client._backend._summary = _scanned  # type: ignore[attr-defined]  # noqa: SLF001
        return client

    with ExitStack() as undo:
        release = lock(directory)
        undo.callback(release)
        has_room = partial(check_room, directory)
        if not files_of(directory).exists():
            has_room()
        try:
            pass_files_in(directory)
            with closing(open_client()) as first:
                sync = partial(_sync_folders, directory)
                migrate(first, check_room=has_room, bring_to_disk=sync)
                # Also when nothing was missing: the start before may have ended right here.
                sync()
                pool = Pool(open_client, settings, readonly=_READONLY, check_room=has_room, release=release)
        except EngineFailure as error:
            line = str(error).splitlines()[0][:300]
            message = f"cannot open the data in {directory}: {line}"
            raise UnavailableError(message, reason="CANNOT_OPEN") from error
        except OSError as error:
            message = f"cannot open the data in {directory}: {error.filename}: {error.strerror}"
            raise UnavailableError(message, reason="CANNOT_OPEN") from error
        undo.pop_all()
        return pool


def files_of(directory: Path) -> Path:
    """Say where in a data directory the engine's files are."""
    return directory / _FOLDER


def _sharing(settings: EngineSettings) -> EngineSettings:
    """Let statements share this machine's processors while others wait, unless settings say how."""
    if settings.threads_while_others_wait is not None:
        return settings
    return replace(settings, threads_while_others_wait=max(1, settings.threads // settings.clients))


def _sync_folders(directory: Path) -> None:
    """Bring the names of the tables' folders to disk; the engine does so for what is in them only."""
    for folder in (directory.parent, directory, *_folders(directory, deep=_DEEPEST)):
        sync_folder(folder)


def _folders(directory: Path, *, deep: int) -> Iterator[Path]:
    for folder in directory.iterdir():
        if folder.is_dir():
            yield folder
            if deep > 1:
                yield from _folders(folder, deep=deep - 1)


def _scanned(result: Any) -> dict[str, str]:
    return {"read_rows": str(result.storage_rows_read()), "read_bytes": str(result.storage_bytes_read())}
