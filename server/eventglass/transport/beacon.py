"""POST /beacon: EventsService.BatchCreate for pages that are being left.

`navigator.sendBeacon` sends no headers of ours, and a text without asking first. So the key and the
project are in the body, beside what a BatchCreateRequest has, and its type does not matter.
"""

import json
import re
import time
import zlib
from collections.abc import Iterator
from typing import Any

import orjson

from eventglass.errors import CancelledError, EventglassError, InvalidArgumentError, LimitError, Violation
from eventglass.transport.access import AS_HEADERS
from eventglass.transport.call import Call, Method
from eventglass.transport.decoding import Encoding
from eventglass.transport.guard import Guard
from eventglass.transport.plain_http import (
    JSON,
    REQUEST_ID,
    App,
    Event,
    Receive,
    Send,
    answer,
    answer_error,
    headers_of,
)
from eventglass.transport.refused import call_of, refuse_method, refuse_request

PATH = "/beacon"

# No JSON text begins so.
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31

_BEFORE_KEY = re.compile(r"[\s{,]*")
_BEFORE_VALUE = re.compile(r"[\s:]*")
_parse_at = json.JSONDecoder().raw_decode


def beacon(method: Method, guard: Guard, *, most_bytes: int) -> App:
    """Make the application.

    Args:
        method: EventsService.BatchCreate.
        guard: runs the calls.
        most_bytes: how large a body may be, as it is sent and unpacked.
    """

    async def app(scope: Event, receive: Receive, send: Send) -> None:
        started = time.monotonic()
        call = _call(method, scope)
        if scope["method"] != "POST":
            await refuse_method(send, call, "POST")
            return
        try:
            sent = _unpacked(await _body(receive, most_bytes), most_bytes)
            given, request = _opened(sent)
        except EventglassError as error:
            await refuse_request(send, call, error, started=started)
            return
        call = _call(method, scope, given)
        try:
            reply = await guard.run(method, call, request, Encoding.JSON)
        except EventglassError as error:
            await answer_error(send, error, call.request_id)
        else:
            await answer(send, 200, JSON, reply, {REQUEST_ID: call.request_id})

    return app


def _call(method: Method, scope: Event, given: dict[str, str] | None = None) -> Call:
    return call_of(scope, protocol="beacon", method=method.path, headers=headers_of(scope) | (given or {}))


async def _body(receive: Receive, most_bytes: int) -> bytes:
    body = bytearray()
    more = True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise CancelledError("caller left")
        body += event.get("body", b"")
        more = event.get("more_body", False)
        if len(body) > most_bytes:
            raise _too_large(most_bytes)
    return bytes(body)


def _unpacked(body: bytes, most_bytes: int) -> bytes:
    """Unpack a body where it is packed, but never more than is allowed."""
    if not body.startswith(_GZIP):
        return body
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        plain = unpacker.decompress(body, most_bytes + 1)
    except zlib.error:
        raise _broken("is no whole gzip") from None
    if len(plain) > most_bytes:
        raise _too_large(most_bytes)
    if not unpacker.eof or unpacker.unused_data:
        raise _broken("is no whole gzip")
    return plain


def _opened(body: bytes) -> tuple[dict[str, str], bytes]:
    """Take the key and the project out of a body, as headers; the rest, as it came, is the request."""
    if not isinstance(_parsed(body), dict):
        raise _broken("must be a JSON object")
    given: dict[str, str] = {}
    rest = []
    try:
        for name, written in _members(body.decode()):
            if name not in AS_HEADERS:
                rest.append(f"{json.dumps(name)}:{written}")
            elif name in given:
                raise _wrong(name, "REPEATED_FIELD", "is given twice; give it once")
            else:
                given[name] = _printable(name, json.loads(written))
    except RecursionError:
        raise _broken("is nested too deep") from None
    headers = {AS_HEADERS[name][0]: AS_HEADERS[name][1] + value for name, value in given.items() if value}
    return headers, f"{{{','.join(rest)}}}".encode()


def _parsed(body: bytes) -> Any:
    """Parse a body.

    A page may have cut a text in the middle of a character, and its JSON then holds half of it. That is
    its event's fault and not the batch's, so such bodies are parsed in the slower way, which can.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        try:
            return json.loads(body.decode())
        except (ValueError, RecursionError):
            raise _broken(f"is no JSON: {error}") from None


def _members(text: str) -> Iterator[tuple[str, str]]:
    """Take apart what is known to be a JSON object: its keys, as often as they are given, and raw values.

    So the reader of the request sees all of it, also what an event has twice.
    """
    at = _after(_BEFORE_KEY, text, 0)
    while not text.startswith("}", at):
        name, at = _parse_at(text, at)
        begin = _after(_BEFORE_VALUE, text, at)
        _, end = _parse_at(text, begin)
        yield name, text[begin:end]
        at = _after(_BEFORE_KEY, text, end)


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    assert match is not None, "it matches nothing, too"
    return match.end()


def _printable(name: str, value: object) -> str:
    if isinstance(value, str) and value.isascii() and value.isprintable():
        return value
    raise _wrong(name, "WRONG_TYPE", "must be a text of printable ASCII characters")


def _wrong(name: str, code: str, description: str) -> InvalidArgumentError:
    return InvalidArgumentError.of([Violation(field=name, code=code, description=description)])


def _broken(what: str) -> InvalidArgumentError:
    return InvalidArgumentError.of([Violation(field="", code="BROKEN_JSON", description=f"the body {what}")])


def _too_large(most_bytes: int) -> LimitError:
    message = f"the body is larger than {most_bytes // 2**20} MiB; send fewer events at once"
    return LimitError(message, reason="REQUEST_TOO_LARGE")
