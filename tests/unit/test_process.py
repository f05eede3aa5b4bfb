"""What a server asks of the system for its process."""

import platform
import subprocess
import sys
import textwrap

import pytest

from tests.patience import PATIENCE

ALLOCATE = """
    import asyncio
    import ctypes
    import threading
    from eventglass.process import run

    def allocate():
        all_at_once.wait()
        [bytes(50_000) for _ in range(100)]

    async def many():
        threads = [threading.Thread(target=allocate) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            await asyncio.to_thread(thread.join)
        ctypes.CDLL(None).malloc_stats()

    all_at_once = threading.Barrier(8)
    run(many())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc's malloc gives threads their own")
def test_threads_share_what_malloc_keeps() -> None:
    command = [sys.executable, "-c", textwrap.dedent(ALLOCATE)]

    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE).stderr

    assert 1 <= told.count("Arena ") <= 2
