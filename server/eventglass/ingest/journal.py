"""The journal: records on disk, in files that are deleted when nothing in them is needed any more.

A record is synced as soon as it is written, which takes a few milliseconds; what is made of it may take its
time. After a crash all records are there that `append` returned for, and perhaps some that it did not:
written, but not known to be on disk. A file ends where a record was cut off.
"""

import asyncio
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import pyarrow as pa
import structlog

from eventglass.engine.failures import NO_SPACE, disk_full, not_stored
from eventglass.engine.synced import sync_folder

_Found = TypeVar("_Found")

_log = structlog.get_logger(__name__)

# The size of a record, and the CRC-32 of it.
_HEADER: Final = struct.Struct("<II")
# A file that is larger is continued in the next one.
_FULL_BYTES: Final = 2**22
# What macOS lacks does more there.
_sync = getattr(os, "fdatasync", os.fsync)
_SUFFIX: Final = ".journal"


class Journal:
    """Records in the files of a folder. One process may have it open; use it in one event loop.

    Args:
        folder: made when the first record is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._thread = ThreadPoolExecutor(1, "journal")
        self._number = max(map(_number, self._files()), default=0)
        self._written = 0
        # The file that is written to, and how large it is.
        self._open: int | None = None
        self._size = 0

    def records(self) -> Iterator[pa.Buffer]:
        """Read all records, in the order in which they were written."""
        for file in self._files():
            yield from _records(file)

    async def append(self, record: pa.Buffer) -> int:
        """Write a record; when it returns, the record is on disk. One call at a time.

        Returns:
            The number of its file: later records have the same or higher ones.

        Raises:
            UnavailableError: it could not be written; after a crash it may be there all the same.
        """
        return await self._in_thread(partial(self._append, record))

    async def forget(self, before: int) -> None:
        """Delete the files of lower numbers."""
        await self._in_thread(partial(self._forget, before))

    async def clear(self, records: int = 0) -> None:
        """Delete all records, unless more than so many were written since it was opened."""
        await self._in_thread(partial(self._clear, records))

    def close(self) -> None:
        """Let go of the files. What was not deleted stays."""
        self._thread.shutdown()
        self._close()

    async def _in_thread(self, work: Callable[[], _Found]) -> _Found:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _append(self, record: pa.Buffer) -> int:
        try:
            file = self._next_file() if self._open is None else self._open
            _write(file, _HEADER.pack(record.size, zlib.crc32(record)))
            _write(file, record)
            _sync(file)
        except OSError as error:
            _log.error("the journal could not be written", error=str(error))
            self._undo()
            raise (disk_full() if error.errno in NO_SPACE else not_stored()) from None
        self._written += 1
        self._size += _HEADER.size + record.size
        if self._size >= _FULL_BYTES:
            self._close()
        return self._number

    def _next_file(self) -> int:
        self._folder.mkdir(exist_ok=True)
        file = self._folder / f"{self._number + 1:012}{_SUFFIX}"
        self._open = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        self._number += 1
        self._size = 0
        for folder in (self._folder, self._folder.parent):
            sync_folder(folder)
        return self._open

    def _undo(self) -> None:
        """Leave the file with a record that failed, and take out of it what can be taken out."""
        if self._open is not None:
            with suppress(OSError):
                os.ftruncate(self._open, self._size)
                _sync(self._open)
            self._close()

    def _forget(self, before: int) -> None:
        try:
            for file in self._files():
                if _number(file) < before:
                    file.unlink()
            if self._folder.exists():
                sync_folder(self._folder)
        except OSError as error:
            # What stays is looked at by the next start, which finds it in the tables.
            _log.error("the journal could not be emptied", error=str(error))

    def _clear(self, records: int) -> None:
        if self._written > records:
            return
        self._close()
        self._forget(self._number + 1)

    def _close(self) -> None:
        if self._open is not None:
            os.close(self._open)
            self._open = None

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{_SUFFIX}"))


def _write(file: int, data: bytes | pa.Buffer) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]


def _number(file: Path) -> int:
    return int(file.stem)


def _records(file: Path) -> Iterator[pa.Buffer]:
    content = pa.py_buffer(file.read_bytes())
    at = 0
    while at + _HEADER.size <= content.size:
        size, checksum = _HEADER.unpack(content[at : at + _HEADER.size])
        at += _HEADER.size
        record = content[at : at + size]
        if not size or record.size < size:
            break
        if zlib.crc32(record) == checksum:
            yield record
        else:
            _log.error("a record of the journal is damaged", file=file.name, at=at)
        at += size
    else:
        if at == content.size:
            return
    _log.warning("a record of the journal was cut off, which nobody was promised", file=file.name)
