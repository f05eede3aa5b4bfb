"""Events in: batches that arrive while a commit runs are committed together, one commit at a time."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from eventglass.background import begin
from eventglass.engine.engine import Engine
from eventglass.engine.failures import not_stored
from eventglass.engine.outcomes import check_not_stalled, settle, told_to_callers
from eventglass.errors import EventglassError
from eventglass.ingest.accept import Row, Sent
from eventglass.ingest.batch import accept_in_parts, check_size
from eventglass.ingest.clock import Clock
from eventglass.ingest.commit import Batch, Fresh, Storage, Stored, arrivals, decide, newest_arrival_ever
from eventglass.ingest.direct import Direct
from eventglass.ingest.journal import Journal
from eventglass.ingest.journaled import Journaled
from eventglass.ingest.known_ids import KnownIds, open_known_ids
from eventglass.ingest.recovery import recover, replay
from eventglass.ingest.sender import UNKNOWN, Sender
from eventglass.ingest.times import EPOCH, MILLISECOND, milliseconds
from eventglass.ingest.waiting import Waiting, WaitingBatches
from events.v1.events_service_pb2 import BatchCreateResponse, RejectedEvent

_log = structlog.get_logger(__name__)

_PAUSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """Events that have just become part of every answer: all of a project that arrived at a moment.

    Args:
        project_id: whose they are.
        rows: in the order in which they came; none of them was there before.
        received_ms: their arrival, in milliseconds since 1970.
    """

    project_id: str
    rows: Sequence[Row]
    received_ms: int


# Told on the writer's loop when the events of a commit are in every answer, in the order of commits and once
# for each project. It must return at once and raise nothing.
Listener = Callable[[Committed], None]


async def open_writer(engine: Engine, journal: Journal | None = None) -> "Writer":
    """Make the one writer of an engine, after whatever an earlier one left unfinished.

    Args:
        engine: where events go.
        journal: where they are acknowledged, and what is there already is stored now; None: in the engine.

    Raises:
        UnavailableError: the engine is away.
    """
    known = await open_known_ids(engine)
    await recover(engine, known)
    if journal is not None:
        await replay(engine, known, journal)
    return Writer(engine, known, await newest_arrival_ever(engine), journal)


class Writer:
    """The only way into the events table. Make it with `open_writer`, one per engine.

    Args:
        engine: where events go.
        known: which events are there.
        newest_ms: no event has arrived later, in milliseconds since 1970; what arrives will. 0: none has.
        journal: where events are acknowledged, empty; None: in the engine.
    """

    def __init__(
        self, engine: Engine, known: KnownIds, newest_ms: int, journal: Journal | None = None
    ) -> None:
        self._engine = engine
        self._known = known
        self._storage: Storage = (
            Direct(engine, known, self._are_visible, newest_ms)
            if journal is None
            else Journaled(engine, known, self._are_visible, journal)
        )
        self._filling = begin(self._fill(), "read what is stored")
        self._newest: dict[str, int] = {}
        # Of projects that are not in `newest`: until it is filled, nothing of them is newer than this.
        self._newest_of_others = newest_ms
        self._last_ms = newest_ms
        self._waiting = WaitingBatches(self._commit_soon)
        self._committing: asyncio.Task[None] | None = None
        self._committing_since = 0.0
        self._listeners: list[Listener] = []

    @contextmanager
    def told(self, listener: Listener) -> Iterator[None]:
        """Tell a listener of every commit within the block."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    async def write(
        self,
        project_id: str,
        events: Sequence[Sent],
        *,
        now: datetime,
        sent_at: datetime | None,
        sender: Sender = UNKNOWN,
    ) -> BatchCreateResponse:
        """Store a batch of 1 to 1,000 events, each accepted or refused on its own.

        When it returns, the accepted ones are on disk and in every answer. See `take`.
        """
        return await (await self.take(project_id, events, now=now, sent_at=sent_at, sender=sender))

    async def take(
        self,
        project_id: str,
        events: Sequence[Sent],
        *,
        now: datetime,
        sent_at: datetime | None,
        sender: Sender = UNKNOWN,
    ) -> Awaitable[BatchCreateResponse]:
        """Decide on the events of a batch, and give what stores the accepted ones.

        What is given does not hold the events as they came, which are several times as large.

        Args:
            project_id: whose they are.
            events: as they came.
            now: when they came, aware; none of them is dated later.
            sent_at: when the sender sent them by its own clock, aware; its error is taken out of the
                events' times.
            sender: what the call tells of who sent it.

        Raises:
            InvalidArgumentError: the batch is empty or too large.
            LimitError: too much is waiting already; nothing was stored.
            UnavailableError: the engine is away or could not store it; to send it again is safe.
        """
        check_size(events)
        self.check_room()
        skew = timedelta(0) if sent_at is None else now - sent_at
        clock = Clock(now_ms=milliseconds(now), skew_ms=skew // MILLISECOND)
        rows, rejected = await accept_in_parts(events, clock, sender)
        return self._store_accepted(project_id, rows, rejected, now)

    def check_room(self) -> None:
        """Raise LimitError or UnavailableError when events would wait for too long, or too many wait."""
        check_not_stalled(self._committing, self._committing_since, what="events")
        self._waiting.check_room()

    async def _store_accepted(
        self, project_id: str, rows: Sequence[Row], rejected: Sequence[RejectedEvent], now: datetime
    ) -> BatchCreateResponse:
        stored = await self.store(project_id, rows, now=now)
        return BatchCreateResponse(events_created=len(rows), rejected=rejected, events_known=stored.known)

    async def store(self, project_id: str, rows: Sequence[Row], *, now: datetime) -> Stored:
        """Store accepted rows, as many as memory holds, and tell new events from known ones.

        Raises:
            LimitError, UnavailableError: see `write`.
        """
        if not rows:
            return Stored(new=0, known=0)
        self._waiting.check_room()
        waiting = Waiting(
            batch=Batch(project_id=project_id, rows=rows),
            now_ms=milliseconds(now),
            size=sum(row.size for row in rows),
            done=asyncio.get_running_loop().create_future(),
        )
        self._waiting.add(waiting)
        return await waiting.done

    def watermark(self, project_id: str) -> datetime | None:
        """Give the newest arrival that is in every answer; None: the project has no events.

        For moments after the start it is that of all projects.
        """
        newest = self._newest.get(project_id, self._newest_of_others)
        return EPOCH + newest * MILLISECOND if newest else None

    async def shown(self, project_id: str | None = None) -> None:
        """Return when what was acknowledged before, of a project or of all, is in every answer.

        Only an engine that does not store for seconds is not waited for.
        """
        await self._storage.shown(project_id)

    def stored_until_ms(self) -> int:
        """Give an instant before which all that arrived is in the engine, if an insert that goes on is."""
        oldest_ms = self._storage.oldest_ms
        return milliseconds(datetime.now(UTC)) if oldest_ms is None else oldest_ms

    async def _fill(self) -> None:
        """Read what need not be known at once."""
        is_read = await self._read_arrivals()
        await self._known.fill()
        while not is_read:
            await asyncio.sleep(_PAUSE_SECONDS)
            is_read = await self._read_arrivals()

    async def _read_arrivals(self) -> bool:
        if self._newest_of_others:
            try:
                # Of what is later, a part may be visible while the rest is being stored.
                found = await arrivals(self._engine, until_ms=self._newest_of_others)
            except EventglassError as error:
                _log.warning("arrivals could not be read", reason=error.reason)
                return False
            self._newest = found | self._newest
            self._newest_of_others = 0
        return True

    async def close(self) -> None:
        """Finish what was taken in."""
        while self._committing is not None or not self._waiting.is_empty:
            self._commit_soon()
            if self._committing is not None:
                await asyncio.wait([self._committing])
        self._filling.cancel()
        await asyncio.wait([self._filling])
        await self._storage.close()

    def _commit_soon(self) -> None:
        # A task of its own: a caller that leaves does not take a commit with it.
        if self._committing is None:
            self._committing_since = time.monotonic()
            self._committing = begin(self._commit_next(), "commit")
            self._committing.add_done_callback(self._after_commit)

    def _after_commit(self, _: "asyncio.Task[None]") -> None:
        self._committing = None
        self._waiting.gather()
        if self._waiting.is_time():
            self._commit_soon()

    async def _commit_next(self) -> None:
        group = self._waiting.take()
        outcome: list[Stored] | EventglassError = not_stored()
        try:
            outcome = await self._commit(group)
        except EventglassError as error:
            outcome = told_to_callers(error)
        finally:
            settle([waiting.done for waiting in group], outcome)

    async def _commit(self, group: Sequence[Waiting]) -> list[Stored]:
        if not group:
            return []
        received_ms = max(self._last_ms + 1, *(waiting.now_ms for waiting in group))
        self._last_ms = received_ms
        arrived = await self._storage.make_room(received_ms)
        self._newest |= arrived  # not in one line, which would put back what was there before the wait
        # The clock of another server that has stored events may be ahead.
        self._last_ms = received_ms = max([received_ms, *(each + 1 for each in arrived.values())])
        batches = [waiting.batch for waiting in group]
        stored, fresh = await decide(self._known, self._storage, batches, received_ms)
        if fresh.rows:
            await self._storage.keep(fresh)
        return stored

    def _are_visible(self, fresh: Fresh) -> None:
        by_project: dict[str, list[Row]] = defaultdict(list)
        for project_id, row in zip(fresh.projects, fresh.rows, strict=True):
            by_project[project_id].append(row)
        for project_id, rows in by_project.items():
            self._newest[project_id] = fresh.received_ms
            self._tell(Committed(project_id=project_id, rows=rows, received_ms=fresh.received_ms))

    def _tell(self, committed: Committed) -> None:
        for listener in self._listeners:
            listener(committed)
