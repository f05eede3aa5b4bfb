"""What takes Python long, beside the event loop: in a thread, which lets the loop have its turns.

It is one thread, so that of what is large while it is made there is never more than one.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")

_THREAD = ThreadPoolExecutor(1, "aside")


async def aside(make: Callable[_Given, _Made], *given: _Given.args, **named: _Given.kwargs) -> _Made:
    """Call what shares nothing that changes with anybody else; one call after the other."""
    return await asyncio.get_running_loop().run_in_executor(_THREAD, lambda: make(*given, **named))
