"""Who offers to go on in another protocol is answered as if they had not."""

import asyncio
import json
import shutil

import pytest

from eventglass.transport.ports import Ports
from tests.patience import PATIENCE
from tests.wire.callers import HEADERS, QUERY
from tests.wire.raw import post

_BODY = json.dumps({"query": {"events": [{"name": "page_view"}]}}).encode()
# As java.net.http sends it with its first request.
_H2C = "connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAEAAEAAAAIAAAAB\r\n"
_WEBSOCKET = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
_PLAIN = post("application/json", _BODY)
_CLOSING = post("application/json", _BODY, "connection: close\r\n")


def _offering(offer: str) -> bytes:
    return post("application/json", _BODY, offer)


async def _answers(ports: Ports, *packets: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", ports.http)
    for packet in packets:
        writer.write(packet)
        await writer.drain()
        await asyncio.sleep(0.01)
    answer = await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    return answer


@pytest.mark.parametrize("offer", [_H2C, _WEBSOCKET])
@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
async def test_an_offer_is_left_aside(ports: Ports, offer: str, size: int) -> None:
    """Also when it comes in pieces, and when more requests follow at once."""
    sent = _offering(offer) + _PLAIN + _offering(offer) + _CLOSING
    pieces = [sent[at : at + size] for at in range(0, len(sent), size)] if size > 1 else [sent]

    answer = await _answers(ports, *pieces)

    assert answer.count(b"HTTP/1.1 200 OK") == 4
    assert answer.count(b'"event":"page_view"') == 4
    assert b"upgrade" not in answer.lower()


async def test_an_offer_to_close_is_kept(ports: Ports) -> None:
    answer = await _answers(ports, _offering("connection: close, Upgrade\r\nupgrade: h2c\r\n"))

    assert answer.startswith(b"HTTP/1.1 200 OK")


async def test_an_offer_in_chunks_is_read(ports: Ports) -> None:
    head = _offering(_H2C + "connection: close\r\n").partition(b"\r\n\r\n")[0]
    head = head.replace(b"content-length: %d" % len(_BODY), b"transfer-encoding: chunked")

    answer = await _answers(ports, head + b"\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(_BODY), _BODY))

    assert answer.startswith(b"HTTP/1.1 200 OK")


async def test_an_offer_without_a_body_is_answered(ports: Ports) -> None:
    request = f"GET /healthz HTTP/1.1\r\nhost: test\r\n{_H2C}connection: close\r\n\r\n"

    answer = await _answers(ports, request.encode())

    assert answer.startswith(b"HTTP/1.1 200 OK")


async def test_connect_is_refused(ports: Ports) -> None:
    answer = await _answers(ports, b"CONNECT test:80 HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n")

    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400"))


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
async def test_curl_may_offer_http2(ports: Ports) -> None:
    headers = [part for name, value in HEADERS.items() for part in ("-H", f"{name}: {value}")]
    url = f"http://127.0.0.1:{ports.http}{QUERY}"
    data = ["-H", "content-type: application/json", "-d", _BODY.decode()]

    curl = await asyncio.create_subprocess_exec(
        "curl", "-s", "--http2", *headers, *data, url, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(curl.communicate(), PATIENCE)

    assert b'"event":"page_view"' in output
