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
        most_bytes: how large they may be together. Beyond that those are ended that come too slowly, who
            has been so for longest first; if there are none, more is refused, but for a single one.
        most_seconds: how long one may take to come.
        least_rate: the bytes of a second below which one comes too slowly.
        patience_seconds: for how long it may.
    """

    most_bytes: int
    most_seconds: float = 60.0
    least_rate: float = 64 * 1024
    patience_seconds: float = 5.0
    _bytes: int = field(default=0, init=False)
    _in_part: set["_Body"] = field(default_factory=set, init=False)

    def bounded(self, app: App) -> App:
        """Make an application whose `receive` raises LimitError and DeadlineError."""

        async def bounded(scope: Event, receive: Receive, send: Send) -> None:
            if scope["method"] != "POST":
                await app(scope, receive, send)
                return
            body = _Body(self, receive, send)
            self._in_part.add(body)
            try:
                await app(scope, body.receive, body.send)
            finally:
                body.let_go()

        return bounded

    def take(self, size: int, now: float) -> bool:
        """Count bytes, and tell whether there is room for them."""
        self._bytes += size
        if self._bytes > self.most_bytes:
            self._end_slow(now)
        return self._bytes <= self.most_bytes

    def give_back(self, body: "_Body", size: int) -> None:
        """Count them no more, nor their body."""
        self._bytes -= size
        self._in_part.discard(body)

    def is_alone(self, held: int) -> bool:
        """Tell whether one that holds so much is the only one."""
        return self._bytes == held

    def _end_slow(self, now: float) -> None:
        slow = (body for body in self._in_part if body.due < now)
        for body in sorted(slow, key=lambda each: each.due):
            if self._bytes <= self.most_bytes:
                return
            body.end(now)


class _Body:
    """One request's body."""

    def __init__(self, all_bodies: Bodies, receive: Receive, send: Send) -> None:
        self._all = all_bodies
        self._receive = receive
        self._send = send
        self._now = asyncio.get_running_loop().time
        self._ends = self._now() + all_bodies.most_seconds
        # Until when it comes fast enough, if nothing more comes.
        self.due = self._now() + all_bodies.patience_seconds
        self._waiting: asyncio.Timeout | None = None
        self._held = 0
        self._whole = False
        self._ended = False
        self._late = False

    async def receive(self) -> Event:
        """Receive a part, or what comes after the body."""
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._ends) as self._waiting:
                event = await self._receive()
        except TimeoutError:
            self._late = True
            raise self._too_slow() from None
        finally:
            self._waiting = None
        if not event.get("more_body", False):
            self._whole = True
            self.let_go()
            return event
        self._take(len(event.get("body", b"")))
        return event

    async def send(self, event: Event) -> None:
        """Send, and hang up on who was too slow."""
        if self._late and event["type"] == "http.response.start":
            event = {**event, "headers": [*event["headers"], (b"connection", b"close")]}
        await self._send(event)

    def let_go(self) -> None:
        """Count it no more."""
        self._all.give_back(self, self._held)
        self._held = 0

    def end(self, now: float) -> None:
        """Wait for no more of it."""
        self._ended = True
        self._ends = now
        # One whose time ends in this very moment needs no other end.
        if self._waiting is not None and not self._waiting.expired():
            self._waiting.reschedule(now)
        self.let_go()

    def _take(self, size: int) -> None:
        now = self._now()
        earned = max(self.due, now) + size / self._all.least_rate
        self.due = min(earned, now + self._all.patience_seconds)
        self._held += size
        if not self._all.take(size, now) and not self._all.is_alone(self._held):
            message = f"the server is busy with {self._all.most_bytes:,} bytes of requests; try again later"
            raise LimitError(message, reason="TOO_MANY_BYTES", retry_after=_RETRY)

    def _too_slow(self) -> DeadlineError:
        reason = "REQUEST_TOO_SLOW"
        if self._ended:
            message = "the request comes too slowly while the server is busy with others; try again later"
            return DeadlineError(message, reason=reason, retry_after=_RETRY)
        message = f"the request did not come within {self._all.most_seconds:g} seconds; send less at once"
        return DeadlineError(message, reason=reason)
