"""A web site of one page, which reports what it sees."""

import json
import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_PAGE = Path(__file__).with_name("page.html").read_bytes()


@dataclass(kw_only=True)
class Site:
    """What the page is told, and what it has reported.

    Args:
        origin: where it is, as browsers write it.
        config: what the page asks for first.
        reports: what it has seen, in order.
        left: set when the page was left for another.
    """

    origin: str
    config: dict[str, str] = field(default_factory=dict)
    reports: "queue.Queue[dict[str, Any]]" = field(default_factory=queue.Queue)
    left: threading.Event = field(default_factory=threading.Event)


@contextmanager
def site() -> Iterator[Site]:
    """Serve the page within the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    served = _Handler.site = Site(origin=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        if self.path == "/left":
            self.site.left.set()
        pages: Mapping[str, tuple[str, bytes]] = {
            "/": ("text/html", _PAGE),
            "/left": ("text/html", b"<!doctype html><title>Another page</title>"),
            "/config": ("application/json", json.dumps(self.site.config).encode()),
        }
        content_type, body = pages.get(self.path, ("text/plain", b""))
        self._answer(200 if self.path in pages else 404, content_type, body)

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        self.site.reports.put(json.loads(self.rfile.read(length)))
        self._answer(204, "text/plain", b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
