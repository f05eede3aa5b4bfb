"""A running server as commands call it: what is wrong with its address, or with what answers there."""

import base64
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from eventglass.cli.remote import Remote
from eventglass.errors import EventglassError, InvalidArgumentError, UnavailableError
from insights.v1.query_service_pb2 import QueryRequest, QueryResponse
from tests.cli.process import Serving, eventglass
from tests.patience import PATIENCE

_KEY = "eg_key"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x",
        "127.0.0.1:8080",
        "http://",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:abc",
        "http://[::1",
        "http://a..b",
        "http://127.0.0.1:1/ä",
        "http://127.0.0.1:1/a b",
        "http://127.0.0.1:1/?key=k",
        "http://user:secret@127.0.0.1:1",
    ],
)
def test_a_wrong_url_is_told(url: str) -> None:
    with pytest.raises(InvalidArgumentError, match="is no URL of a server, such as http://127"):
        Remote(url=url, key=_KEY, project="p")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "https://[::1]:1/behind/", "HTTP://müller.example"])
def test_a_right_url_is_taken(url: str) -> None:
    with Remote(url=url, key=_KEY, project="p"):
        pass


@pytest.mark.parametrize("key", ["😀", "eg_a\neg_b", "eg_a\r", "eg a", "ü"])
def test_a_key_that_none_is_is_told_and_not_shown(key: str) -> None:
    with pytest.raises(InvalidArgumentError, match="has characters that no key has") as caught:
        Remote(url="http://127.0.0.1:1", key=key, project="p")

    assert key not in caught.value.message


@pytest.mark.parametrize("project", ["😀", "a\nb", "ä", "a b"])
def test_a_project_that_none_is_is_told(project: str) -> None:
    with pytest.raises(InvalidArgumentError, match="is no id of a project"):
        Remote(url="http://127.0.0.1:1", key=_KEY, project=project)


_HTML = b"<!doctype html>"
_BAD_DETAIL = {"type": "google.rpc.BadRequest", "value": base64.b64encode(b"\xff").decode()}


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        pytest.param("200 OK", "text/html", _HTML, id="a page"),
        pytest.param("200 OK", "application/json", b"{}", id="JSON"),
        pytest.param("200 OK", "text/plain", b"", id="nothing"),
        pytest.param("200 OK", "application/proto", _HTML, id="no message"),
        pytest.param("404 Not Found", "text/html", _HTML, id="an error page"),
        pytest.param("500 Oops", "application/json", b"[]", id="a list"),
        pytest.param("500 Oops", "application/json", b'"text"', id="a text"),
        pytest.param("500 Oops", "application/json", b'{"code": "oops"}', id="no code"),
        pytest.param("500 Oops", "application/json", b'{"code": []}', id="a code that is a list"),
        pytest.param(
            "500 Oops",
            "application/json",
            json.dumps({"code": "internal", "details": [_BAD_DETAIL]}).encode(),
            id="broken details",
        ),
    ],
)
def test_a_server_that_is_no_eventglass_is_told(status: str, kind: str, body: bytes) -> None:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    error = _asked(head + body)

    assert isinstance(error, UnavailableError)
    assert error.reason == "NO_EVENTGLASS"
    assert f"answered HTTP {status[:3]}, and not as the HTTP port of eventglass does" in error.message


def test_frames_of_another_protocol_are_not_shown() -> None:
    error = _asked(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x7f\xff\xff\xff\r\n")

    assert isinstance(error, UnavailableError)
    assert error.reason == "NO_EVENTGLASS"
    assert error.message.endswith(
        "answered no HTTP/1.1, and not as the HTTP port of eventglass does; is this the right address?"
    )


def test_a_server_that_hangs_up_is_told() -> None:
    error = _asked(b"")

    assert isinstance(error, UnavailableError)
    assert error.reason == "UNREACHABLE"


def test_the_port_for_grpc_is_told_in_one_line(demo_server: Serving) -> None:
    options = ("--url", f"http://{demo_server.grpc}", "--key", demo_server.key, "--project", "demo")
    spec = {"timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-07-01T00:00:00Z"}}

    done = eventglass("query", "-", *options, stdin=json.dumps(spec))

    assert (done.code, done.out) == (1, "")
    assert "not as the HTTP port of eventglass does" in done.err
    assert done.err.count("\n") == 1
    assert "\\x" not in done.err


def _asked(reply: bytes) -> EventglassError:
    """The error of asking a server that answers so."""
    with (
        _answering(reply) as url,
        Remote(url=url, key=_KEY, project="p") as remote,
        pytest.raises(EventglassError) as caught,
    ):
        remote.call("/insights.v1.InsightsService/Query", QueryRequest(), QueryResponse)
    return caught.value


@contextmanager
def _answering(reply: bytes) -> Iterator[str]:
    """Answer one connection with some bytes, whatever it asks."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(PATIENCE)

        def answer() -> None:
            taken, _ = listening.accept()
            with taken:
                taken.recv(65_536)
                taken.sendall(reply)

        answering = threading.Thread(target=answer)
        answering.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        answering.join(60)
