"""The places of the HTTP port: connections that wait for their callers take none from calls.

uvicorn counts all of them alike, and waits for a head as long as it may take.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from uvicorn.config import Config
from uvicorn.server import ServerState

from eventglass.errors import LimitError
from eventglass.transport.http_head import BoundedHeadProtocol
from eventglass.transport.plain_http import App, Event, Receive, Send, speaks_web
from eventglass.transport.refused import call_of, refuse_request

_RETRY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The places of one server.

    Args:
        most_calls: how many calls may run.
        most_connections: how many connections there may be; more, where none of them waits.
        head_seconds: how long a connection may take from its first byte, or from its beginning, until
            a head is whole.
        refusal: answers calls for which there is no place.
    """

    most_calls: int
    most_connections: int
    head_seconds: float
    refusal: App
    # Connections without a whole request that is not answered yet; who has waited longest comes first.
    waiting: dict["PlacedProtocol", None] = field(default_factory=dict, init=False)


def busy(most_calls: int) -> App:
    """Make what tells callers to come again."""

    async def refuse(scope: Event, _receive: Receive, send: Send) -> None:
        message = f"the server is busy with {most_calls} calls; try again later"
        error = LimitError(message, reason="TOO_MANY_CALLS", retry_after=_RETRY)
        call = call_of(scope, protocol="http")
        await refuse_request(send, call, error, is_web=speaks_web(call.headers))

    return refuse


class PlacedProtocol(BoundedHeadProtocol):
    """A connection with a time to send a head, which ends when it waits longest and places are short."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        places: Places,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._places = places
        self._late: asyncio.TimerHandle | None = None
        self._is_lost = False
        self._ends_request = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Take a place, of who has waited longest if there is no other."""
        super().connection_made(transport)
        if len(self.connections) >= self._places.most_connections and self._places.waiting:
            next(iter(self._places.waiting)).end()
        self._wait()
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the place."""
        self._is_lost = True
        self._places.waiting.pop(self, None)
        self._expect_no_head()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser; what comes without a call must become a head in time."""
        self._ends_request = False
        super().data_received(data)
        if self._late is None and self._is_idle() and not self._ends_request:
            self._expect_head()

    def on_message_begin(self) -> None:
        """Wait anew."""
        if self in self._places.waiting:
            self._wait()
        self._ends_request = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin a call, if there is a place."""
        self._expect_no_head()
        has_place = len(self.tasks) < self._places.most_calls
        self.app = self.config.loaded_app if has_place else self._places.refusal
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Wait no more: the call is the server's now."""
        super().on_message_complete()
        self._ends_request = True
        if not self._is_idle():
            self._places.waiting.pop(self, None)
            return
        # It was answered before it was whole. What came since has ended uvicorn's wait for another one.
        self._expect_no_head()
        if self.timeout_keep_alive_task is None and not self.transport.is_closing():
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def on_response_complete(self) -> None:
        """Wait for the next request, or until the caller has read the answer to the last one."""
        super().on_response_complete()
        if self._is_idle() and not self._is_lost:
            self._wait()

    def end(self) -> None:
        """Close the connection at once, whatever its caller has not read."""
        self._places.waiting.pop(self, None)
        self.connections.discard(self)
        self.transport.abort()

    def _is_idle(self) -> bool:
        # None before the first request, whatever its type says.
        return self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]

    def _wait(self) -> None:
        self._places.waiting.pop(self, None)
        self._places.waiting[self] = None

    def _expect_head(self) -> None:
        self._late = self.loop.call_later(self._places.head_seconds, self.end)

    def _expect_no_head(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
