"""A server in a process of its own, for tests that stop it or measure it."""

import asyncio
import contextlib
import json
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from eventglass.transport.ports import Ports
from tests.patience import PATIENCE

_REPOSITORY = Path(__file__).parents[2]


@contextlib.asynccontextmanager
async def server_process(
    kind: str, folder: Path, *, prefix: Sequence[str] = ()
) -> AsyncIterator[tuple[Process, Ports]]:
    """Run `tests.wire.process` within the block, by a command that runs another one if there is a prefix."""
    process = await asyncio.create_subprocess_exec(
        *prefix,
        sys.executable,
        "-m",
        "tests.wire.process",
        kind,
        str(folder),
        cwd=_REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
        assert line, (await process.communicate())[1].decode()
        numbers = json.loads(line)
        yield process, Ports(host="127.0.0.1", http=numbers["http"], grpc=numbers["grpc"])
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
