"""Storage without a journal: an event is acknowledged when the engine has stored it.

That is for an engine elsewhere, which keeps what it has whatever becomes of this machine.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import compress

from eventglass.engine.engine import Engine
from eventglass.engine.layout import EVENTS
from eventglass.ingest.commit import Fresh, event_table
from eventglass.ingest.known_ids import KnownIds
from eventglass.ingest.recovery import recover


class Direct:
    """A `Storage` whose events are in every answer when they are kept.

    Args:
        engine: where to.
        known: the hashes that are there.
        visible: told of events when they are in every answer.
    """

    def __init__(self, engine: Engine, known: KnownIds, visible: Callable[[Fresh], None]) -> None:
        self._engine = engine
        self._known = known
        self._visible = visible
        self._unfinished = False
        # What failed, until it is known what of it is there.
        self._untold: Fresh | None = None

    @property
    def oldest_ms(self) -> None:
        """There is none: what is kept is in the engine. See `Storage`."""

    async def make_room(self, received_ms: int) -> Mapping[str, int]:
        """Finish what failed before, and write older hashes. See `Storage`."""
        arrived: Mapping[str, int] = {}
        if self._unfinished:
            arrived = await recover(self._engine, self._known)
            await self._tell_what_came_to_light()
        await self._known.pending.make_room(received_ms)
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
        self._known.add(fresh.hashes)
        await self._engine.insert(EVENTS, event_table(fresh))
        self._known.pending.add(fresh.hashes, fresh.projects, fresh.received_ms)
        self._unfinished = False
        self._untold = None
        self._visible(fresh)

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
