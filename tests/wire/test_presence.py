"""Callers whose machine is gone or frozen are found out; who often asks whether the server is there may."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from eventglass.transport.grpc_front import grpc_server
from eventglass.transport.guard import Guard
from eventglass.transport.plain_http import Event, Receive, Send, answer
from eventglass.transport.ports import Ports, listen
from events.v1.events_service_pb2_grpc import EventsServiceStub
from events.v1.stream_pb2 import StreamRequest
from tests.patience import PATIENCE
from tests.wire.fakes import BOTH, PROJECT, FakeGrants, SlowEngine, fake_methods

_HEADERS = [("authorization", f"Bearer {BOTH}"), ("x-project-id", PROJECT)]
_SUBSCRIBER = f"""
import sys
import grpc
from events.v1.events_service_pb2_grpc import EventsServiceStub
from events.v1.stream_pb2 import StreamRequest

with grpc.insecure_channel(f"127.0.0.1:{{sys.argv[1]}}") as channel:
    for _ in EventsServiceStub(channel).Stream(StreamRequest(), metadata={_HEADERS!r}):
        print("open", flush=True)
"""
# Half of what it takes if only gRPC's own timeout of pings ends it.
_SOON = 30.0
_FREE_PORTS = Ports(host="127.0.0.1", http=0, grpc=0)
# Linux has no other list of connections; the second row of this table is a timer, and 02 that of keepalive.
_CONNECTIONS = Path("/proc/net/tcp")
_ASKS_WHEN_QUIET = "02"
# More than a connection holds that nobody reads.
_LARGE = b"x" * 64 * 2**20


async def _stay() -> None:
    return


async def _large(_scope: Event, _receive: Receive, send: Send) -> None:
    await answer(send, 200, "text/plain", _LARGE)


async def test_who_often_asks_while_nothing_is_said_is_not_hung_up_on(ports: Ports) -> None:
    asking = [
        ("grpc.keepalive_time_ms", 1_500),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),
    ]
    async with grpc.aio.insecure_channel(f"127.0.0.1:{ports.grpc}", options=asking) as channel:
        watching = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        await watching.read()

        # A server that takes it amiss hangs up at the third time.
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(watching.read(), 6.0)


async def test_a_frozen_subscriber_gives_up_its_place() -> None:
    guard = Guard(grants=FakeGrants(), most_calls=4, most_streams=1)
    rpc = grpc_server(fake_methods(SlowEngine()), guard, most_bytes=1_000, most_calls=4, quiet_seconds=0.5)
    async with listen(_large, rpc, _stay, ports=_FREE_PORTS, grace_seconds=0.1, most_calls=4) as ports:
        frozen = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _SUBSCRIBER, str(ports.grpc), stdout=PIPE
        )
        assert frozen.stdout is not None
        try:
            assert await asyncio.wait_for(frozen.stdout.readline(), PATIENCE) == b"open\n"
            frozen.send_signal(signal.SIGSTOP)
            async with grpc.aio.insecure_channel(f"127.0.0.1:{ports.grpc}") as channel:
                refused = await _opened(channel)
                async with asyncio.timeout(_SOON):
                    while await _opened(channel) != grpc.StatusCode.OK:  # noqa: ASYNC110 - nothing tells
                        await asyncio.sleep(0.1)
        finally:
            frozen.kill()
            await frozen.wait()

    assert refused == grpc.StatusCode.RESOURCE_EXHAUSTED


async def _opened(channel: grpc.aio.Channel) -> grpc.StatusCode:
    """Try to open a stream, and say what came of it."""
    stub = EventsServiceStub(channel)  # type: ignore[no-untyped-call]
    stream = stub.Stream(StreamRequest(), metadata=_HEADERS)
    try:
        await stream.read()
    except grpc.aio.AioRpcError as error:
        return error.code()
    stream.cancel()
    return grpc.StatusCode.OK


@pytest.mark.skipif(not _CONNECTIONS.exists(), reason="what TCP does is seen in Linux's /proc alone")
async def test_http_callers_are_asked_and_who_takes_nothing_more_is_let_go() -> None:
    async with listen(
        _large,
        grpc.aio.server(),
        _stay,
        ports=_FREE_PORTS,
        grace_seconds=0.1,
        most_calls=4,
        quiet_seconds=1.0,
    ) as ports:
        silent, hanging_up = await asyncio.open_connection("127.0.0.1", ports.http)
        timers = _timers(ports.http)
        hanging_up.write(b"GET / HTTP/1.0\r\nhost: test\r\n\r\n")
        async with asyncio.timeout(_SOON):
            while _timers(ports.http):  # noqa: ASYNC110 - only the table tells
                await asyncio.sleep(0.1)
        hanging_up.close()
        read = await silent.read()

    assert timers == [_ASKS_WHEN_QUIET]
    assert len(read) < len(_LARGE)


def _timers(port: int) -> list[str]:
    """Which timer runs for each established connection of the server's."""
    rows = [line.split() for line in _CONNECTIONS.read_text().splitlines()[1:]]
    return [row[5].split(":")[0] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"]
