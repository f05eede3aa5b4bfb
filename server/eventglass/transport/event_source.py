"""GET /stream: EventsService.Stream as server-sent events, which browsers read with EventSource.

An EventSource sends no headers of ours, so the key, the project and the request are in the URL. Each
stored event is a message of its own; the id of the last one is the stream's watermark.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

import orjson
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from eventglass.background import begin
from eventglass.errors import EventglassError, InvalidArgumentError, Violation, refuse
from eventglass.transport.access import AS_HEADERS
from eventglass.transport.call import Streaming
from eventglass.transport.decoding import Encoding
from eventglass.transport.guard import Guard
from eventglass.transport.json_encoder import to_json
from eventglass.transport.plain_http import (
    REQUEST_ID,
    App,
    Event,
    Receive,
    Send,
    answer_error,
    error_json,
    headers_of,
)
from eventglass.transport.refused import call_of, refuse_method, refuse_request
from events.v1.stream_pb2 import StreamResponse

PATH = "/stream"

# How long a browser waits before it asks again.
_RETRY_MILLISECONDS = 2_000
# Longer than it takes from an event's arrival until it is stored.
_BEING_STORED = timedelta(minutes=1)

# Parameters of the URL: those that may come again and again, those that are JSON, and those that stand
# for headers. Any other is a text. The time of arrival may be spelled in both ways, as in JSON.
_ARRIVED_AFTER = ("arrivedAfter", "arrived_after")
_LISTS = frozenset({"names"})
_TWICE = "is given twice; give it once"
_JSON = frozenset({"filters", "where"})


def event_source(method: Streaming, guard: Guard) -> App:
    """Make the application.

    Args:
        method: EventsService.Stream.
        guard: runs the calls.
    """

    async def app(scope: Event, receive: Receive, send: Send) -> None:
        given = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        headers = headers_of(scope) | _headers(given)
        parameters = _come_back(given, headers.get("last-event-id", ""))
        call = call_of(scope, protocol="event-source", method=method.path, headers=headers)
        if scope["method"] != "GET":
            await refuse_method(send, call, "GET")
            return
        try:
            _refuse_what_is_no_text(scope["query_string"])
            request = _request(parameters)
        except EventglassError as error:
            await refuse_request(send, call, error)
            return
        write = partial(frames, begun=datetime.now(UTC))
        async with aclosing(guard.stream(method, call, request, Encoding.JSON, write=write)) as replies:
            try:
                first = await anext(replies)
            except EventglassError as error:
                await answer_error(send, error, call.request_id)
                return
            await _send_until_left(_send(send, first, replies, call.request_id), receive)

    return app


def frames(message: Message, *, begun: datetime) -> bytes:
    """Write a message of a stream: a gap, each event, and the watermark as the id to come back with.

    Args:
        message: it.
        begun: when the stream began. Before anything has arrived in the project, what came since then
            and a moment before is what a browser has missed that comes back.
    """
    assert isinstance(message, StreamResponse)
    parts = []
    if message.HasField("gap"):
        parts.append(_frame(b"gap", to_json(message.gap)))
    parts += [b"data: " + to_json(event) + b"\n\n" for event in message.events]
    at = Timestamp()
    at.FromDatetime(begun - _BEING_STORED)
    if message.HasField("watermark"):
        at = message.watermark
    # A block without data is no message, but browsers keep its id.
    parts.append(f"id: {at.ToJsonString()}\n\n".encode())
    return b"".join(parts)


async def _send_until_left(sent: Coroutine[Any, Any, None], receive: Receive) -> None:
    """Return when all is sent, or the caller has left."""
    sending = begin(sent, "send a stream")
    leaving = begin(_left(receive), "wait for a caller to leave")
    try:
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (sending, leaving):
            task.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)


def _frame(name: bytes, data: bytes) -> bytes:
    return b"event: " + name + b"\ndata: " + data + b"\n\n"


async def _send(send: Send, first: bytes, replies: AsyncGenerator[bytes], request_id: str) -> None:
    headers = {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache, no-transform",
        # nginx would wait for more.
        "x-accel-buffering": "no",
        REQUEST_ID: request_id,
    }
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": raw})
    await _body(send, f"retry: {_RETRY_MILLISECONDS}\n".encode() + first)
    last = b""
    try:
        async for reply in replies:
            await _body(send, reply)
    except EventglassError as error:
        last = _frame(b"end", error_json(error, request_id))
    await _body(send, last, more=False)


async def _body(send: Send, body: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def _left(receive: Receive) -> None:
    """Return when the caller has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _headers(parameters: list[tuple[str, str]]) -> dict[str, str]:
    """Give the headers that some parameters stand for; an empty one stands for none."""
    given = [(*AS_HEADERS[name], value) for name, value in parameters if name in AS_HEADERS and value]
    return {header: prefix + value for header, prefix, value in given}


def _come_back(parameters: list[tuple[str, str]], last_id: str) -> list[tuple[str, str]]:
    """Go on after the last id that a browser has seen; it calls again with the same URL."""
    if not last_id:
        return parameters
    return [*(each for each in parameters if each[0] not in _ARRIVED_AFTER), (_ARRIVED_AFTER[0], last_id)]


def _refuse_what_is_no_text(query: bytes) -> None:
    try:
        unquote_to_bytes(query).decode()
    except UnicodeDecodeError:
        raise InvalidArgumentError("the parameters must be UTF-8", reason="BROKEN_REQUEST") from None


def _request(parameters: list[tuple[str, str]]) -> bytes:
    """Make the JSON of a StreamRequest of what the URL says."""
    request: dict[str, Any] = {}
    violations = []
    seen: set[str] = set()
    for name, value in parameters:
        if name in _LISTS:
            request.setdefault(name, []).append(value)
        elif name in seen:
            violations.append(Violation(field=name, code="REPEATED_FIELD", description=_TWICE))
        elif name in _JSON:
            try:
                orjson.loads(value)
                # As it came: the reader says what is wrong with it, such as a key that is given twice.
                request[name] = orjson.Fragment(value)
            except orjson.JSONDecodeError as error:
                description = f"is no JSON: {error}"
                violations.append(Violation(field=name, code="BROKEN_JSON", description=description))
        elif name not in AS_HEADERS:
            # Of what is not known the reader says so.
            request[name] = value
        seen.add(name)
    refuse(violations)
    return orjson.dumps(request)
