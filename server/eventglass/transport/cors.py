"""CORS: which pages of browsers may read what the HTTP port answers."""

from collections.abc import Callable, Collection, Mapping
from http import HTTPStatus

from eventglass.transport.plain_http import App, Event, Receive, Send

_Headers = list[tuple[bytes, bytes]]

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


def with_cors(app: App, *, origins: frozenset[str], public: Mapping[str, App]) -> App:
    """Let browsers read an application's answers.

    Args:
        app: for browsers of some origins.
        origins: those, such as `https://app.example.com`; `*` is any.
        public: applications for browsers from anywhere, by path.
    """
    restricted = _granting(app, origins) if origins else app
    open_to_all = {path: _granting(each, frozenset({_ANY_ORIGIN}), _BEACON) for path, each in public.items()}

    async def whole(scope: Event, receive: Receive, send: Send) -> None:
        await open_to_all.get(scope["path"], restricted)(scope, receive, send)

    return whole


def granted_as(origins: frozenset[str], public: Collection[str]) -> Callable[[App], App]:
    """Let browsers read what one application answers in place of others; see `with_cors`."""
    return lambda app: with_cors(app, origins=origins, public=dict.fromkeys(public, app))


def _granting(app: App, origins: frozenset[str], also: _Headers | None = None) -> App:
    async def granting(scope: Event, receive: Receive, send: Send) -> None:
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

    return granting


async def _preflight(send: Send, granted: _Headers) -> None:
    headers = [
        *granted,
        (b"access-control-allow-methods", b"GET, POST"),
        (b"access-control-allow-headers", _ALLOWED_HEADERS),
        (b"access-control-max-age", b"7200"),
    ]
    await send({"type": "http.response.start", "status": HTTPStatus.NO_CONTENT.value, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
