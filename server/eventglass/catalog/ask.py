"""The catalog asked from the event loop: in threads of its own, and not for longer than callers wait.

A database elsewhere may hang. Its threads hang with it then, and nobody else's.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from eventglass.catalog.failures import away

_Given = ParamSpec("_Given")
_Told = TypeVar("_Told")

# Longer than SQLite waits for another program, and than a connection to PostgreSQL is waited for.
_SECONDS: Final = 10.0
_THREADS: Final = ThreadPoolExecutor(4, "catalog")


async def ask(call: Callable[_Given, _Told], *given: _Given.args, **named: _Given.kwargs) -> _Told:
    """Call a method of the catalog, or of what is kept there.

    Raises:
        EventglassError: as the method does.
        UnavailableError: it takes too long, or no thread is left. What it was to change may be changed yet.
    """
    loop = asyncio.get_running_loop()
    try:
        asked = loop.run_in_executor(_THREADS, lambda: call(*given, **named))
    except RuntimeError:
        # This machine starts no more threads.
        raise away("cannot be asked just now") from None
    try:
        async with asyncio.timeout(_SECONDS):
            return await asked
    except TimeoutError:
        raise away("does not answer") from None
