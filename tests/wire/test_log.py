"""What the line of a call tells: of the engine's share, and of what is refused before it is a call."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from eventglass.transport.ports import Ports
from tests.patience import PATIENCE
from tests.wire.callers import BATCH_CREATE, QUERY
from tests.wire.raw import until
from tests.wire.servers import Demo

_EXAMPLE = Path(__file__).parents[2] / "examples" / "queries" / "daily-active-users.json"


async def test_the_line_of_a_question_tells_how_long_the_engine_took(demo: Demo) -> None:
    question = json.loads(_EXAMPLE.read_text("utf-8"))
    async with httpx.AsyncClient(base_url=demo.url, headers=demo.headers, timeout=PATIENCE) as client:
        with capture_logs() as lines:
            for _ in range(2):
                (await client.post(QUERY, json=question)).raise_for_status()

    asked, kept = (line for line in lines if line["event"] == "call")
    assert 0 < asked["engine_ms"] <= asked["ms"]
    assert kept["engine_ms"] == 0


async def test_the_line_of_events_tells_nothing_of_it(demo: Demo) -> None:
    # Refused, for other tests count who is in the project.
    batch = {"events": [{"name": "", "userId": "ada"}]}
    async with httpx.AsyncClient(base_url=demo.url, headers=demo.headers, timeout=PATIENCE) as client:
        with capture_logs() as lines:
            (await client.post(BATCH_CREATE, json=batch)).raise_for_status()

    (line,) = (line for line in lines if line["event"] == "call")
    assert "engine_ms" not in line


_GRPC_WEB = {"content-type": "application/grpc-web+proto"}

# What is sent, and the line of it: method, protocol, outcome, reason.
_REFUSED = {
    "path": ("POST", "/nowhere?key=eg_secret", {}, b"", "/nowhere connect UNIMPLEMENTED UNKNOWN_PATH"),
    "long path": (
        "GET",
        "/" + "a" * 500,
        {},
        b"",
        f"/{'a' * 99} connect UNIMPLEMENTED UNKNOWN_PATH",
    ),
    "method": ("PUT", QUERY, {}, b"", f"{QUERY} connect UNIMPLEMENTED METHOD_NOT_ALLOWED"),
    "type": ("POST", QUERY, {}, b"", f"{QUERY} connect UNIMPLEMENTED UNKNOWN_ENCODING"),
    "port": (
        "POST",
        QUERY,
        {"content-type": "application/grpc"},
        b"",
        f"{QUERY} grpc UNIMPLEMENTED WRONG_PORT",
    ),
    "header": (
        "POST",
        QUERY,
        _GRPC_WEB | {"grpc-timeout": "soon"},
        b"",
        f"{QUERY} grpc-web INVALID_ARGUMENT BROKEN_REQUEST",
    ),
    "no text": ("POST", QUERY, {b"x-a": b"\xff"}, b"", f"{QUERY} connect INVALID_ARGUMENT BROKEN_REQUEST"),
    "beacon": ("POST", "/beacon", {}, b"[]", f"{BATCH_CREATE} beacon INVALID_ARGUMENT BROKEN_JSON"),
    "beacon's method": ("GET", "/beacon", {}, b"", f"{BATCH_CREATE} beacon UNIMPLEMENTED METHOD_NOT_ALLOWED"),
    "stream": (
        "GET",
        "/stream?where=no-json",
        {},
        b"",
        "/events.v1.EventsService/Stream event-source INVALID_ARGUMENT BROKEN_JSON",
    ),
    "stream's method": (
        "POST",
        "/stream",
        {},
        b"",
        "/events.v1.EventsService/Stream event-source UNIMPLEMENTED METHOD_NOT_ALLOWED",
    ),
}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [((method, path, headers, content), line) for method, path, headers, content, line in _REFUSED.values()],
    ids=_REFUSED.keys(),
)
async def test_what_is_refused_before_it_is_a_call_has_a_line(
    demo: Demo, request_: tuple[str, str, dict[str, str], bytes], expected: str
) -> None:
    method, path, headers, content = request_
    async with httpx.AsyncClient(base_url=demo.url, headers=demo.headers, timeout=PATIENCE) as client:
        with capture_logs() as lines:
            answer = await client.request(method, path, headers=headers, content=content)

    (line,) = (line for line in lines if line["event"] == "call")
    assert " ".join(line[name] for name in ("method", "protocol", "outcome", "reason")) == expected
    assert (line["request_id"], line["project"]) == (answer.headers["x-request-id"], "demo")
    assert line["ms"] >= 0
    assert "secret" not in str(line)


async def test_a_head_that_is_too_large_has_a_line(ports: Ports) -> None:
    with capture_logs() as lines:
        reader, writer = await asyncio.open_connection("127.0.0.1", ports.http)
        answering = asyncio.create_task(reader.read())
        writer.write(b"GET /")
        while not answering.done():
            # Slowly, so that nothing lies unread when the answer comes, which would be lost.
            await asyncio.wait([answering], timeout=0.05)
            writer.write(b"a" * 30_000)
        answer = await answering
        writer.close()

    (line,) = (line for line in lines if line["event"] == "call")
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert f"x-request-id: {line['request_id']}\r\n".encode() in answer
    assert (line["outcome"], line["reason"]) == ("RESOURCE_EXHAUSTED", "REQUEST_TOO_LARGE")


async def test_a_page_that_breaks_off_its_beacon_has_left(demo: Demo) -> None:
    with capture_logs() as lines:
        _, writer = await asyncio.open_connection("127.0.0.1", demo.ports.http)
        writer.write(b"POST /beacon HTTP/1.1\r\nhost: test\r\ncontent-length: 10\r\n\r\n{")
        await writer.drain()
        writer.close()
        assert await until(lambda: bool(lines), PATIENCE)

    assert [(line["outcome"], line["reason"]) for line in lines] == [("CANCELLED", "CANCELLED")]
