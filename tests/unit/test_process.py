"""What a server asks of the system for its process."""

import os
import platform
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

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


HANG = """
    import asyncio
    import sys
    import threading
    from eventglass.process import run, stopped

    async def hanging():
        threading.Thread(target=threading.Event().wait).start()
        asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)
        await stopped(lambda: print("ready", flush=True), ends_within=float(sys.argv[1]))
        print("closed", flush=True)

    run(hanging())
"""


def test_what_hangs_keeps_no_process_that_is_to_stop() -> None:
    command = [sys.executable, "-c", textwrap.dedent(HANG), "0.5"]

    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()
        code, told = process.wait(PATIENCE), process.stdout.read()

    assert (code, told.splitlines()[0]) == (1, "closed")
    assert "ended while something hangs" in told


LOG = """
    import structlog
    from eventglass.process import configure_logging

    configure_logging("info")
    for number in range(1_000):
        structlog.get_logger().info("call", text="x" * 100)
    print("goes on")
"""


@pytest.fixture(params=["a full disk", "a pipe that nobody reads"])
def takes_nothing(request: pytest.FixtureRequest) -> Iterator[int]:
    if request.param == "a full disk":
        if not Path("/dev/full").exists():
            pytest.skip("only Linux has a device that is full")
        file = os.open("/dev/full", os.O_WRONLY)
    else:
        reader, file = os.pipe()
        os.close(reader)
    yield file
    os.close(file)


def test_nothing_fails_because_it_cannot_be_logged(takes_nothing: int) -> None:
    command = [sys.executable, "-c", textwrap.dedent(LOG)]

    done = subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=takes_nothing, text=True, timeout=PATIENCE
    )

    assert done.stdout == "goes on\n"
