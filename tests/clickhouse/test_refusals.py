"""A server that answers, and will not be asked: its own words are what an operator needs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from eventglass.engine.clickhouse import open_clickhouse
from eventglass.errors import UnavailableError

_WRONG_PASSWORD = b"Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED)"


class _Refusing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(HTTPStatus.FORBIDDEN)
        self.send_header("X-ClickHouse-Exception-Code", "516")
        self.send_header("Content-Length", str(len(_WRONG_PASSWORD)))
        self.end_headers()
        self.wfile.write(_WRONG_PASSWORD)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _refusing() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            serving.join()


def test_a_wrong_password_is_told_in_one_line() -> None:
    with _refusing() as port, pytest.raises(UnavailableError) as told:
        open_clickhouse(f"clickhouse://default:secret@127.0.0.1:{port}/default")

    assert told.value.message.startswith("the ClickHouse server refuses: ")
    assert "Authentication failed" in told.value.message
    assert "secret" not in told.value.message
    assert "\n" not in told.value.message
