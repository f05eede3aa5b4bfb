"""Storage without a journal: an event is acknowledged when the engine has stored it.

That is for an engine elsewhere, which keeps what it has whatever becomes of this machine.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import compress

import structlog

from eventglass.engine.engine import Engine
from eventglass.engine.layout import EVENTS
from eventglass.ingest.commit import Fresh, arrival_since, event_table
from eventglass.ingest.known_ids import KnownIds
from eventglass.ingest.recovery import recover

_log = structlog.get_logger(__name__)


class Direct:
    """A `Storage` whose events are in every answer when they are kept.

    Args:
        engine: where to.
        known: the hashes that are there.
        visible: told of events when they are in every answer.
        newest_ms: no event that is there arrived later, in milliseconds since 1970.
    """

    def __init__(
        self, engine: Engine, known: KnownIds, visible: Callable[[Fresh], None], newest_ms: int
    ) -> None:
        self._engine = engine
        self._known = known
        self._visible = visible
        self._newest_ms = newest_ms
        self._unfinished = False
        # What failed, until it is known what of it is there.
        self._untold: Fresh | None = None

    @property
    def oldest_ms(self) -> None:
        """There is none: what is kept is in the engine. See `Storage`."""

    async def make_room(self, received_ms: int) -> Mapping[str, int]:
        """Finish what failed before, learn what others stored, and write older hashes. See `Storage`."""
        arrived: Mapping[str, int] = {}
        if await self._have_others_stored() or self._unfinished:
            arrived = await recover(self._engine, self._known)
            await self._tell_what_came_to_light()
        await self._known.pending.make_room(max([received_ms, *arrived.values()]))
        self._unfinished = False
        return arrived

    def among(self, hashes: Iterable[bytes]) -> set[bytes]:
        """Give none: what is kept is known. See `Storage`."""
        del hashes
        return set()

    async def keep(self, fresh: Fresh) -> None:
        """Insert events. See `Storage`."""
        self._unfinished = True
        self._untold = fresh
        self._newest_ms = fresh.received_ms
        self._known.add(fresh.hashes)
        await self._engine.insert(EVENTS, event_table(fresh))
        self._known.pending.add(fresh.hashes, fresh.projects, fresh.received_ms)
        self._unfinished = False
        self._untold = None
        self._visible(fresh)

    async def _have_others_stored(self) -> bool:
        """Tell whether another server has stored events since; then each id is looked up from now on.

        So one that took over from this one, or from which this one does, makes no event count twice.
        """
        newest_ms = await arrival_since(self._engine, self._newest_ms)
        if not newest_ms:
            return False
        _log.error("another server stores events in this database: what is sent to both may count twice")
        self._known.distrust_filter()
        self._newest_ms = newest_ms
        return True

    async def _tell_what_came_to_light(self) -> None:
        """Tell of what a commit that failed has stored nevertheless."""
        if self._untold is None:
            return
        fresh = self._untold
        there = await self._known.among(fresh.hashes, {*fresh.projects})
        self._untold = None
        is_there = [each in there for each in fresh.hashes]
        stored = Fresh(
            received_ms=fresh.received_ms,
            rows=[*compress(fresh.rows, is_there)],
            projects=[*compress(fresh.projects, is_there)],
            hashes=[*compress(fresh.hashes, is_there)],
        )
        self._visible(stored)

    async def shown(self, project_id: str | None) -> None:
        """Return at once. See `Storage`."""
        del project_id

    async def close(self) -> None:
        """Write the last hashes. See `Storage`."""
        await self._known.pending.close()
