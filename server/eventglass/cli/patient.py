"""What an import's place is too busy for just now, sent to it again after a pause."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from eventglass.errors import LimitError, UnavailableError
from eventglass.ingest.accept import Row
from eventglass.ingest.commit import Stored
from eventglass.ingest.importer import Stores

_T = TypeVar("_T")

_TRIES: Final = 8
_PAUSE_SECONDS: Final = 1.0


async def until_taken(send: Callable[[], Awaitable[_T]]) -> _T:
    """Do what adds nothing twice, and do it again when it is refused for a moment only."""
    for _ in range(_TRIES - 1):
        try:
            return await send()
        except (UnavailableError, LimitError) as error:
            if error.retry_after is None:
                raise
            await asyncio.sleep(max(_PAUSE_SECONDS, error.retry_after.total_seconds()))
    return await send()


@dataclass(frozen=True, slots=True)
class Patient:
    """A place for an import's rows that waits where another one refuses.

    An import is faster than inserts when its events are of hundreds of months, each of which has files of
    its own. Its rows have ids, so that storing them again adds nothing twice.
    """

    _place: Stores

    async def store(self, project_id: str, rows: Sequence[Row], *, now: datetime) -> Stored:
        """Store rows. See `Stores`."""
        return await until_taken(lambda: self._place.store(project_id, rows, now=now))
