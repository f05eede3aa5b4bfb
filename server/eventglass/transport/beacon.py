"""POST /beacon: EventsService.BatchCreate for pages that are being left.

`navigator.sendBeacon` sends no headers of ours, and a text without asking first. So the key and the
project are in the body, beside what a BatchCreateRequest has, and its type does not matter.
"""

import json
import time
import zlib
from collections.abc import Callable
from typing import Any

import orjson

from eventglass.errors import CancelledError, EventglassError, InvalidArgumentError, LimitError, Violation
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
    """Take the key and the project out of a body, as headers; the rest is a BatchCreateRequest."""
    content, write = _parsed(body)
    if not isinstance(content, dict):
        raise _broken("must be a JSON object")
    key, project = content.pop("key", ""), content.pop("project", "")
    for name, value in (("key", key), ("project", project)):
        if not (isinstance(value, str) and value.isascii() and value.isprintable()):
            description = "must be a text of printable ASCII characters"
            raise InvalidArgumentError.of([Violation(field=name, code="WRONG_TYPE", description=description)])
    headers = {
        **({"authorization": f"Bearer {key}"} if key else {}),
        **({"x-project-id": project} if project else {}),
    }
    try:
        return headers, write(content)
    except RecursionError:
        raise _broken("is nested too deep") from None


def _parsed(body: bytes) -> tuple[Any, Callable[[Any], bytes]]:
    """Parse a body; give also what writes it again, or parts of it.

    A page may have cut a text in the middle of a character, and its JSON then holds half of it. That is
    its event's fault and not the batch's, so such bodies are parsed in the slower way, which can.
    """
    try:
        return orjson.loads(body), _written
    except orjson.JSONDecodeError as error:
        try:
            return json.loads(body.decode()), lambda content: json.dumps(content).encode()
        except (ValueError, RecursionError):
            raise _broken(f"is no JSON: {error}") from None


def _written(content: Any) -> bytes:
    try:
        return orjson.dumps(content)
    except orjson.JSONEncodeError:
        # It reads what is nested four times as deep as it writes.
        return json.dumps(content).encode()


def _broken(what: str) -> InvalidArgumentError:
    return InvalidArgumentError.of([Violation(field="", code="BROKEN_JSON", description=f"the body {what}")])


def _too_large(most_bytes: int) -> LimitError:
    message = f"the body is larger than {most_bytes // 2**20} MiB; send fewer events at once"
    return LimitError(message, reason="REQUEST_TOO_LARGE")
