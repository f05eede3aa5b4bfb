"""What listens on the HTTP port: the RPCs, paths for browsers, two pages for supervisors, and CORS."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType

from eventglass.errors import EventglassError, InvalidArgumentError, UnimplementedError
from eventglass.transport.plain_http import TEXT, App, Event, Receive, Send, answer, answer_error

_Headers = list[tuple[bytes, bytes]]
_Refusal = tuple[HTTPStatus, EventglassError]
_GRPC_WEB = "application/grpc-web"

_ALLOWED_HEADERS = (
    b"authorization, content-type, content-encoding, connect-protocol-version, connect-timeout-ms, "
    b"connect-content-encoding, connect-accept-encoding, grpc-timeout, x-grpc-web, x-project-id, x-user-agent"
)
_EXPOSED_HEADERS = (
    b"connect-content-encoding, content-encoding, grpc-message, grpc-status, grpc-status-details-bin, "
    b"retry-after, x-request-id"
)
_ANY_ORIGIN = "*"
# A browser sends a beacon with its cookies, or not at all. Nobody here looks at them.
_BEACON: _Headers = [(b"access-control-allow-credentials", b"true")]
_NO_APPS: Mapping[str, App] = MappingProxyType({})


def http_app(
    rpc: App,
    *,
    rpc_types: Mapping[str, frozenset[str]],
    ready: Callable[[], Awaitable[None]],
    origins: frozenset[str],
    known: Mapping[str, App] = _NO_APPS,
    public: Mapping[str, App] = _NO_APPS,
) -> App:
    """Make the application.

    Args:
        rpc: serves Connect, gRPC-Web and JSON.
        rpc_types: the content types that its methods take, by path; besides gRPC-Web's.
        ready: returns when the server can answer, else raises EventglassError.
        origins: from which browsers may call, such as `https://app.example.com`; `*` is any.
        known: other applications by their paths, for browsers of these origins.
        public: likewise, for browsers from anywhere.
    """

    async def app(scope: Event, receive: Receive, send: Send) -> None:
        if scope["path"] == "/healthz":
            await _say(send, HTTPStatus.OK, "up")
        elif scope["path"] == "/readyz":
            await _say(send, *await _readiness(ready))
        elif scope["path"] in known:
            await known[scope["path"]](scope, receive, send)
        elif (refusal := _refusal(scope, rpc_types)) is not None:
            status, error = refusal
            await answer_error(send, error, uuid.uuid4().hex, status)
        else:
            await rpc(scope, receive, send)

    restricted = _with_cors(app, origins) if origins else app
    open_to_all = {path: _with_cors(each, frozenset({_ANY_ORIGIN}), _BEACON) for path, each in public.items()}

    async def whole(scope: Event, receive: Receive, send: Send) -> None:
        await open_to_all.get(scope["path"], restricted)(scope, receive, send)

    return whole


async def _readiness(ready: Callable[[], Awaitable[None]]) -> tuple[HTTPStatus, str]:
    try:
        await ready()
    except EventglassError as error:
        return HTTPStatus.SERVICE_UNAVAILABLE, error.message
    return HTTPStatus.OK, "ready"


def _refusal(scope: Event, types: Mapping[str, frozenset[str]]) -> _Refusal | None:
    """Refuse what connectrpc would trip over, or refuse without a word."""
    try:
        scope["query_string"].decode()
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    except UnicodeDecodeError:
        error = InvalidArgumentError("the path and headers must be UTF-8", reason="BROKEN_REQUEST")
        return HTTPStatus.BAD_REQUEST, error
    content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type.startswith("application/grpc") and not content_type.startswith(_GRPC_WEB):
        message = "gRPC has its own port; this one speaks Connect and gRPC-Web"
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE, UnimplementedError(message, reason="WRONG_PORT")
    if scope["path"] not in types:
        message = "nothing is here; a method's path is such as /insights.v1.InsightsService/Query"
        return HTTPStatus.NOT_FOUND, UnimplementedError(message, reason="UNKNOWN_PATH")
    taken = types[scope["path"]]
    if scope["method"] == "POST" and not (content_type in taken or content_type.startswith(_GRPC_WEB)):
        message = f"send the content type {' or '.join(sorted(taken))}"
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE, UnimplementedError(message, reason="UNKNOWN_ENCODING")
    return None


async def _say(send: Send, status: HTTPStatus, text: str) -> None:
    await answer(send, status.value, TEXT, f"{text}\n".encode())


def _with_cors(app: App, origins: frozenset[str], also: _Headers | None = None) -> App:
    async def with_cors(scope: Event, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin", b"")
        granted: _Headers = [(b"vary", b"origin")]
        if _ANY_ORIGIN in origins or origin.decode("latin-1") in origins:
            granted += [
                (b"access-control-allow-origin", origin),
                (b"access-control-expose-headers", _EXPOSED_HEADERS),
                *(also or []),
            ]
        if scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
            await _preflight(send, granted)
            return

        async def send_granted(event: Event) -> None:
            if event["type"] == "http.response.start":
                event = {**event, "headers": [*event["headers"], *granted]}
            await send(event)

        await app(scope, receive, send_granted if origin else send)

    return with_cors


async def _preflight(send: Send, granted: _Headers) -> None:
    headers = [
        *granted,
        (b"access-control-allow-methods", b"GET, POST"),
        (b"access-control-allow-headers", _ALLOWED_HEADERS),
        (b"access-control-max-age", b"7200"),
    ]
    await send({"type": "http.response.start", "status": HTTPStatus.NO_CONTENT.value, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
