"""HTTP/1.1 with a bound on what comes before and after a request's body.

uvicorn's parser keeps whatever path, headers and trailers it is sent, however long.
"""

import asyncio
import time

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from eventglass.errors import LimitError
from eventglass.transport.call import Call
from eventglass.transport.guard import log_failure
from eventglass.transport.http_upgrade import NoUpgradeParser

MOST_HEAD_BYTES = 64 * 1024

_REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 0\r\nconnection: close\r\n"
    b"x-request-id: %b\r\n\r\n"
)


class BoundedHeadProtocol(HttpToolsProtocol):
    """Closes connections that send more than 64 KiB which is no body, give or take one packet.

    That is a path with headers, or the trailers of a body in chunks.
    """

    _has_head = False
    _bytes_of_no_body = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Parse what will come."""
        super().connection_made(transport)
        self.parser = NoUpgradeParser(self)  # type: ignore[assignment]  # does what uvicorn asks of one

    def data_received(self, data: bytes) -> None:
        """Feed the parser, unless there has been no body for too long."""
        if self._bytes_of_no_body > MOST_HEAD_BYTES:
            if not self._has_head:
                self._refuse()
            self.transport.close()
            return
        self._bytes_of_no_body += len(data)
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Count from here on, for a head."""
        self._has_head, self._bytes_of_no_body = False, 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take off blanks behind a value, which are no part of it (RFC 9110, 5.5); httptools leaves them."""
        super().on_header(name, value.rstrip(b" \t"))

    def on_headers_complete(self) -> None:
        """Leave what is said of this request to its application."""
        self._has_head = True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count from here on, for trailers."""
        self._bytes_of_no_body = 0
        super().on_body(body)

    def _refuse(self) -> None:
        """Log that the head is too large, and say so; nothing of it is known."""
        call = Call.received(method="", headers={}, peer="", protocol="http", remaining=None)
        message = f"the path and headers are larger than {MOST_HEAD_BYTES:,} bytes"
        log_failure(call, time.monotonic(), LimitError(message, reason="REQUEST_TOO_LARGE"))
        self.transport.write(_REFUSAL % call.request_id.encode())
