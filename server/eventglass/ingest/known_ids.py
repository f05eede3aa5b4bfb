"""Which events are stored already: asked of a filter in memory, and of the table where that is unsure.

The table `event_hashes` decides, and what is on its way there. The filter only saves the look-up of ids
that are new for sure, which is nearly all of them. At the start it is filled from the table beside the
running server; until that is done every id is looked up.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

import structlog

from eventglass.engine.engine import Engine, Limits
from eventglass.errors import EventglassError
from eventglass.ingest.event_hashes import look_up
from eventglass.ingest.hash_parts import Hashes, in_parts, paired
from eventglass.ingest.id_filter import IdFilter
from eventglass.ingest.pending_ids import PendingIds
from eventglass.sql.statement import Statement

_log = structlog.get_logger(__name__)

# Hashes that are read at a time to fill the filter.
_SLICE: Final = 100_000
_ALL_UPPERS: Final = 2**64

_COUNT = "SELECT count() FROM event_hashes"

_BETWEEN = """
SELECT upper, lower
FROM event_hashes
WHERE upper >= {first:UInt64} AND upper <= {last:UInt64}
"""


class KnownIds:
    """The hashes of stored events. One per writer; in one event loop.

    Args:
        engine: where the table is.
        stored: how many there are now.
        pause_seconds: between two tries to read them.

    Attributes:
        pending: the hashes of stored events that are not in the table yet.
    """

    def __init__(self, engine: Engine, stored: int, *, pause_seconds: float = 5.0) -> None:
        self.pending = PendingIds(engine)
        self._engine = engine
        self._stored = stored
        self._filter = IdFilter(expected=stored + stored // 4)
        self._whole = stored == 0
        self._trusted = True
        self._pause_seconds = pause_seconds

    @property
    def is_whole(self) -> bool:
        """Whether the filter has every stored hash, so that new ones need no look-up."""
        return self._whole and self._trusted

    def distrust_filter(self) -> None:
        """Look up every id from now on: others store events, too, and the filter lacks theirs."""
        self._trusted = False

    def add(self, hashes: Sequence[bytes]) -> None:
        """Take note of hashes that are about to be stored. More than are stored does no harm."""
        self._filter.add(in_parts(hashes))

    async def among(self, hashes: Sequence[bytes], projects: Iterable[str]) -> set[bytes]:
        """Give those of some hashes that are stored.

        Raises:
            DeadlineError, LimitError, UnavailableError: the table could not be asked.
        """
        if self.is_whole:
            unsure = self._filter.may_have(in_parts(hashes)).nonzero()[0]
            hashes = [hashes[int(index)] for index in unsure]
        pending = self.pending.among(hashes)
        others = [each for each in hashes if each not in pending]
        return pending | await look_up(self._engine, others, projects)

    async def fill(self) -> None:
        """Read all stored hashes into the filter, however often it takes."""
        slices = self._stored // _SLICE + 1
        for number in range(slices):
            first, after = _ALL_UPPERS * number // slices, _ALL_UPPERS * (number + 1) // slices
            self._filter.add(await self._between(first, after - 1))
        self._whole = True

    async def _between(self, first: int, last: int) -> Hashes:
        statement = Statement(text=_BETWEEN, parameters={"first": first, "last": last}, columns=2)
        while True:
            try:
                parts = (await self._engine.query(statement, Limits())).columns
            except EventglassError as error:
                _log.warning("known ids could not be read", reason=error.reason)
                await asyncio.sleep(self._pause_seconds)
            else:
                return await asyncio.to_thread(paired, *parts)


async def open_known_ids(engine: Engine) -> KnownIds:
    """Make the memory of an engine's ids; `fill` makes it quick.

    Raises:
        UnavailableError: the engine is away.
    """
    ((stored,),) = (await engine.query(Statement(text=_COUNT), Limits())).columns
    return KnownIds(engine, stored)
