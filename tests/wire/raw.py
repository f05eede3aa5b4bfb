"""Requests as bytes, for callers who hang up, and how to wait for what that causes."""

import asyncio
import json
from collections.abc import Callable
from urllib.parse import urlencode

from tests.wire.callers import HEADERS, QUERY, named

SLOW_JSON = json.dumps({"query": {"events": [{"name": "slow"}]}}).encode()
_BINARY = named("slow").SerializeToString()
_ENVELOPE = b"\0" + len(_BINARY).to_bytes(4, "big") + _BINARY


def _head(line: str, more: str) -> bytes:
    headers = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
    return f"{line} HTTP/1.1\r\nhost: test\r\n{headers}{more}\r\n".encode()


def post(content_type: str, body: bytes, more: str = "") -> bytes:
    return (
        _head(f"POST {QUERY}", f"content-type: {content_type}\r\ncontent-length: {len(body)}\r\n{more}")
        + body
    )


def _get() -> bytes:
    question = urlencode({"encoding": "json", "message": SLOW_JSON.decode(), "connect": "v1"})
    return _head(f"GET {QUERY}?{question}", "")


REQUESTS = {
    "connect": post("application/proto", _BINARY),
    "connect-json": post("application/json", SLOW_JSON),
    "connect-get": _get(),
    "grpc-web": post("application/grpc-web+proto", _ENVELOPE),
}


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Wait until something holds, at most so long."""
    for _ in range(round(seconds / 0.005)):
        if condition():
            return True
        await asyncio.sleep(0.005)
    return condition()
