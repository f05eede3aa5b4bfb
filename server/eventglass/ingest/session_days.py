"""Note on which days sessions have events, behind the writer: no batch waits for it.

Questions about sessions ask session_days for events that arrived before a mark, and the events
themselves for later ones (sql/whole_sessions.py). So this may run late, or be cut off: the mark moves a while
after the rows are on disk, and a row that is there twice is there once.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pyarrow as pa
import structlog

from eventglass.background import begin
from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.errors import EventglassError
from eventglass.ingest.commit import newest_arrival
from eventglass.sql.statement import Statement

_log = structlog.get_logger(__name__)

# Longer than a question may take.
_PAUSE_SECONDS = 60.0
# Several times what an insert may take: what arrived before is there, whichever server stored it.
_SETTLED_MS = 10 * 60 * 1_000

_MARK = "SELECT toUnixTimestamp64Milli(max(until)) FROM session_days_until"

# Read by the index of received_at; the engine drops equal rows of a block, and others as it merges.
_GATHER = """INSERT INTO session_days SELECT project_id, toDate32(time), session
FROM events
WHERE received_at >= fromUnixTimestamp64Milli({since:Int64})
    AND received_at < fromUnixTimestamp64Milli({until:Int64})
    AND person != 0 AND session != 0
SETTINGS max_execution_time = 0
"""


@asynccontextmanager
async def gathering(engine: Pool, *, pause_seconds: float = _PAUSE_SECONDS) -> AsyncIterator[None]:
    """Keep session_days up to date within the block."""
    task = begin(_keep(engine, pause_seconds), "note days of sessions")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def gather(engine: Pool, *, until_ms: int) -> None:
    """Note the days of the sessions' events that arrived before an instant, all of which must be there.

    Nobody may ask about sessions meanwhile.

    Args:
        engine: where they are.
        until_ms: the instant, in milliseconds since 1970.

    Raises:
        EventglassError: the engine is away or too busy; nothing is lost.
    """
    await _note(engine, await _mark(engine), until_ms)
    await _move_mark(engine, until_ms)


async def gather_settled(engine: Pool, *, now_ms: int, noted_ms: int = 0) -> int:
    """Mark what an earlier call has noted, and note the days of what arrived a while ago since.

    A question that began before the rows were there must not see a mark that is behind them: it would find
    these days in neither. So the mark moves with the next call, when that question is over.

    A commit begins when the one before it is over, so of one writer only the newest can be incomplete.

    Args:
        engine: where events are.
        now_ms: in milliseconds since 1970.
        noted_ms: what the call before gave, as long ago as a question may take; 0: there was none.

    Returns:
        Until when days are noted, in milliseconds since 1970.

    Raises:
        EventglassError: as `gather` does.
    """
    if noted_ms:
        await _move_mark(engine, noted_ms)
    until_ms = min(await newest_arrival(engine), now_ms - _SETTLED_MS)
    await _note(engine, await _mark(engine), until_ms)
    return until_ms


async def _mark(engine: Pool) -> int:
    return int((await engine.query(Statement(text=_MARK, columns=1), Limits())).columns[0][0])


async def _note(engine: Pool, since_ms: int, until_ms: int) -> None:
    if since_ms < until_ms:
        await engine.alter(Statement(text=_GATHER, parameters={"since": since_ms, "until": until_ms}))


async def _move_mark(engine: Pool, until_ms: int) -> None:
    if await _mark(engine) < until_ms:
        mark = pa.array([until_ms], pa.int64()).cast(pa.timestamp("ms", tz="UTC"))
        await engine.insert("session_days_until", pa.table({"until": mark}))


async def _keep(engine: Pool, pause_seconds: float) -> None:
    noted_ms = 0
    while True:
        try:
            now_ms = int(time.time() * 1_000)
            noted_ms = await gather_settled(engine, now_ms=now_ms, noted_ms=noted_ms)
        except EventglassError as error:
            _log.warning("days of sessions were not noted; the next time will", error=str(error))
        await asyncio.sleep(pause_seconds)
