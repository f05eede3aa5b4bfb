"""Storage with a journal: an event is acknowledged when it is in the journal, and inserted a moment later.

To sync one record takes a few milliseconds, an insert thirty, and merges after it as long again; and an
insert of a thousand events takes hardly longer than one of ten. So while events come in, those of many
commits are inserted together. Whoever asks waits for what was acknowledged before (`shown`).
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final

import pyarrow as pa
import structlog

from eventglass.background import begin
from eventglass.engine.arrow_file import arrow_file
from eventglass.engine.engine import Engine
from eventglass.engine.failures import disk_full, not_stored
from eventglass.engine.layout import EVENTS
from eventglass.engine.outcomes import STALLED_SECONDS
from eventglass.errors import EventglassError
from eventglass.ingest.backlog import MOST_BYTES, MOST_ROWS, Backlog, Entry
from eventglass.ingest.commit import Fresh, event_table
from eventglass.ingest.journal import Journal
from eventglass.ingest.known_ids import KnownIds
from eventglass.ingest.recovery import lacking

_log = structlog.get_logger(__name__)

# They are in memory.
_MOST_WAITING_ROWS: Final = 2 * MOST_ROWS
_MOST_WAITING_BYTES: Final = 2 * MOST_BYTES
# Between two inserts, times as long as the last one took, unless somebody asks or many rows wait; subscribers
# of streams wait for them.
_REST: Final = 3.0
_MOST_REST_SECONDS: Final = 0.1
_ENOUGH_ROWS: Final = MOST_ROWS // 2
# After an insert that failed. Who waits gives up when so many in a row did.
_PAUSE_SECONDS: Final = 1.0
_GIVES_UP: Final = 3
# Entries of one insert; half as many after one that failed, for they may be too large together.
_MOST_ENTRIES: Final = 10_000
# Longer than hashes take to be written. Then a journal that nobody needs is emptied.
_IDLE_SECONDS: Final = 1.0
# For who asks.
_SHOWN_SECONDS: Final = 10.0


class Journaled:
    """A `Storage` whose events are in every answer a moment after they are kept.

    Args:
        engine: where to.
        known: the hashes that are there.
        visible: told of events when they are in every answer.
        journal: empty.
    """

    def __init__(
        self, engine: Engine, known: KnownIds, visible: Callable[[Fresh], None], journal: Journal
    ) -> None:
        self._engine = engine
        self._known = known
        self._visible = visible
        self._journal = journal
        self._backlog = Backlog()
        # The newest entry that somebody asks for.
        self._asked = 0
        # Files of the journal with arrivals whose hashes may not be written yet.
        self._unhashed: deque[tuple[int, int]] = deque()
        # The first file that may be needed.
        self._needed = 0
        # What was tried up to this entry may be in the engine, wholly or in part.
        self._tried = 0
        self._failures = 0
        # Why the last one failed, if it did.
        self._is_disk_full = False
        self._most_entries = _MOST_ENTRIES
        self._rested_at = 0.0
        self._closing = False
        self._changed = asyncio.Condition()
        self._inserting: asyncio.Task[None] | None = None

    @property
    def oldest_ms(self) -> int | None:
        """The arrival of what has waited longest to be inserted. See `Storage`."""
        oldest = self._backlog.oldest
        return None if oldest is None else oldest.fresh.received_ms

    async def make_room(self, received_ms: int) -> Mapping[str, int]:
        """Return when not too much waits to be inserted. See `Storage`."""
        del received_ms
        self._go_on()
        await self._wait(self._has_room, STALLED_SECONDS)
        if not self._has_room():
            raise disk_full() if self._is_disk_full else not_stored()
        return {}

    def _has_room(self) -> bool:
        return self._backlog.rows <= _MOST_WAITING_ROWS and self._backlog.bytes <= _MOST_WAITING_BYTES

    def among(self, hashes: Iterable[bytes]) -> set[bytes]:
        """Give those that wait to be inserted. See `Storage`."""
        return self._backlog.among(hashes)

    async def keep(self, fresh: Fresh) -> None:
        """Write events to the journal. See `Storage`."""
        table = event_table(fresh)
        file = await self._journal.append(arrow_file(table, None))
        self._known.add(fresh.hashes)
        self._backlog.add(fresh, table, file)
        await self._tell()
        self._go_on()

    async def shown(self, project_id: str | None) -> None:
        """Return when what was kept before is inserted, or cannot be. See `Storage`."""
        number = self._backlog.newest_of(project_id)
        if number <= self._backlog.inserted:
            return
        self._asked = max(self._asked, number)
        await self._tell()
        self._go_on()
        await self._wait(lambda: self._backlog.inserted >= number, _SHOWN_SECONDS)

    async def close(self) -> None:
        """Insert what waits, and write the last hashes, if it can be done; else the next start does."""
        self._closing = True
        await self._tell()
        if self._inserting is not None:
            await asyncio.wait([self._inserting])
        await self._known.pending.close()
        if not self._backlog and self._known.pending.oldest_ms is None:
            await self._journal.clear(self._backlog.last)
        self._journal.close()

    async def _wait(self, is_so: Callable[[], bool], seconds: float) -> None:
        """Wait for something that inserts bring about, but not for long, nor when they fail."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: is_so() or self._failures >= _GIVES_UP)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _go_on(self) -> None:
        if self._backlog and (self._inserting is None or self._inserting.done()):
            self._inserting = begin(self._insert_all(), "insert events of the journal")

    async def _insert_all(self) -> None:
        """Insert until nothing waits and nothing has come for a while."""
        while await self._is_time() or not await self._is_over():
            is_last_try = self._closing
            if not await self._insert_next() and is_last_try:
                return

    async def _is_time(self) -> bool:
        """Wait until something should be inserted, or nothing has come for a while; tell which."""
        async with self._changed:
            while not self._closing:
                rests = self._rested_at - time.monotonic()
                enough = self._asked > self._backlog.inserted or self._backlog.rows >= _ENOUGH_ROWS
                if self._backlog and (enough or rests <= 0):
                    return True
                try:
                    async with asyncio.timeout(rests if self._backlog else _IDLE_SECONDS):
                        await self._changed.wait()
                except TimeoutError:
                    if not self._backlog:
                        return False
        return bool(self._backlog)

    async def _is_over(self) -> bool:
        if not self._closing and self._known.pending.oldest_ms is None:
            await self._journal.clear(self._backlog.last)
        return not self._backlog

    async def _insert_next(self) -> bool:
        """Insert the events that have waited longest, and tell whether that could be done."""
        group, began = self._backlog.first(self._most_entries), time.monotonic()
        try:
            await self._insert(group)
        except EventglassError as error:
            _log.error("events of the journal could not be inserted", reason=error.reason)
            self._failures += 1
            self._is_disk_full = error.reason == disk_full().reason
            self._most_entries = max(1, len(group) // 2)
            await self._tell()
            if not self._closing:
                await asyncio.sleep(_PAUSE_SECONDS)
            return False
        self._failures = 0
        self._is_disk_full = False
        self._most_entries = min(2 * self._most_entries, _MOST_ENTRIES)
        ended = time.monotonic()
        self._rested_at = ended + min(_REST * (ended - began), _MOST_REST_SECONDS)
        await self._tell()
        await self._forget()
        return True

    async def _insert(self, group: Sequence[Entry]) -> None:
        rows = pa.concat_tables([entry.table for entry in group])
        if group[0].number <= self._tried:
            rows = await lacking(self._engine, rows, group[0].fresh.received_ms)
        await self._known.pending.make_room(group[-1].fresh.received_ms)
        if rows.num_rows:
            self._tried = max(self._tried, group[-1].number)
            await self._engine.insert(EVENTS, rows)
        for entry in group:
            fresh = entry.fresh
            # First pending, then gone from the backlog: at no moment its hashes are in neither.
            self._known.pending.add(fresh.hashes, fresh.projects, fresh.received_ms)
            self._backlog.remove(entry)
            self._unhashed.append((entry.file, fresh.received_ms))
            self._visible(fresh)

    async def _forget(self) -> None:
        """Delete files of the journal that nobody needs."""
        oldest_ms = self._known.pending.oldest_ms
        while self._unhashed and (oldest_ms is None or self._unhashed[0][1] < oldest_ms):
            self._unhashed.popleft()
        if self._unhashed:
            needed, _ = self._unhashed[0]
        else:
            needed = self._needed if self._backlog.oldest is None else self._backlog.oldest.file
        if needed > self._needed:
            self._needed = needed
            await self._journal.forget(needed)
