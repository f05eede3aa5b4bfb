"""Answers that are still right: kept until their project changes, and computed once for all at a time.

A statement with the same text and values has the same answer as long as nothing of its project changed,
which the project's revision tells. So an answer is kept under its revision too, and a new event makes every
kept answer unreachable at once; there is nothing to invalidate, and nothing to be late.
"""

import asyncio
import math
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from time import monotonic

from eventglass.engine.engine import Answers, Limits, Rows
from eventglass.errors import DeadlineError
from eventglass.sql.statement import Statement

# An answer above this share of the memory would drive out too many others.
_LARGEST = 1 / 16
# A timer may be early by so much.
_EARLY_SECONDS = 0.01

_Key = Hashable


@dataclass(slots=True)
class _Run:
    """A statement that is being answered, until when at the most, and how many wait for it."""

    task: asyncio.Task[Rows]
    ends: float
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class _Kept:
    rows: Rows
    bytes: int


class Memory:
    """Kept answers, the ones that were used longest ago leaving first. Use it in one event loop.

    Args:
        engine: what is asked when nothing is kept.
        revision: changes whenever a project's answers may; the project's id is its argument.
        most_bytes: what all kept answers may take; 0 keeps none.
    """

    def __init__(self, engine: Answers, revision: Callable[[str], Hashable], *, most_bytes: int) -> None:
        self._engine = engine
        self._revision = revision
        self._most_bytes = most_bytes
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._bytes = 0
        self._running: dict[_Key, _Run] = {}

    def of(self, project_id: str) -> "Remembered":
        """Give the engine as it is asked about one project, as it is now."""
        return Remembered(self, (project_id, self._revision(project_id)))

    async def query(self, project: Hashable, statement: Statement, limits: Limits) -> Rows:
        """Answer from what is kept, from what is running already, or anew. See `Engine.query`."""
        key = (project, statement.text, tuple(statement.parameters.items()))
        if kept := self._kept.get(key):
            self._kept.move_to_end(key)
            return replace(kept.rows, rows_read=0, bytes_read=0, seconds=0.0, cached=True)
        rows = await self._together((key, limits.max_rows_read), statement, limits)
        self._keep(key, rows)
        return rows

    async def _together(self, key: _Key, statement: Statement, limits: Limits) -> Rows:
        ends = math.inf if limits.max_seconds is None else monotonic() + limits.max_seconds
        while (run := self._running.get(key)) is not None:
            try:
                async with asyncio.timeout(_left(ends)):
                    return await self._wait(key, run)
            except TimeoutError:
                raise DeadlineError(
                    "the query took longer than its deadline; ask for a shorter time range or allow more time"
                ) from None
            except DeadlineError:
                # It may have been held to the time of whoever asked first; else more time is of no use.
                if monotonic() < run.ends - _EARLY_SECONDS:
                    raise
        return await self._wait(key, self._start(key, statement, limits, ends))

    def _start(self, key: _Key, statement: Statement, limits: Limits, ends: float) -> _Run:
        asked = self._engine.query(statement, replace(limits, max_seconds=_left(ends)))
        run = _Run(asyncio.get_running_loop().create_task(asked), ends)
        self._running[key] = run
        run.task.add_done_callback(lambda _: self._forget(key, run))
        return run

    def _forget(self, key: _Key, run: _Run) -> None:
        # Another one may have begun while this one was being ended.
        if self._running.get(key) is run:
            del self._running[key]

    async def _wait(self, key: _Key, run: _Run) -> Rows:
        run.waiting += 1
        try:
            return await asyncio.shield(run.task)
        finally:
            run.waiting -= 1
            if not run.waiting and not run.task.done():
                # Nobody wants it any more; whoever asks from now on must not wait for its end.
                self._forget(key, run)
                run.task.cancel()

    def _keep(self, key: _Key, rows: Rows) -> None:
        most = int(self._most_bytes * _LARGEST)
        size = _size((key, rows.columns), most)
        if size > most or key in self._kept:
            return
        self._kept[key] = _Kept(rows, size)
        self._bytes += size
        while self._bytes > self._most_bytes:
            self._bytes -= self._kept.popitem(last=False)[1].bytes


@dataclass(frozen=True, slots=True)
class Remembered:
    """A memory as it is asked about one project."""

    _memory: Memory
    _project: Hashable = field(repr=False)

    async def query(self, statement: Statement, limits: Limits) -> Rows:
        """Run one SELECT, or give its kept answer. See `Engine`."""
        return await self._memory.query(self._project, statement, limits)


def _left(ends: float) -> float | None:
    return None if math.isinf(ends) else max(ends - monotonic(), 0.0)


def _size(value: object, most: int) -> int:
    """Measure nested lists in bytes, no further than to above the most that is of interest."""
    size = 0
    waiting = [value]
    while waiting and size <= most:
        each = waiting.pop()
        size += sys.getsizeof(each)
        if isinstance(each, list | tuple):
            waiting.extend(each)
    return size
