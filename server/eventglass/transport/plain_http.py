"""What the HTTP port answers besides RPCs, with errors written as Connect writes them."""

import base64
import math
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import orjson
from google.protobuf.json_format import MessageToDict
from google.rpc import code_pb2

from eventglass.errors import EventglassError, UnauthenticatedError
from eventglass.transport.call import joined
from eventglass.transport.error_details import details_of, message_of, status_of

# ASGI as its specification has it: dictionaries of anything.
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
App = Callable[[Event, Receive, Send], Awaitable[None]]

REQUEST_ID = "x-request-id"
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"

# As the Connect protocol has them.
_STATUSES: Mapping[int, int] = {
    code_pb2.CANCELLED: 499,
    code_pb2.INVALID_ARGUMENT: 400,
    code_pb2.DEADLINE_EXCEEDED: 504,
    code_pb2.NOT_FOUND: 404,
    code_pb2.ALREADY_EXISTS: 409,
    code_pb2.PERMISSION_DENIED: 403,
    code_pb2.RESOURCE_EXHAUSTED: 429,
    code_pb2.UNIMPLEMENTED: 501,
    code_pb2.UNAVAILABLE: 503,
    code_pb2.UNAUTHENTICATED: 401,
}


async def answer(
    send: Send, status: int, content_type: str, body: bytes, headers: Mapping[str, str] | None = None
) -> None:
    """Send a whole answer."""
    fields = {"content-type": content_type, "content-length": str(len(body)), **(headers or {})}
    raw = [(name.encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


async def answer_error(
    send: Send,
    error: EventglassError,
    request_id: str,
    status: HTTPStatus | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send an error.

    Args:
        send: ASGI's.
        error: what to tell the caller.
        request_id: names the call.
        status: where it is not the one that Connect gives the error's code.
        headers: besides those that tell of the error.
    """
    code = _STATUSES.get(error.code, 500) if status is None else status.value
    headers = error_headers(error, request_id) | dict(headers or {})
    await answer(send, code, JSON, error_json(error, request_id), headers)


async def answer_web_error(send: Send, error: EventglassError, request_id: str) -> None:
    """Send an error to a gRPC-Web caller, who reads it from headers."""
    status = status_of(error, request_id)
    headers = error_headers(error, request_id) | {
        "grpc-status": str(status.code),
        "grpc-message": quote(status.message, safe=""),
        "grpc-status-details-bin": base64.b64encode(status.SerializeToString()).rstrip(b"=").decode(),
    }
    await answer(send, HTTPStatus.OK.value, "application/grpc-web", b"", headers)


def error_json(error: EventglassError, request_id: str) -> bytes:
    """Write an error; its details also as plain JSON, under `debug`, for who reads them."""
    name = code_pb2.Code.Name(error.code).lower()
    details = [
        {
            "type": detail.DESCRIPTOR.full_name,
            "value": base64.b64encode(detail.SerializeToString()).rstrip(b"=").decode(),
            "debug": MessageToDict(detail),
        }
        for detail in details_of(error, request_id)
    ]
    spelled = "canceled" if name == "cancelled" else name
    return orjson.dumps({"code": spelled, "message": message_of(error), "details": details})


def error_headers(error: EventglassError, request_id: str) -> dict[str, str]:
    """Give the headers of an answer that tells of an error."""
    headers = {REQUEST_ID: request_id}
    if error.retry_after is not None:
        headers["retry-after"] = str(max(math.ceil(error.retry_after.total_seconds()), 1))
    if isinstance(error, UnauthenticatedError):
        headers["www-authenticate"] = "Bearer"
    return headers


def headers_of(scope: Event) -> dict[str, str]:
    """Give a request's headers by lower-case name."""
    return joined((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])


def content_type(headers: Mapping[str, str]) -> str:
    """Give a request's content type without its parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def speaks_web(headers: Mapping[str, str]) -> bool:
    """Tell whether a request is of gRPC-Web, in whichever form."""
    return content_type(headers).startswith("application/grpc-web")


def peer_of(scope: Event) -> str:
    """Name the caller's address."""
    client = scope.get("client")
    return f"{client[0]}:{client[1]}" if client else ""
