"""HTTP/1.1 with a bound on what comes before a request's body.

uvicorn's parser keeps whatever path and headers it is sent, however long.
"""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES = 64 * 1024

_REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)


class BoundedHeadProtocol(HttpToolsProtocol):
    """Closes connections whose path and headers together exceed 64 KiB, give or take one packet."""

    _in_head = True
    _head_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Feed the parser, unless it has been in a head for too long."""
        if self._in_head:
            self._head_bytes += len(data)
            before_this = self._head_bytes - len(data)
            if before_this > MOST_HEAD_BYTES:
                self.transport.write(_REFUSAL)
                self.transport.close()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Start to count."""
        self._in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Stop to count."""
        self._in_head = False
        super().on_headers_complete()
