"""However many connections there are, file descriptors are left for calls and the engine."""

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator
from pathlib import Path

from eventglass.transport.descriptors import most_connections, raise_limit
from tests.patience import PATIENCE
from tests.wire.callers import HEADERS, PROTOCOLS, named
from tests.wire.server_process import server_process

_FILES = 240
_AS_FEW_FILES = ("sh", "-c", f'ulimit -n {_FILES}; exec "$0" "$@"')


async def test_connections_of_both_ports_leave_some_for_calls(tmp_path: Path) -> None:
    async with server_process("slow", tmp_path, prefix=_AS_FEW_FILES) as (_, ports):
        async with _connections(ports.grpc, _FILES), _connections(ports.http, _FILES):
            connect = await asyncio.wait_for(PROTOCOLS["connect"](ports, named("a"), HEADERS, None), PATIENCE)
        async with _connections(ports.http, _FILES):
            grpc = await asyncio.wait_for(PROTOCOLS["grpc"](ports, named("a"), HEADERS, None), PATIENCE)

    assert (connect.code, grpc.code) == ("OK", "OK")


@contextlib.asynccontextmanager
async def _connections(port: int, number: int) -> AsyncIterator[None]:
    """Open so many, whether they are kept or not."""
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(number)]
    await asyncio.sleep(0.5)  # till those are let go that are too many
    try:
        yield
    finally:
        for _, writer in opened:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for _, writer in opened), return_exceptions=True)


def test_a_process_has_as_many_as_it_may() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (900, before[1]))
    try:
        few = most_connections()
        raise_limit()
        after = resource.getrlimit(resource.RLIMIT_NOFILE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)

    assert few == 300
    assert after == (before[1], before[1])
