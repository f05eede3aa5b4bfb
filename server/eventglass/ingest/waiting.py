"""Batches that wait for the next commit, and when it is time for one.

A commit of many small batches takes hardly longer than one of a few. Callers that send one batch after
the other come again right after they were answered, so a commit waits for them a moment: until as many
batches are there as in the last one and behind it. Of many events it waits for half: while these are stored,
the other half is read.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from eventglass.errors import LimitError
from eventglass.ingest.commit import Batch, Stored

# Waiting batches hold memory; beyond this callers are asked to come back.
MAX_BYTES = 16 * 2**20
_MAX_COMMIT_ROWS: Final = 10_000
# Fewer rows take hardly longer than one.
_FEW_ROWS: Final = 1_000
_GATHER_SECONDS: Final = 0.03
_RETRY_AFTER: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A batch that waits.

    Args:
        batch: what is to be stored.
        now_ms: when it came, in milliseconds since 1970.
        size: about how many bytes it takes.
        done: what becomes of it.
    """

    batch: Batch
    now_ms: int
    size: int
    done: "asyncio.Future[Stored]"


class WaitingBatches:
    """A queue; use it in one event loop.

    Args:
        wake: called when it may be time for a commit.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._queue: list[Waiting] = []
        self._rows = 0
        self._bytes = 0
        self._taken = 0
        self._taken_rows = 0
        self._expected = 0
        self._enough_rows = 0
        self._gathering: asyncio.TimerHandle | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self._queue

    def check_room(self) -> None:
        """Raise LimitError when too much is waiting."""
        if self._bytes >= MAX_BYTES:
            raise LimitError(
                "too many events are waiting to be stored; send the batch again",
                reason="QUEUE_FULL",
                retry_after=_RETRY_AFTER,
            )

    def add(self, waiting: Waiting) -> None:
        """Let a batch wait."""
        self._queue.append(waiting)
        self._rows += len(waiting.batch.rows)
        self._bytes += waiting.size
        if self.is_time():
            self._wake()

    def is_time(self) -> bool:
        """Tell whether the next commit should begin."""
        if not self._queue:
            return False
        enough = self._rows >= self._enough_rows or len(self._queue) >= self._expected
        return enough or self._gathering is None

    def gather(self) -> None:
        """Expect those whose commit has just ended to come again."""
        self._expected = self._taken + len(self._queue)
        self._enough_rows = max(_FEW_ROWS, (self._taken_rows + self._rows) // 2)
        if self._taken > 1:
            self._gathering = asyncio.get_running_loop().call_later(_GATHER_SECONDS, self._gathered)

    def take(self) -> list[Waiting]:
        """Take the batches that go into the next commit: at least one, and not many more rows than fit."""
        self._end_gathering()
        group: list[Waiting] = []
        rows = 0
        while self._queue and (not group or rows + len(self._queue[0].batch.rows) <= _MAX_COMMIT_ROWS):
            waiting = self._queue.pop(0)
            self._rows -= len(waiting.batch.rows)
            self._bytes -= waiting.size
            if not waiting.done.cancelled():
                group.append(waiting)
                rows += len(waiting.batch.rows)
        self._taken, self._taken_rows = len(group), rows
        return group

    def _gathered(self) -> None:
        self._end_gathering()
        if self._queue:
            self._wake()

    def _end_gathering(self) -> None:
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
