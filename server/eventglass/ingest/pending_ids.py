"""Hashes of stored events on their way into `event_hashes`: those of many commits are written together.

An insert of a few hashes costs as much as one of thousands. So an event is acknowledged when it is
stored itself, and its hash is known here until it is in the table, a moment later. A process that ends
in between leaves events without hashes, none of which arrived more than LAG_MS before the newest one:
`recover` adds them.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, compress
from typing import Final

import structlog

from eventglass.background import begin
from eventglass.engine.engine import Engine
from eventglass.errors import EventglassError
from eventglass.ingest.event_hashes import look_up, store

_log = structlog.get_logger(__name__)

LAG_MS: Final = 1_000
_MOST: Final = 50_000
_GATHER_SECONDS: Final = 0.2
_PAUSE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class _Group:
    """What was stored by one commit."""

    hashes: Sequence[bytes]
    projects: Sequence[str]
    received_ms: int


class PendingIds:
    """Hashes that are not in the table yet. One per writer; in one event loop.

    Args:
        engine: where the table is.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._groups: list[_Group] = []
        self._hashes: set[bytes] = set()
        self._lock = asyncio.Lock()
        self._writing: asyncio.Task[None] | None = None
        # The last try may have stored some of them.
        self._unsure = False

    @property
    def oldest_ms(self) -> int | None:
        """The oldest arrival of an event whose hash is here, in milliseconds since 1970; None: none is."""
        return self._groups[0].received_ms if self._groups else None

    def add(self, hashes: Sequence[bytes], projects: Sequence[str], received_ms: int) -> None:
        """Take note of hashes whose events are on disk; they are written soon."""
        self._groups.append(_Group(hashes, projects, received_ms))
        self._hashes.update(hashes)
        if self._writing is None or self._writing.done():
            self._writing = begin(self._write_soon(), "write hashes of events")

    def among(self, hashes: Iterable[bytes]) -> set[bytes]:
        """Give those of some hashes that are here."""
        return self._hashes.intersection(hashes)

    async def make_room(self, received_ms: int) -> None:
        """Return when events of this arrival, in milliseconds since 1970, may be stored.

        Raises:
            EventglassError: older hashes cannot be written.
        """
        while self._groups and (
            received_ms - self._groups[0].received_ms > LAG_MS or len(self._hashes) > _MOST
        ):
            await self.write()

    async def write(self) -> None:
        """Write what is here now into the table.

        Raises:
            EventglassError: it could not be done; nothing is forgotten.
        """
        async with self._lock:
            groups = tuple(self._groups)
            hashes = [*chain.from_iterable(group.hashes for group in groups)]
            projects = [*chain.from_iterable(group.projects for group in groups)]
            if self._unsure:
                hashes, projects = await self._missing(hashes, projects)
            if hashes:
                self._unsure = True
                await store(self._engine, hashes, projects)
            self._unsure = False
            del self._groups[: len(groups)]
            for group in groups:
                self._hashes.difference_update(group.hashes)

    async def _missing(self, hashes: list[bytes], projects: list[str]) -> tuple[list[bytes], list[str]]:
        """Leave out what is in the table."""
        there = await look_up(self._engine, hashes, set(projects))
        missing = [each not in there for each in hashes]
        return [*compress(hashes, missing)], [*compress(projects, missing)]

    async def close(self) -> None:
        """Write what is here, if it can be; else it is added at the next start."""
        await self._try()
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait([self._writing])

    async def _write_soon(self) -> None:
        while self._groups:
            await asyncio.sleep(_GATHER_SECONDS)
            if not await self._try():
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _try(self) -> bool:
        try:
            await self.write()
        except EventglassError as error:
            _log.warning("hashes of events could not be written", reason=error.reason)
            return False
        return True
