"""File descriptors: each connection takes one, and so does each file that the engine reads or writes."""

import sys
from contextlib import suppress
from typing import Final

# Where the system sets no limit, or one beyond reason.
_PLENTY: Final = 300_000
# Two ports, and the engine.
_SHARES: Final = 3


def raise_limit() -> None:
    """Let this process have as many as it may; a shell or a service manager begins with 1,024.

    The embedded engine does the same. Beside a ClickHouse server nobody else does.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not everywhere

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # macOS has a limit of its own below the one that it tells.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def most_connections() -> int:
    """Tell how many connections a port may have, so that there is room for the other and for the engine."""
    if sys.platform == "win32":
        return _PLENTY // _SHARES
    import resource  # noqa: PLC0415 - not everywhere

    now, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (_PLENTY if now == resource.RLIM_INFINITY else min(now, _PLENTY)) // _SHARES
