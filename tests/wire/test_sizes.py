"""Large requests are refused early, however small they were made on the way."""

import asyncio
import base64
import gc
import gzip
import tracemalloc
import zlib

import grpc
import httpx
import pytest

from eventglass.app import running
from eventglass.settings import Settings
from eventglass.transport.ports import Ports
from tests.patience import PATIENCE
from tests.wire.callers import HEADERS, QUERY
from tests.wire.fakes import FakeGrants, SlowEngine, fake_methods
from tests.wire.peak import Peak

_MIB = 2**20
_BOMB_MIB = 512
# What a bomb may cost: the cap, some copies of it, and what else the process does meanwhile.
_MOST_GROWTH = 40 * _MIB
_CHUNKED_GET = b"GET /healthz HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.fixture(scope="session")
def bomb() -> bytes:
    """512 MiB of zeros, in half a MiB."""
    packer = zlib.compressobj(wbits=31)
    parts = [packer.compress(bytes(_MIB)) for _ in range(_BOMB_MIB)]
    return b"".join([*parts, packer.flush()])


def _envelope(flags: int, body: bytes) -> bytes:
    return bytes([flags]) + len(body).to_bytes(4, "big") + body


async def test_a_bomb_by_connect(http: httpx.AsyncClient, bomb: bytes) -> None:
    peak = Peak()

    answer = await http.post(
        QUERY, content=bomb, headers={"content-type": "application/json", "content-encoding": "gzip"}
    )

    assert answer.json()["code"] == "resource_exhausted"
    assert answer.json()["message"] == "the request is larger than 4,194,304 bytes; send less at once"
    assert answer.json()["details"][0]["debug"]["reason"] == "REQUEST_TOO_LARGE"
    assert peak.growth() < _MOST_GROWTH


async def test_a_bomb_by_grpc_web(http: httpx.AsyncClient, bomb: bytes) -> None:
    peak = Peak()

    answer = await http.post(
        QUERY,
        content=_envelope(1, bomb),
        headers={"content-type": "application/grpc-web+proto", "grpc-encoding": "gzip"},
    )

    assert b"grpc-status: 8\r\n" in answer.content
    assert b"grpc-status-details-bin: " in answer.content
    assert peak.growth() < _MOST_GROWTH


async def test_a_bomb_by_get(http: httpx.AsyncClient) -> None:
    # As large a bomb as fits into a path.
    small_bomb = gzip.compress(bytes(32 * _MIB), 9)
    peak = Peak()

    answer = await http.get(
        QUERY,
        params={
            "encoding": "proto",
            "compression": "gzip",
            "base64": "1",
            "connect": "v1",
            "message": base64.urlsafe_b64encode(small_bomb).decode(),
        },
    )

    assert answer.json()["code"] == "resource_exhausted"
    assert peak.growth() < 24 * _MIB


async def test_a_large_request_by_grpc(ports: Ports) -> None:
    channel = grpc.aio.insecure_channel(
        f"127.0.0.1:{ports.grpc}",
        compression=grpc.Compression.Gzip,
        options=[("grpc.max_send_message_length", -1)],
    )
    async with channel:
        query = channel.unary_unary(QUERY, None, None)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await query(bytes(8 * _MIB), metadata=tuple(HEADERS.items()))

    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_requests_that_are_refused_by_grpc_are_let_go_at_once() -> None:
    engine = SlowEngine()
    settings = Settings(http_port=0, grpc_port=0, max_calls=0)
    refused = 20
    async with (
        running(fake_methods(engine), grants=FakeGrants(), ready=engine.ping, settings=settings) as ports,
        grpc.aio.insecure_channel(f"127.0.0.1:{ports.grpc}") as channel,
    ):
        query = channel.unary_unary(QUERY, None, None)
        gc.disable()
        tracemalloc.start()
        try:
            for _ in range(refused):
                with pytest.raises(grpc.aio.AioRpcError, match="busy"):
                    await query(bytes(_MIB), metadata=tuple(HEADERS.items()))
            held, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
            gc.enable()

    assert held < refused * _MIB / 4


async def test_an_envelope_that_promises_4_gib(ports: Ports) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", ports.http)
    headers = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
    writer.write(
        f"POST {QUERY} HTTP/1.1\r\nhost: test\r\n{headers}"
        "content-type: application/grpc-web+proto\r\ncontent-length: 4294967300\r\n\r\n".encode()
    )
    writer.write(b"\0\xff\xff\xff\xff")

    answer = await asyncio.wait_for(reader.readuntil(b"grpc-status: 8"), PATIENCE)

    assert answer.startswith(b"HTTP/1.1 200")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("size", [4 * _MIB, 4 * _MIB + 1])
async def test_the_cap_is_4_mib(http: httpx.AsyncClient, size: int) -> None:
    answer = await http.post(QUERY, content=b" " * size, headers={"content-type": "application/json"})

    expected = "invalid_argument" if size == 4 * _MIB else "resource_exhausted"
    assert answer.json()["code"] == expected


# How a request begins, and what it goes on with for ever.
_ENDLESS = {
    "path": (b"GET /", b"a" * _MIB),
    "header": (b"GET / HTTP/1.1\r\nhost: test\r\nx-long: ", b"a" * _MIB),
    "trailers": (_CHUNKED_GET + b"0\r\n", b"x-a: ..\r\n" * 2**17),
    "trailer": (_CHUNKED_GET + b"0\r\nx-long: ", b"a" * _MIB),
    "trailers after a body": (_CHUNKED_GET + b"2\r\n{}\r\n0\r\n", b"x-a: ..\r\n" * 2**17),
}


@pytest.mark.parametrize(("begins", "goes_on"), _ENDLESS.values(), ids=_ENDLESS)
async def test_an_endless_head_is_cut_off(ports: Ports, begins: bytes, goes_on: bytes) -> None:
    peak = Peak()
    reader, writer = await asyncio.open_connection("127.0.0.1", ports.http)
    writer.write(begins)

    async def flood() -> None:
        for _ in range(64):
            writer.write(goes_on)
            await writer.drain()

    with pytest.raises(ConnectionError):
        await asyncio.wait_for(flood(), PATIENCE)

    assert peak.growth() < _MOST_GROWTH
    writer.close()
    del reader


async def test_broken_compression_is_the_callers_error(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        QUERY, content=b"no gzip", headers={"content-type": "application/json", "content-encoding": "gzip"}
    )

    assert answer.json()["code"] == "invalid_argument"
    assert answer.json()["details"][0]["debug"]["reason"] == "BROKEN_REQUEST"
