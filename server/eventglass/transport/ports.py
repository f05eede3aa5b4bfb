"""Both ports of the server: opened together, closed together, without cutting a call short."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from dataclasses import dataclass
from functools import partial

import grpc
import uvicorn

from eventglass.background import begin
from eventglass.errors import UnavailableError
from eventglass.transport.descriptors import most_connections
from eventglass.transport.places import PlacedProtocol, Places, busy
from eventglass.transport.plain_http import App
from eventglass.transport.presence import QUIET_SECONDS, set_probes

_KEEP_ALIVE_SECONDS = 75
_HEAD_SECONDS = 10.0
_BACKLOG = 2_048


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where the server listens."""

    host: str
    http: int
    grpc: int


class _HttpServer(uvicorn.Server):
    """uvicorn, which leaves signals to whoever runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@contextlib.asynccontextmanager
async def listen(
    http: App,
    rpc: grpc.aio.Server,
    stopping: Callable[[], Awaitable[None]],
    *,
    ports: Ports,
    grace_seconds: float,
    most_calls: int,
    head_seconds: float = _HEAD_SECONDS,
    quiet_seconds: float = QUIET_SECONDS,
    readable: Callable[[App], App] = lambda app: app,
) -> AsyncIterator[Ports]:
    """Serve within the block; on leaving it refuse new calls and let running ones finish.

    Args:
        http: the application of the HTTP port.
        rpc: the gRPC server, not started.
        stopping: called when the block is left, before anything is closed.
        ports: where to listen; port 0 takes a free one.
        grace_seconds: how long running calls may take before they are cancelled.
        most_calls: how many calls the HTTP port takes at the same time.
        head_seconds: how long the head of one may take to come.
        quiet_seconds: how long a caller of that port may be silent before it is asked whether it is there.
        readable: lets browsers read what an application answers, as they may read `http`.

    Yields:
        The ports that were taken.

    Raises:
        UnavailableError: a port is taken by someone else, or the address is not this machine's.
    """
    listener, grpc_port = _bind_both(ports, rpc)
    set_probes(listener, quiet_seconds)
    await rpc.start()
    places = Places(
        most_calls=most_calls,
        most_connections=min(most_calls, most_connections()),
        head_seconds=head_seconds,
        refusal=readable(busy(most_calls)),
    )
    server = _HttpServer(_config(http, grace_seconds, places))
    serving = begin(server.serve(sockets=[listener]), "serve the HTTP port")
    try:
        yield Ports(host=ports.host, http=listener.getsockname()[1], grpc=grpc_port)
    finally:
        await stopping()
        server.should_exit = True
        await asyncio.gather(rpc.stop(grace_seconds), serving)


def _config(http: App, grace_seconds: float, places: Places) -> uvicorn.Config:
    return uvicorn.Config(
        http,
        http=partial(PlacedProtocol, places=places),  # type: ignore[arg-type]  # is called as a class is
        ws="none",
        loop="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=max(1, round(grace_seconds)),
    )


def _bind_both(ports: Ports, rpc: grpc.aio.Server) -> tuple[socket.socket, int]:
    """Take both ports or none: give the HTTP port's socket, and the number of gRPC's."""
    listener = _bind(ports.host, ports.http)
    try:
        # gRPC would write on standard error, and not say why.
        _bind(ports.host, ports.grpc).close()
        return listener, rpc.add_insecure_port(_address(ports.host, ports.grpc))
    except RuntimeError as error:
        listener.close()
        raise _taken(ports.host, ports.grpc) from error
    except UnavailableError:
        listener.close()
        raise


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # From here on callers can connect, and wait until the server accepts.
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise _taken(host, port) from error
        message = f"cannot listen on {_address(host, port)}: {error.strerror or error}"
        raise UnavailableError(message, reason="CANNOT_LISTEN") from error
    return listener


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _taken(host: str, port: int) -> UnavailableError:
    message = f"cannot listen on {_address(host, port)}; is another server running there?"
    return UnavailableError(message, reason="PORT_TAKEN")
