"""HTTP/1.1 without upgrades: a request that offers to go on in another protocol is read like any other.

Java's client offers HTTP/2 with its first request, as `curl --http2` does. Who does not take such an offer
leaves it aside (RFC 9110, 7.8), but httptools stops at the request's head, and loses its body.
"""

from types import SimpleNamespace
from typing import Any

import httptools

_OF_OFFERS = frozenset({b"upgrade", b"http2-settings"})


class NoUpgradeParser:
    """httptools' parser of requests, for a protocol of uvicorn's."""

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self._is_offer = False
        self._parser = self._begun()

    def feed_data(self, data: bytes) -> None:
        """Parse what has come; raises what httptools does."""
        while data:
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as stopped:
                if not self._is_offer:  # but a CONNECT
                    raise
                head, data = self._head(), data[stopped.args[0] :]
                self._parser = self._begun()
                self._parser.feed_data(head)
            else:
                return

    def get_http_version(self) -> str:
        """Give the version, such as 1.1."""
        version: str = self._parser.get_http_version()
        return version

    def get_method(self) -> bytes:
        """Give the method, such as POST."""
        method: bytes = self._parser.get_method()
        return method

    def should_keep_alive(self) -> bool:
        """Tell whether the connection may be kept after the answer."""
        kept: bool = self._parser.should_keep_alive()
        return kept

    def should_upgrade(self) -> bool:
        """Take no offer."""
        return False

    def _on_headers_complete(self) -> None:
        """Pass it on, unless the request is about to be parsed again."""
        self._is_offer = self._parser.should_upgrade() and self.get_method() != b"CONNECT"
        if not self._is_offer:
            self._protocol.on_headers_complete()

    def _on_message_complete(self) -> None:
        if not self._is_offer:
            self._protocol.on_message_complete()

    def _begun(self) -> httptools.HttpRequestParser:
        callbacks = SimpleNamespace(
            on_message_begin=self._protocol.on_message_begin,
            on_url=self._protocol.on_url,
            on_header=self._protocol.on_header,
            on_headers_complete=self._on_headers_complete,
            on_body=self._protocol.on_body,
            on_message_complete=self._on_message_complete,
        )
        parser = httptools.HttpRequestParser(callbacks)
        # As uvicorn sets it.
        parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return parser

    def _head(self) -> bytes:
        """Write the head of the request that stopped, without its offer."""
        protocol = self._protocol
        line = b"%b %b HTTP/%b" % (self.get_method(), protocol.url, self.get_http_version().encode())
        fields = [(name, _kept(name, value)) for name, value in protocol.headers if name not in _OF_OFFERS]
        return b"\r\n".join([line, *(b"%b: %b" % field for field in fields), b"", b""])


def _kept(name: bytes, value: bytes) -> bytes:
    if name != b"connection":
        return value
    return b",".join(part for part in value.split(b",") if part.strip().lower() not in _OF_OFFERS)
