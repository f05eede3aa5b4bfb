"""Names of files on disk: a file that is synced may still be lost if its folder is not."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Bring the names of what is in a folder to disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
