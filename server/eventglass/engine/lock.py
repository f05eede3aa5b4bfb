"""One engine process per data directory: the second one is told so in one line."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from eventglass.errors import UnavailableError

LOCK_FILE = "engine.lock"


def lock(directory: Path) -> Callable[[], None]:
    """Make a data directory this process's own, until the process ends or the result is called.

    Raises:
        UnavailableError: another engine has it, or it cannot be written; the message is one line
            for a terminal.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(directory / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        message = f"the data directory {directory} cannot be used: {error.strerror}"
        raise UnavailableError(message, reason="CANNOT_OPEN") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        os.close(descriptor)
        raise UnavailableError(
            f"the data directory {directory} is in use by process {owner or '(unknown)'}; "
            "stop that process or name another directory",
            reason="DATA_DIRECTORY_IN_USE",
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)

    # The file stays: removing it would let two processes lock two different files of one name.
    return lambda: os.close(descriptor)
