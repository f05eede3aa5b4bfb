"""The files through which rows go into the embedded engine: in the data directory, and gone after a kill.

Its client writes rows to a file for the engine to read, and removes it. By itself it takes the system's
folder for temporary files: on another disk, perhaps, which may be full while this one is not. What a process
that is killed leaves there stays, and no `eventglass erase` looks for it.
"""

import re
import shutil
import tempfile
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Final

_FOLDER: Final = "inserts"
# The engine reads these in the name of a file as a pattern.
_OF_PATTERNS: Final = re.compile(r"[*?{}]")


def pass_files_in(directory: Path) -> None:
    """Have the rows that this process inserts go through files in a data directory, which it has locked.

    Raises:
        OSError: the folder for them can be neither emptied nor made.
    """
    # Loading it begins threads, and how many arenas malloc may have is settled by the first (see process.py).
    from clickhouse_connect.driver._backend import chdb_backend  # noqa: PLC0415

    folder = (directory / _FOLDER).resolve()
    if _OF_PATTERNS.search(str(folder)):
        return
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    made = partial(tempfile.NamedTemporaryFile, dir=folder)
    # The client has no option for it.
    chdb_backend.tempfile = SimpleNamespace(NamedTemporaryFile=made)  # type: ignore[attr-defined, assignment]
