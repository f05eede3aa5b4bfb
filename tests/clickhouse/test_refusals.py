"""A server that answers, and will not be asked: its own words are what an operator needs."""

import asyncio
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow as pa
import pytest

from eventglass.engine.clickhouse import open_clickhouse
from eventglass.engine.engine import Limits
from eventglass.engine.settings import EngineSettings
from eventglass.errors import InvalidArgumentError, UnavailableError
from eventglass.sql.statement import Statement
from tests.clickhouse.conftest import ClickHouse, running
from tests.clickhouse.cutting import cutting

_WRONG_PASSWORD = b"Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED)"


_TLS_HANDSHAKE = b"\x16"
_NOT_FOUND = b"<html>No such page</html>"
# A page may come before the proxy has read all of a request; the rest must not begin the next one.
_LAST = "Connection: close"
_PAGES = [
    f"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n{_LAST}\r\n\r\nBack soon...".encode(),
    f"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n{_LAST}\r\n\r\n".encode(),
]


class _Refusing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self._refuse(HTTPStatus.FORBIDDEN, _WRONG_PASSWORD, {"X-ClickHouse-Exception-Code": "516"})

    def _refuse(self, status: HTTPStatus, body: bytes, headers: Mapping[str, str]) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Another(_Refusing):
    """Something that is no ClickHouse."""

    def do_POST(self) -> None:
        self._refuse(HTTPStatus.NOT_FOUND, _NOT_FOUND, {})


@contextmanager
def _refusing(how: type[_Refusing] = _Refusing) -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), how) as server:
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


def test_what_is_no_clickhouse_is_quoted() -> None:
    with _refusing(_Another) as port, pytest.raises(UnavailableError) as told:
        open_clickhouse(f"clickhouse://default:secret@127.0.0.1:{port}/default")

    assert told.value.message.startswith(
        "the ClickHouse server refuses: HTTP driver received HTTP status 404"
    )
    assert "secret" not in told.value.message


def test_settings_that_a_user_may_not_change_are_named(tmp_path: Path) -> None:
    with running(tmp_path, profile={"readonly": "1"}) as server, pytest.raises(UnavailableError) as told:
        open_clickhouse(server.dsn)

    assert told.value.message.startswith("the ClickHouse server refuses: Setting")


def test_no_password_goes_out_as_it_is_where_https_is_asked_for() -> None:
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            caller, _ = server.accept()
            with caller:
                server.close()
                received.append(caller.recv(1))

        listening = threading.Thread(target=listen)
        listening.start()
        with pytest.raises(UnavailableError, match="cannot be reached"):
            open_clickhouse(f"https://default:secret@127.0.0.1:{server.getsockname()[1]}/default")
        listening.join()

    assert received == [_TLS_HANDSHAKE]


def test_a_proxy_that_is_none_is_a_wrong_setting() -> None:
    with pytest.raises(InvalidArgumentError, match="EVENTGLASS_CLICKHOUSE_DSN: cannot be used: "):
        open_clickhouse("clickhouse://default:secret@127.0.0.1:9/default?http_proxy=http://[::")


def test_what_keeps_from_a_server_is_told() -> None:
    with pytest.raises(UnavailableError, match=r"cannot be reached: .*127\.0\.0\.1.*port=9\b") as told:
        open_clickhouse("clickhouse://default:secret@127.0.0.1:9/default")

    assert "secret" not in told.value.message


@pytest.mark.parametrize("page", _PAGES, ids=["text", "nothing"])
async def test_an_insert_that_something_else_answers_is_not_taken_for_stored(
    clickhouse: ClickHouse, page: bytes
) -> None:
    async with cutting(clickhouse.port) as proxy:
        pool = await asyncio.to_thread(open_clickhouse, proxy.dsn, EngineSettings(clients=1))
        proxy.page = page
        with pytest.raises(UnavailableError):
            await pool.insert("events", pa.table({"event_id_text": ["x"]}))

        proxy.page = b""
        await pool.settle_inserts()
        await pool.close()


async def test_a_change_that_something_else_answers_is_not_taken_for_done(clickhouse: ClickHouse) -> None:
    async with cutting(clickhouse.port) as proxy:
        pool = await asyncio.to_thread(open_clickhouse, proxy.dsn, EngineSettings(clients=1))
        proxy.page = _PAGES[0]
        with pytest.raises(UnavailableError):
            await pool.alter(Statement(text="ALTER TABLE events DELETE WHERE 0"))

        await pool.close()


@pytest.mark.parametrize("packing", ["lz4", "zstd", "gzip", "identity"])
async def test_an_answer_that_is_broken_is_none(clickhouse: ClickHouse, packing: str) -> None:
    """Whatever stands between broke it; to ask again helps."""
    broken = b"\x01\x01\x10" + b"\xff" * 40
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Encoding: {packing}\r\nContent-Length: {len(broken)}\r\n{_LAST}\r\n\r\n"
    )
    async with cutting(clickhouse.port) as proxy:
        pool = await asyncio.to_thread(open_clickhouse, proxy.dsn, EngineSettings(clients=1))
        proxy.page = head.encode() + broken
        with pytest.raises(UnavailableError):
            await pool.query(Statement(text="SELECT 1", columns=1), Limits())

        proxy.page = b""
        again = await pool.query(Statement(text="SELECT 1", columns=1), Limits())
        await pool.close()

    assert [list(each) for each in again.columns] == [[1]]
