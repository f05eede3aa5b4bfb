"""ClickHouse's HTTP interface over chDB, as a program of its own.

No package of a ClickHouse server can be had wherever the tests run, but its engine can: chDB is the
same code. This program speaks the part of the HTTP interface that clickhouse-connect uses (POST and
GET, settings and `param_*` in the URL or a form, compressed bodies, FORMAT Native, exception codes,
the summary header) and obeys its limits of length, so that what a server does to a statement, chDB does.

What it does not show: replication, a server's users and quotas, and its own query log.

    python -m tests.clickhouse.server DIRECTORY [PORT [PROFILE]]

prints its port when it listens. The profile is JSON: settings of every request that says nothing else.
"""

import contextlib
import email.message
import email.parser
import email.policy
import gzip
import http
import json
import os
import re
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import chdb
import lz4.frame

# http_max_field_value_size and http_max_uri_size of a server as it comes.
MAX_FIELD_BYTES = 128 * 1024
MAX_URI_BYTES = 1024 * 1024
# What a server's HTTP handler keeps for itself; everything else in the URL is a setting.
_HANDLERS_OWN = {
    "query",
    "database",
    "wait_end_of_query",
    "enable_http_compression",
    "client_protocol_version",
    "send_progress_in_http_headers",
    "http_headers_progress_interval_ms",
    "cancel_http_readonly_queries_on_client_close",
    "query_id",
    "session_id",
    "compress",
}
_CODE = re.compile(r"Code: (\d+)")
_FORMAT = re.compile(rb"\bFORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)
_INSERT = re.compile(
    rb"\s*INSERT\s+INTO\s+(?P<into>.+?)\s+FORMAT\s+(?P<format>\w+)\s*$", re.IGNORECASE | re.DOTALL
)


class TooLongError(Exception):
    """A field of a request is longer than the interface allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, taken apart.

    Args:
        query: the statement, without the rows of an INSERT.
        rows: the rows of an INSERT; empty for none.
        settings: to be set for it.
        parameters: values of `{name:Type}`, escaped as the interface wants them.
    """

    query: bytes
    rows: bytes
    settings: dict[str, str]
    parameters: dict[str, str]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        body = self._body()
        if urlsplit(self.path).path == "/ping":
            self._reply(http.HTTPStatus.OK, b"Ok.\n")
            return
        try:
            if len(self.path) > MAX_URI_BYTES:
                self._reply(http.HTTPStatus.REQUEST_URI_TOO_LONG, b"")
                return
            asked = _asked(self.path, body, self.headers)
            result = run(self.server.path, replace(asked, settings=self.server.profile | asked.settings))
        except TooLongError as error:
            text = f"Poco::Exception. Code: 1000, e.code() = 0, {error}"
            headers = {"X-ClickHouse-Exception-Code": "1000"}
            self._reply(http.HTTPStatus.INTERNAL_SERVER_ERROR, text.encode(), headers)
        except RuntimeError as error:
            text = str(error)
            code = _CODE.search(text)
            headers = {"X-ClickHouse-Exception-Code": code[1] if code else "1002"}
            self._reply(http.HTTPStatus.INTERNAL_SERVER_ERROR, text.encode(), headers)
        else:
            summary = {
                "read_rows": str(result.storage_rows_read()),
                "read_bytes": str(result.storage_bytes_read()),
            }
            self._reply(http.HTTPStatus.OK, result.bytes(), {"X-ClickHouse-Summary": json.dumps(summary)})

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b"".join(self._chunks())
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        return _DECODERS[self.headers.get("Content-Encoding", "")](body)

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().strip(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _reply(self, status: http.HTTPStatus, body: bytes, headers: dict[str, str] | None = None) -> None:
        accepted = self.headers.get("Accept-Encoding", "")
        self.send_response(status)
        if "lz4" in accepted and body:
            body = lz4.frame.compress(body)
            self.send_header("Content-Encoding", "lz4")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        # A client that was in a hurry may have left.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """Listens on a port of loopback.

    Args:
        path: chDB's folder.
        port: 0 for any.
        profile: settings of requests that say nothing else.
    """

    daemon_threads = True

    def __init__(self, path: str, port: int, profile: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.path = path
        self.profile = profile


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "": lambda body: body,
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
    "lz4": lz4.frame.decompress,
}


def run(path: str, asked: Asked) -> Any:
    """Run one statement on a connection of its own, as a server has a context for each request.

    Raises:
        RuntimeError: the engine's exception, whose text begins with its code.
    """
    connection = chdb.connect(path)  # type: ignore[no-untyped-call]
    try:
        for name, value in asked.settings.items():
            escaped = value.replace("\\", "\\\\").replace("'", "\\'")
            connection.query(f"SET {name} = '{escaped}'")
        if asked.rows:
            return _insert(connection, asked)
        written = _FORMAT.search(asked.query)
        as_format = written[1].decode() if written else "TabSeparated"
        return connection.query(asked.query, as_format, params=asked.parameters)
    finally:
        connection.close()


def _insert(connection: Any, asked: Asked) -> Any:
    insert = _INSERT.match(asked.query)
    if insert is None:
        raise RuntimeError("Code: 62. rows came with a statement that takes none")
    with tempfile.NamedTemporaryFile() as file:
        file.write(asked.rows)
        file.flush()
        into, as_format = insert["into"].decode(), insert["format"].decode()
        return connection.query(
            f"INSERT INTO {into} FROM INFILE '{file.name}' FORMAT {as_format}", "TabSeparated"
        )


def _asked(path: str, body: bytes, headers: email.message.Message) -> Asked:
    fields = dict(parse_qsl(urlsplit(path).query, keep_blank_values=True, max_num_fields=1_000_000))
    if headers.get_content_type() == "multipart/form-data":
        fields |= _form(body, headers)
        body = b""
    for name, value in fields.items():
        if len(value.encode()) > MAX_FIELD_BYTES:
            raise TooLongError(f"HTML Form Exception: Field value too long ({name})")
    # A server reads the statement from the URL and goes on reading it from the body.
    in_url = fields.get("query", "").encode()
    query, rows = (in_url, body) if _INSERT.match(in_url) else (in_url + body, b"")
    if not rows and (
        start := re.match(rb"\s*INSERT\s+INTO\s+.+?\s+FORMAT\s+\w+\n", query, re.DOTALL | re.IGNORECASE)
    ):
        query, rows = start[0], query[start.end() :]
    return Asked(
        query=query,
        rows=rows,
        settings={
            name: value
            for name, value in fields.items()
            if name not in _HANDLERS_OWN and not name.startswith("param_")
        },
        parameters={
            name.removeprefix("param_"): value for name, value in fields.items() if name.startswith("param_")
        },
    )


def _form(body: bytes, headers: email.message.Message) -> dict[str, str]:
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    parts = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    assert isinstance(parts, email.message.EmailMessage)
    fields: dict[str, str] = {}
    for part in parts.iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        fields[str(part.get_param("name", header="content-disposition"))] = content.decode()
    return fields


def main() -> None:
    """Serve until killed."""
    path = os.path.realpath(sys.argv[1])
    # The engine stays open between requests.
    keep = chdb.connect(path)  # type: ignore[no-untyped-call]
    keep.query("CREATE DATABASE IF NOT EXISTS default")
    port, profile = [*sys.argv[2:], *["0", "{}"][len(sys.argv) - 2 :]]
    server = Server(path, int(port), json.loads(profile))
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
