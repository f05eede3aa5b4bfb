"""Connections that wait for their callers take no places from calls."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import grpc
import httpx
import pytest
from structlog.testing import capture_logs

from eventglass.app import running
from eventglass.settings import Settings
from eventglass.transport import beacon
from eventglass.transport.plain_http import Event, Receive, Send, answer
from eventglass.transport.ports import Ports, listen
from tests.patience import PATIENCE
from tests.wire.fakes import FakeGrants, SlowEngine, fake_methods

_PLACES = 8
_ORIGIN = "https://board.example"
# More than a connection holds that nobody reads.
_LARGE = b"x" * 16 * 2**20
_HEAD = b"GET /quick HTTP/1.1\r\nhost: test\r\n\r\n"
# What is sent by those who take places, each a way to keep the server waiting.
WAITING = {
    "nothing": b"",
    "part of a head": b"GET /quick HT",
    "a whole request, and then nothing": _HEAD,
    "a whole request, and then an empty line": _HEAD + b"\r\n",
    "a last request, and then not reading its answer": b"GET /large HTTP/1.0\r\nhost: test\r\n\r\n",
    "a request without the end of its body": _HEAD.replace(b"GET", b"POST").replace(
        b"\r\n\r\n", b"\r\ncontent-length: 9\r\n\r\n1"
    ),
}


async def _app(scope: Event, receive: Receive, send: Send) -> None:
    """Answer when the request is there; at `/early` before, at `/slow` when the caller leaves."""
    if scope["path"] == "/early":
        await answer(send, 200, "text/plain", b"here")
        return
    while (event := await receive()).get("more_body"):
        pass
    if scope["path"] == "/slow":
        event = await receive()
    if event["type"] != "http.disconnect":
        await answer(send, 200, "text/plain", _LARGE if scope["path"] == "/large" else b"here")


@contextlib.asynccontextmanager
async def _server(*, head_seconds: float = 60.0) -> AsyncIterator[Ports]:
    async def stopping() -> None:
        return

    taken = Ports(host="127.0.0.1", http=0, grpc=0)
    async with listen(
        _app,
        grpc.aio.server(),
        stopping,
        ports=taken,
        grace_seconds=1.0,
        most_calls=_PLACES,
        head_seconds=head_seconds,
    ) as ports:
        yield ports


@contextlib.asynccontextmanager
async def _connections(
    ports: Ports, number: int, sent: bytes
) -> AsyncIterator[list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]:
    """Open connections, send the same on each, and read what is answered to a whole request."""
    opened = []
    try:
        for _ in range(number):
            reader, writer = await asyncio.open_connection("127.0.0.1", ports.http)
            opened.append((reader, writer))
            if sent.startswith(_HEAD):
                writer.write(_HEAD)
                await asyncio.wait_for(reader.readuntil(b"here"), PATIENCE)
            writer.write(sent.removeprefix(_HEAD))
        yield opened
    finally:
        for _, writer in opened:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for _, writer in opened), return_exceptions=True)


async def _ask(ports: Ports, headers: dict[str, str] | None = None) -> httpx.Response:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports.http}", timeout=PATIENCE) as client:
        return await client.get("/quick", headers=headers)


@pytest.mark.parametrize("sent", WAITING.values(), ids=WAITING)
async def test_connections_without_a_call_keep_nobody_out(sent: bytes) -> None:
    async with _server() as ports, _connections(ports, 2 * _PLACES, sent):
        answers = await asyncio.gather(*(_ask(ports) for _ in range(3)))

    assert [answer.text for answer in answers] == ["here"] * 3


async def test_who_has_waited_longest_makes_room_and_calls_never_do() -> None:
    async with (
        _server() as ports,
        _connections(ports, 1, _HEAD.replace(b"quick", b"slow")) as [(calling, _)],
        _connections(ports, 1, _HEAD) as [(first, _)],
        _connections(ports, _PLACES, _HEAD) as others,
    ):
        made_room = await asyncio.wait_for(first.read(), PATIENCE)
        _, last = others[-1]
        last.write(_HEAD)
        again = await asyncio.wait_for(others[-1][0].readuntil(b"here"), PATIENCE)

        assert (made_room, calling.at_eof()) == (b"", False)
        assert again.startswith(b"HTTP/1.1 200")


async def test_calls_beyond_all_places_are_told_to_come_back() -> None:
    async with _server() as ports, _connections(ports, _PLACES, _HEAD.replace(b"quick", b"slow")):
        with capture_logs() as lines:
            answer = await _ask(ports)
        by_web = await _ask(ports, {"content-type": "application/grpc-web+proto"})

    assert [(line["request_id"], line["reason"]) for line in lines] == [
        (answer.headers["x-request-id"], "TOO_MANY_CALLS")
    ]
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert answer.json()["code"] == "resource_exhausted"
    assert answer.json()["details"][0]["debug"]["reason"] == "TOO_MANY_CALLS"
    headers = by_web.headers
    assert (by_web.status_code, headers["grpc-status"], headers["retry-after"]) == (200, "8", "1")


@pytest.mark.parametrize(
    ("path", "origin", "granted"),
    [
        ("/insights.v1.InsightsService/Query", _ORIGIN, True),
        ("/insights.v1.InsightsService/Query", "https://evil.example", False),
        (beacon.PATH, "https://evil.example", True),
    ],
)
async def test_pages_can_read_that_all_places_are_taken(path: str, origin: str, granted: bool) -> None:
    """Those that may read answers; a browser told them of a network that failed."""
    over, all_began = asyncio.Event(), asyncio.Barrier(_PLACES + 1)

    async def ready() -> None:
        await all_began.wait()
        await over.wait()

    settings = Settings(
        http_port=0, grpc_port=0, max_calls=1, max_streams=1, cors_origins=frozenset({_ORIGIN})
    )
    methods = fake_methods(SlowEngine())
    async with (
        running(methods, grants=FakeGrants(), ready=ready, settings=settings) as ports,
        _connections(ports, _PLACES, b"GET /readyz HTTP/1.1\r\nhost: test\r\n\r\n"),
        httpx.AsyncClient(timeout=PATIENCE, headers={"origin": origin}) as client,
    ):
        await asyncio.wait_for(all_began.wait(), PATIENCE)
        url = f"http://127.0.0.1:{ports.http}{path}"
        asked = await client.options(url, headers={"access-control-request-method": "POST"})
        refused = await client.post(url, json={})
        over.set()

    told = origin if granted else None
    assert (asked.status_code, asked.headers.get("access-control-allow-origin")) == (204, told)
    assert (refused.status_code, refused.headers.get("access-control-allow-origin")) == (429, told)
    assert ("retry-after" in refused.headers.get("access-control-expose-headers", "")) is granted


@pytest.mark.parametrize("sent", ["nothing", "part of a head", "a whole request, and then an empty line"])
async def test_a_head_has_a_time_to_come(sent: str) -> None:
    async with (
        _server(head_seconds=0.1) as ports,
        _connections(ports, 1, WAITING[sent]) as [(reader, _)],
    ):
        assert await asyncio.wait_for(reader.read(), PATIENCE) == b""


@pytest.mark.parametrize(
    "sent",
    [
        WAITING["a whole request, and then nothing"],
        WAITING["a request without the end of its body"],
        _HEAD.replace(b"quick", b"slow"),
    ],
    ids=["kept alive", "body", "call"],
)
async def test_what_is_no_head_may_take_longer(sent: bytes) -> None:
    async with _server(head_seconds=0.1) as ports, _connections(ports, 1, sent) as [(reader, _)]:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.5)


async def test_a_head_that_comes_in_parts_is_answered() -> None:
    async with _server() as ports, _connections(ports, 1, WAITING["part of a head"]) as [(reader, writer)]:
        writer.write(b"TP/1.1\r\nhost: test\r\n\r\n")
        answer = await asyncio.wait_for(reader.readuntil(b"here"), PATIENCE)

    assert answer.startswith(b"HTTP/1.1 200")


async def test_a_body_that_ends_after_its_answer_begins_no_head() -> None:
    early = b"POST /early HTTP/1.1\r\nhost: test\r\ncontent-length: 4\r\n\r\n"
    async with (
        _server(head_seconds=0.2) as ports,
        _connections(ports, 1, early) as [(reader, writer)],
    ):
        await asyncio.wait_for(reader.readuntil(b"here"), PATIENCE)
        writer.write(b"abcd")
        await asyncio.sleep(0.6)
        writer.write(_HEAD)
        answer = await asyncio.wait_for(reader.readuntil(b"here"), PATIENCE)

    assert answer.startswith(b"HTTP/1.1 200")
