"""What listens on the HTTP port: the RPCs, paths for browsers, and two pages for supervisors."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType

from eventglass.errors import EventglassError
from eventglass.transport.cors import with_cors
from eventglass.transport.plain_http import TEXT, App, Event, Receive, Send, answer, content_type, headers_of
from eventglass.transport.refusals import Taken, answer_refusal, refusal_of

_NO_APPS: Mapping[str, App] = MappingProxyType({})


def http_app(
    rpc: App,
    *,
    rpc_methods: Mapping[str, Taken],
    ready: Callable[[], Awaitable[None]],
    origins: frozenset[str],
    known: Mapping[str, App] = _NO_APPS,
    public: Mapping[str, App] = _NO_APPS,
) -> App:
    """Make the application.

    Args:
        rpc: serves Connect, gRPC-Web and JSON.
        rpc_methods: what its methods take, by path.
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
        elif (refusal := refusal_of(scope, rpc_methods)) is not None:
            await answer_refusal(scope, send, refusal)
        else:
            await rpc(_plainly_typed(scope), receive, send)

    granting = with_cors(app, origins=origins, public=public)

    async def whole(scope: Event, receive: Receive, send: Send) -> None:
        await granting(scope, receive, _sized(send))

    return whole


def _plainly_typed(scope: Event) -> Event:
    """Give a request its content type as connectrpc compares it: in lower case, without parameters.

    A query by GET has no content. With gRPC's type for none connectrpc would take it for a call of gRPC.
    """
    others = [each for each in scope["headers"] if each[0] != b"content-type"]
    if scope["method"] == "GET":
        return {**scope, "headers": others}
    return {**scope, "headers": [(b"content-type", content_type(headers_of(scope)).encode()), *others]}


async def _readiness(ready: Callable[[], Awaitable[None]]) -> tuple[HTTPStatus, str]:
    try:
        await ready()
    except EventglassError as error:
        return HTTPStatus.SERVICE_UNAVAILABLE, error.message
    return HTTPStatus.OK, "ready"


def _sized(send: Send) -> Send:
    """Send answers that are whole with their length; others go out in chunks, which HTTP/1.0 has not."""
    starts: list[Event] = []

    async def send_sized(event: Event) -> None:
        if event["type"] == "http.response.start":
            starts.append(event)
            return
        if starts:
            await send(_with_length(starts.pop(), event))
        await send(event)

    return send_sized


def _with_length(start: Event, body: Event) -> Event:
    is_known = body.get("more_body", False) or any(name == b"content-length" for name, _ in start["headers"])
    if is_known or start["status"] == HTTPStatus.NO_CONTENT:
        return start
    length = str(len(body.get("body", b""))).encode()
    return {**start, "headers": [*start["headers"], (b"content-length", length)]}


async def _say(send: Send, status: HTTPStatus, text: str) -> None:
    await answer(send, status.value, TEXT, f"{text}\n".encode())
