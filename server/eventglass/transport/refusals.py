"""What the HTTP port refuses before connectrpc, which would trip over it, or refuse it with fewer words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, NamedTuple
from urllib.parse import parse_qs

from eventglass.errors import EventglassError, InvalidArgumentError, UnimplementedError
from eventglass.transport.call import joined
from eventglass.transport.plain_http import Event, Send, content_type, headers_of, speaks_web
from eventglass.transport.refused import call_of, refuse_request

_GRPC: Final = "application/grpc"
_GRPC_WEB: Final = frozenset(
    {"application/grpc-web", "application/grpc-web+proto", "application/grpc-web+json"}
)
_ENCODINGS: Final = frozenset({"json", "proto"})
_PACKINGS: Final = frozenset({"", "identity", "gzip"})
_MILLISECONDS: Final = re.compile(r"\d{1,10}", re.ASCII)
_TIMEOUT: Final = re.compile(r"\d{1,8}[HMSmun]", re.ASCII)
_VERSION: Final = "1"
# Of a query by GET; connectrpc takes the first of each, and looks at no version.
_PARAMETERS: Final = frozenset({"connect", "encoding", "message", "base64", "compression"})
_VERSIONS: Final = frozenset({"", "v1"})
_BASE64: Final = frozenset({"", "0", "1"})
_IS_BASE64: Final = re.compile(r"[\w+/-]*={0,2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a method takes.

    Args:
        types: the content types in the Connect protocol; gRPC-Web's come on top.
        by_get: it may be called by GET, too.
    """

    types: frozenset[str]
    by_get: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """How a request is refused.

    Args:
        error: what the caller is told.
        status: of the answer.
        allow: the HTTP methods that its path takes, where it came by another.
    """

    error: EventglassError
    status: HTTPStatus = HTTPStatus.BAD_REQUEST
    allow: str = ""


def refusal_of(scope: Event, methods: Mapping[str, Taken]) -> Refusal | None:
    """Say why a request is refused; None: it is not, here."""
    try:
        head = _head(scope)
    except UnicodeDecodeError:
        return Refusal(error=_broken("the path, its parameters and the headers must be UTF-8"))
    if head.content_type.startswith(_GRPC) and not head.content_type.startswith(f"{_GRPC}-web"):
        message = "gRPC has its own port; this one speaks Connect and gRPC-Web"
        return _unspoken(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message, "WRONG_PORT")
    if (taken := methods.get(scope["path"])) is None:
        message = "nothing is here; a method's path is such as /insights.v1.InsightsService/Query"
        return _unspoken(HTTPStatus.NOT_FOUND, message, "UNKNOWN_PATH")
    return next((found for each in _CHECKS if (found := each(head, taken))), None)


async def answer_refusal(scope: Event, send: Send, refusal: Refusal) -> None:
    """Log a refusal, and send it in the form that its caller reads."""
    call = call_of(scope, protocol=_protocol(scope))
    headers = {"allow": refusal.allow} if refusal.allow else {}
    is_web = call.protocol == "grpc-web" and not refusal.allow
    await refuse_request(send, call, refusal.error, status=refusal.status, headers=headers, is_web=is_web)


def _protocol(scope: Event) -> str:
    headers = headers_of(scope)
    if not content_type(headers).startswith(_GRPC):
        return "connect"
    return "grpc-web" if speaks_web(headers) else "grpc"


class _Head(NamedTuple):
    """What is looked at of a request, as text; parameters only of a query by GET."""

    method: str
    parameters: dict[str, list[str]]
    headers: dict[str, str]
    content_type: str


def _head(scope: Event) -> _Head:
    headers = joined((name.decode(), value.decode()) for name, value in scope["headers"])
    method = scope["method"]
    # A query by GET has no content, so whatever it calls that means nothing.
    kind = "" if method == "GET" else content_type(headers)
    query = scope["query_string"].decode() if method == "GET" else ""
    parameters = parse_qs(query, keep_blank_values=True, errors="strict")
    return _Head(method, parameters, headers, kind)


def _wrong_method(head: _Head, taken: Taken) -> Refusal | None:
    allowed = ["GET", "POST"] if taken.by_get else ["POST"]
    if head.method in allowed:
        return None
    error = UnimplementedError(f"send {' or '.join(allowed)}", reason="METHOD_NOT_ALLOWED")
    return Refusal(error=error, status=HTTPStatus.METHOD_NOT_ALLOWED, allow=", ".join(allowed))


def _wrong_parameter(head: _Head, _taken: Taken) -> Refusal | None:
    twice = [name for name, values in head.parameters.items() if name in _PARAMETERS and len(values) > 1]
    if twice:
        return Refusal(error=_broken(f"the parameter {twice[0]} is given twice; give it once"))
    if _parameter(head, "connect") not in _VERSIONS:
        return Refusal(error=_broken("the parameter connect must be v1"))
    if _parameter(head, "base64") not in _BASE64:
        return Refusal(error=_broken("the parameter base64 must be 1 where the message is so written"))
    # Decoding would pass over whatever does not belong there, such as the space that a bare + is.
    if _parameter(head, "base64") == "1" and not _IS_BASE64.fullmatch(_parameter(head, "message")):
        return Refusal(error=_broken("the parameter message must be base64, best of the URL-safe alphabet"))
    return None


def _parameter(head: _Head, name: str) -> str:
    return head.parameters.get(name, [""])[0]


def _unknown_encoding(head: _Head, taken: Taken) -> Refusal | None:
    if head.method == "GET":
        is_known = _parameter(head, "encoding") in _ENCODINGS
        wanted = "the parameter encoding=json or encoding=proto"
    else:
        types = _GRPC_WEB if head.content_type.startswith(f"{_GRPC}-web") else taken.types
        is_known = head.content_type in types
        wanted = f"the content type {' or '.join(sorted(types))}"
    if is_known:
        return None
    return _unspoken(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send {wanted}", "UNKNOWN_ENCODING")


def _unknown_packing(head: _Head, _taken: Taken) -> Refusal | None:
    """Tell of a query by GET that is packed in an unknown way. Of others headers say how they are."""
    if _parameter(head, "compression") in _PACKINGS:
        return None
    message = "send the parameter compression=gzip, or leave it out"
    return _unspoken(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message, "UNKNOWN_ENCODING")


def _wrong_header(head: _Head, _taken: Taken) -> Refusal | None:
    headers = head.headers
    if head.content_type in _GRPC_WEB:
        if _TIMEOUT.fullmatch(headers.get("grpc-timeout", "1S")):
            return None
        message = "the header grpc-timeout must be 1 to 8 digits and one of H, M, S, m, u, n, such as 30S"
        return Refusal(error=_broken(message))
    if headers.get("connect-protocol-version", _VERSION) != _VERSION:
        return Refusal(error=_broken(f"the header connect-protocol-version must be {_VERSION}"))
    if not _MILLISECONDS.fullmatch(headers.get("connect-timeout-ms") or "1"):
        message = "the header connect-timeout-ms must be a number of milliseconds, 1 to 10 digits"
        return Refusal(error=_broken(message))
    return None


_CHECKS: Final[tuple[Callable[[_Head, Taken], Refusal | None], ...]] = (
    _wrong_method,
    _wrong_parameter,
    _unknown_encoding,
    _unknown_packing,
    _wrong_header,
)


def _broken(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(message, reason="BROKEN_REQUEST")


def _unspoken(status: HTTPStatus, message: str, reason: str) -> Refusal:
    return Refusal(error=UnimplementedError(message, reason=reason), status=status)
