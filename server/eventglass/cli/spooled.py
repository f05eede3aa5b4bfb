"""Make what comes through a pipe a file: it is looked at more than once, and Parquet is read from its end."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

_STANDARD_INPUT: Final = Path("-")


@contextmanager
def spooled(path: Path) -> Iterator[Path]:
    """Give a regular file as it is; what comes through standard input (`-`) or a pipe is copied to one first.

    Raises:
        OSError: it is not there, cannot be read, or does not fit onto the disk (see `tempfile.gettempdir`).
    """
    if path == _STANDARD_INPUT:
        with _copied(sys.stdin.buffer, "standard input") as copy:
            yield copy
    elif path.is_fifo() or path.is_char_device():
        with path.open("rb") as pipe, _copied(pipe, path.name) as copy:
            yield copy
    else:
        yield path


@contextmanager
def _copied(stream: BinaryIO, name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="eventglass-import-") as folder:
        path = Path(folder, name)
        with path.open("wb") as copy:
            shutil.copyfileobj(stream, copy, 2**20)
        yield path
