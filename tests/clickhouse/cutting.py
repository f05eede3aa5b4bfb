"""A proxy that cuts its callers' connections, but not those to the server, or answers in its place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_MOST_BYTES = 2**16


class Proxy:
    """Stands before a port of loopback. Make it with `cutting`.

    Args:
        port: of the server.

    Attributes:
        page: what callers get instead of the server's answers; empty: theirs.
    """

    def __init__(self, port: int) -> None:
        self.port = 0
        self.page = b""
        self._server_port = port
        self._callers: list[asyncio.StreamWriter] = []
        self._servers: list[asyncio.StreamWriter] = []
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def dsn(self) -> str:
        return f"clickhouse://default:@127.0.0.1:{self.port}/default"

    def cut(self) -> None:
        """Cut what is connected now."""
        for caller in self._callers:
            caller.transport.abort()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect a caller."""
        self._callers.append(writer)
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._server_port)
        self._servers.append(to_server)
        self._tasks += [
            asyncio.create_task(self._ask(reader, to_server, writer)),
            asyncio.create_task(_pump(from_server, writer)),
        ]

    async def _ask(
        self, reader: asyncio.StreamReader, server: asyncio.StreamWriter, caller: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(_MOST_BYTES):
            to, what = (caller, self.page) if self.page else (server, data)
            to.write(what)
            await to.drain()

    async def close(self) -> None:
        """Cut everything."""
        self.cut()
        for server in self._servers:
            server.transport.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def cutting(port: int) -> AsyncIterator[Proxy]:
    """Run a proxy of a server's port."""
    proxy = Proxy(port)
    async with await asyncio.start_server(proxy.take, "127.0.0.1", 0) as server:
        proxy.port = server.sockets[0].getsockname()[1]
        try:
            yield proxy
        finally:
            await proxy.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_MOST_BYTES):
        writer.write(data)
        await writer.drain()
