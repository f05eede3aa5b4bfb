"""What one subscriber has not taken yet: bounded, with a count of what did not fit."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from eventglass.errors import EventglassError
from eventglass.live.matching import Matcher
from eventglass.live.subject import Subject
from events.v1.stored_event_pb2 import StoredEvent

MOST_EVENTS = 5_000
MOST_BYTES = 4 * 2**20
MOST_BYTES_OF_ALL = 128 * 2**20
MOST_AT_ONCE = 100
# gRPC's clients refuse messages of more than 4 MiB, unless told otherwise.
MOST_BYTES_AT_ONCE = 2 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a subscriber wants to see.

    Args:
        names: of events; empty: any.
        matches: what else must hold; None: nothing.
    """

    names: frozenset[str]
    matches: Matcher | None

    @property
    def is_everything(self) -> bool:
        """Whether no event is left out."""
        return not self.names and self.matches is None

    def takes(self, subject: Subject) -> bool:
        """Tell whether an event is wanted."""
        if self.names and subject.row.event not in self.names:
            return False
        return self.matches is None or self.matches(subject)


@dataclass(slots=True)
class Room:
    """What all subscriptions together may still queue, in bytes."""

    free: int = MOST_BYTES_OF_ALL


@dataclass(slots=True, kw_only=True)
class Gap:
    """Events that were left out.

    Args:
        missed: how many.
        at_most: some of them may not have been wanted.
        since_ms: the arrival of the first.
    """

    missed: int
    at_most: bool
    since_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a subscriber takes at once.

    Args:
        gap: left out right before the events.
        subjects: events, at most 100, and 2 MiB unless one alone is larger.
        watermark_ms: everything that arrived until then was in this or an earlier delivery.
    """

    gap: Gap | None
    subjects: tuple[Subject, ...]
    watermark_ms: int

    @property
    def events(self) -> tuple[StoredEvent, ...]:
        """The events, as callers get them."""
        return tuple(each.message for each in self.subjects)


@dataclass(slots=True, kw_only=True)
class Subscription:
    """One subscriber's queue. Use it in one event loop.

    Args:
        project_id: whose events it wants.
        selection: which of them.
        since_ms: only events that arrived later.
        room: of all subscriptions.
    """

    project_id: str
    selection: Selection
    since_ms: int
    room: Room = field(default_factory=Room)
    _watermark_ms: int = field(default=0, init=False)
    _queue: deque[Subject | Gap] = field(default_factory=deque, init=False)
    _bytes: int = field(default=0, init=False)
    _filled: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _ended: EventglassError | None = field(default=None, init=False)

    @property
    def watermark_ms(self) -> int:
        """Everything that arrived until then was taken, or need not be."""
        if not self._queue:
            return max(self._watermark_ms, self.since_ms)
        first = self._queue[0]
        # Of the events of one commit, which arrived together, some may be taken and some not.
        return (first.since_ms if isinstance(first, Gap) else first.received_ms) - 1

    def offer(self, subject: Subject) -> None:
        """Queue an event if it is wanted, or count it as missed where there is no room."""
        if subject.received_ms <= self.since_ms or not self.selection.takes(subject):
            return
        if not self._has_room(subject.row.size):
            self._lose(1, at_most=False, received_ms=subject.received_ms)
            return
        self._queue.append(subject)
        self._take_room(subject.row.size)
        self._filled.set()

    def lose(self, number: int, received_ms: int) -> None:
        """Count events that nobody could look at."""
        if received_ms > self.since_ms:
            self._lose(number, at_most=not self.selection.is_everything, received_ms=received_ms)

    def looked_at(self, received_ms: int) -> None:
        """Note that everything that arrived until then was offered or lost."""
        self._watermark_ms = received_ms

    def forget(self) -> None:
        """Drop what is queued."""
        self._queue.clear()
        self._take_room(-self._bytes)

    def end(self, error: EventglassError) -> None:
        """Let the subscriber take what is queued, and then meet an error."""
        self._ended = error
        self._filled.set()

    async def take(self, seconds: float) -> Delivery | None:
        """Wait for something to take, at most so long; None: there is nothing yet.

        Raises:
            EventglassError: there will be nothing more.
        """
        if not self._queue and self._ended is None:
            self._filled.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._filled.wait()
            except TimeoutError:
                return None
        if self._queue:
            return self._next()
        assert self._ended is not None
        raise self._ended

    def _has_room(self, size: int) -> bool:
        if not self._queue:
            return True
        fits = len(self._queue) < MOST_EVENTS and self._bytes + size <= MOST_BYTES
        return fits and size <= self.room.free

    def _take_room(self, size: int) -> None:
        self._bytes += size
        self.room.free -= size

    def _lose(self, number: int, *, at_most: bool, received_ms: int) -> None:
        last = self._queue[-1] if self._queue else None
        if isinstance(last, Gap):
            last.missed += number
            last.at_most = last.at_most or at_most
        else:
            self._queue.append(Gap(missed=number, at_most=at_most, since_ms=received_ms))
        self._filled.set()

    def _next(self) -> Delivery:
        gap: Gap | None = None
        subjects: list[Subject] = []
        size = 0
        while self._queue and len(subjects) < MOST_AT_ONCE:
            first = self._queue[0]
            if isinstance(first, Subject):
                size += first.message.ByteSize()
                if subjects and size > MOST_BYTES_AT_ONCE:
                    break
                self._take_room(-first.row.size)
                subjects.append(first)
            elif gap is None and not subjects:
                gap = first
            else:
                break
            self._queue.popleft()
        return Delivery(gap=gap, subjects=tuple(subjects), watermark_ms=self.watermark_ms)
