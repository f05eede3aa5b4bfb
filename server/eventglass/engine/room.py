"""Room on disk, which a change of tables must have.

chDB 4.4 writes a table's description anew for it, and when there is no room for that, puts the empty file in
the place of the old one and says nothing: no start can open the tables any more.
"""

import shutil
from pathlib import Path
from typing import Final

from eventglass.engine.failures import disk_full

# Several thousand times what a description takes, for others write at the same time.
_LEAST_BYTES: Final = 16 * 2**20


def check_room(directory: Path) -> None:
    """Raise UnavailableError when the disk that a directory is on is full, or nearly."""
    if shutil.disk_usage(directory).free < _LEAST_BYTES:
        raise disk_full()
