"""Threads that are there from the start: a machine that has no more of them later takes nothing away.

An executor of Python's starts each when it is first needed. If it cannot, what was to run stays in its queue,
and whoever keeps count of places has lost one.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

from eventglass.errors import UnavailableError


def started(number: int, name: str) -> ThreadPoolExecutor:
    """Start so many threads; they wait for work until they are shut down.

    Raises:
        UnavailableError: this machine, or the limit of the process, has no room for them.
    """
    threads = ThreadPoolExecutor(number, name)
    all_there = threading.Barrier(number + 1)
    try:
        for _ in range(number):
            threads.submit(all_there.wait)
    except RuntimeError as error:
        all_there.abort()
        threads.shutdown()
        raise UnavailableError(f"threads cannot be started: {error}", reason="CANNOT_OPEN") from error
    all_there.wait()
    return threads
