"""Bodies on their way in: what all of them may hold, and how long one may take.

Nobody knows yet who sends them, so nothing else bounds them. One that is whole is the guard's to count.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from eventglass.errors import DeadlineError, LimitError
from eventglass.transport.plain_http import App, Event, Receive, Send

_RETRY = timedelta(seconds=1)


@dataclass(slots=True, kw_only=True)
class Bodies:
    """The bodies that one server has in part.

    Args:
        most_bytes: how large they may be together; more is refused, but for a single one.
        most_seconds: how long one may take to come.
    """

    most_bytes: int
    most_seconds: float = 60.0
    _bytes: int = field(default=0, init=False)

    def bounded(self, app: App) -> App:
        """Make an application whose `receive` raises LimitError and DeadlineError."""

        async def bounded(scope: Event, receive: Receive, send: Send) -> None:
            if scope["method"] != "POST":
                await app(scope, receive, send)
                return
            body = _Body(self, receive, send)
            try:
                await app(scope, body.receive, body.send)
            finally:
                body.let_go()

        return bounded

    def take(self, size: int) -> bool:
        """Count bytes, or bytes less, and tell whether there is room."""
        self._bytes += size
        return self._bytes <= self.most_bytes

    def is_alone(self, held: int) -> bool:
        """Tell whether one that holds so much is the only one."""
        return self._bytes == held


class _Body:
    """One request's body."""

    def __init__(self, all_bodies: Bodies, receive: Receive, send: Send) -> None:
        self._all = all_bodies
        self._receive = receive
        self._send = send
        self._ends = asyncio.get_running_loop().time() + all_bodies.most_seconds
        self._held = 0
        self._whole = False
        self._late = False

    async def receive(self) -> Event:
        """Receive a part, or what comes after the body."""
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._ends):
                event = await self._receive()
        except TimeoutError:
            self._late = True
            message = f"the request did not come within {self._all.most_seconds:g} seconds; send less at once"
            raise DeadlineError(message, reason="REQUEST_TOO_SLOW") from None
        if not event.get("more_body", False):
            self._whole = True
            self.let_go()
            return event
        size = len(event.get("body", b""))
        self._held += size
        if not self._all.take(size) and not self._all.is_alone(self._held):
            message = f"the server is busy with {self._all.most_bytes:,} bytes of requests; try again later"
            raise LimitError(message, reason="TOO_MANY_BYTES", retry_after=_RETRY)
        return event

    async def send(self, event: Event) -> None:
        """Send, and hang up on who was too slow."""
        if self._late and event["type"] == "http.response.start":
            event = {**event, "headers": [*event["headers"], (b"connection", b"close")]}
        await self._send(event)

    def let_go(self) -> None:
        """Count it no more."""
        self._all.take(-self._held)
        self._held = 0
