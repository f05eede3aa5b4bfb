"""Gather from events, behind the writer, what saves questions from reading them: no batch waits for it.

When sessions have events is for sql/whole_sessions.py and sql/gathered_sessions.py, who was active when for
sql/active_hours.py, when each person first did something for sql/first_times.py. They ask such a table for
events that arrived before its mark, and the events themselves for later ones. So this may run late, or be
cut off: the mark moves a while after the rows are on disk, and a row that is there twice is there once.
Counts, which would be twice as large, have a way of their own (event_hours.py).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from eventglass.background import begin
from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.engine.storing import Storing
from eventglass.errors import EventglassError
from eventglass.ingest import event_hours
from eventglass.ingest.commit import newest_arrival
from eventglass.ingest.event_hours import Counts, memory_of_groups
from eventglass.ingest.marks import Marks, mark, move_mark
from eventglass.planning.rollups import ACTIVE_HOURS, FIRST_TIMES, SESSION_DAYS
from eventglass.sql.gather_counts import HOUR
from eventglass.sql.gathered_sessions import SPAN
from eventglass.sql.statement import Statement

_log = structlog.get_logger(__name__)

# Longer than a question may take.
_PAUSE_SECONDS = 60.0
# Times as long as it took, for it looks through what was gathered of all history.
_REST = 9.0
# Several times what an insert may take: what arrived before is there, whichever server stored it.
_SETTLED_MS = 10 * 60 * 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """A table that is gathered from events; how far, is in the table of its name and `_until`.

    Args:
        select: its columns, of an event, and what is made of the events that are alike in the others.
        where: which events it is gathered from.
        then: a statement about the sessions of the same arrivals, when the rows are there; "": none.
    """

    table: str
    select: str
    where: str
    then: str = ""


# So many events at once, for a statement keeps all their sessions in memory.
_EVENTS_AT_ONCE = 5_000_000

_ARRIVED = """received_at >= fromUnixTimestamp64Milli({{since:Int64}})
    AND received_at < fromUnixTimestamp64Milli({{until:Int64}})"""

# Whole, with the rows of days that were gathered before. Sessions of several projects are looked at as one.
_LONG_SESSIONS = f"""INSERT INTO long_sessions SELECT *
FROM session_days
WHERE identity(session) IN (
    SELECT session
    FROM session_days
    WHERE identity(session) IN (
        SELECT session
        FROM events
        WHERE {_ARRIVED} AND session % {{{{of:UInt64}}}} = {{{{at:UInt64}}}})
    GROUP BY session
    HAVING min(day) < max(day))
SETTINGS max_execution_time = 0, max_bytes_before_external_group_by = {{memory}}
"""

ROLLUPS = (
    Rollup(
        table=SESSION_DAYS,
        select=f"project_id, toDate32(time), session, person, {SPAN}",
        where="person != 0 AND session != 0",
        then=_LONG_SESSIONS,
    ),
    Rollup(
        table=ACTIVE_HOURS,
        select=f"project_id, {HOUR}, person, max(least(time, received_at))",
        where="person != 0",
    ),
    Rollup(
        table=FIRST_TIMES,
        select="project_id, arrayJoin([event, '']), person, min(time)",
        where="person != 0",
    ),
)

# Read by the index of received_at. The engine puts equal rows of several calls together as it merges; those
# of one call that gathers all of history would stay for long, in parts that are too large to be merged soon.
# Groups can wait on disk once their table has parts, and rows are sorted before they are stored: each takes
# memory beside the groups that are kept.
_SHARE_AT_ONCE = 1 / 16
_GATHER = f"""INSERT INTO {{table}} SELECT {{select}}
FROM events
WHERE {_ARRIVED}
    AND {{where}}
GROUP BY ALL
SETTINGS
    max_execution_time = 0,
    max_bytes_before_external_group_by = {{memory}},
    group_by_two_level_threshold_bytes = {{at_once}},
    min_insert_block_size_bytes = {{at_once}}
"""

_ARRIVALS = f"SELECT count() FROM events WHERE {_ARRIVED}".format()


def pause_after(spent_seconds: float) -> float:
    """Say how long gathering waits after so long: it takes a tenth of the time at most, in seconds."""
    return max(_PAUSE_SECONDS, _REST * spent_seconds)


@asynccontextmanager
async def gathering(
    engine: Pool,
    counts: Counts,
    marks: Marks,
    *,
    stored_until_ms: Callable[[], int],
    pause_after: Callable[[float], float] = pause_after,
) -> AsyncIterator[None]:
    """Keep all of them up to date within the block.

    Args:
        engine: where they are.
        counts: gathers those of events.
        marks: takes note of how far the others are.
        stored_until_ms: gives an instant before which all that arrived is stored, if inserts that go on are;
            in milliseconds since 1970.
        pause_after: says for how many seconds to wait after a time that took so many.
    """
    task = begin(_keep(engine, counts, marks, stored_until_ms, pause_after), "gather rollups")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def gather(engine: Pool, *, until_ms: int) -> None:
    """Gather what arrived before an instant, all of which must be there.

    Nobody may ask for it meanwhile.

    Args:
        engine: where they are.
        until_ms: the instant, in milliseconds since 1970.

    Raises:
        EventglassError: the engine is away or too busy; nothing is lost.
    """
    for rollup in ROLLUPS:
        await _gather(engine, rollup, until_ms)
        await move_mark(engine, rollup.table, until_ms)
    await event_hours.gather(engine, until_ms)


async def gather_settled(engine: Pool, rollup: Rollup, *, stored_ms: int, gathered_ms: int = 0) -> int:
    """Mark what an earlier call has gathered for a rollup, and gather what arrived a while ago since.

    A question that began before the rows were there must not see a mark that is behind them: it would find
    these events in neither. So the mark moves with the next call, when that question is over.

    Args:
        engine: where events are.
        rollup: what is gathered.
        stored_ms: what arrived before is stored, if inserts that go on are; in milliseconds since 1970.
        gathered_ms: what the call before gave, as long ago as a question may take; 0: there was none.

    Returns:
        Until when arrivals are gathered, in milliseconds since 1970.

    Raises:
        EventglassError: as `gather` does.
    """
    until_ms = await _settled_ms(engine, stored_ms)
    if gathered_ms:
        await move_mark(engine, rollup.table, gathered_ms)
    await _gather(engine, rollup, until_ms)
    return until_ms


async def _settled_ms(engine: Pool, stored_ms: int) -> int:
    """Say until when all that arrived is there, in milliseconds since 1970.

    What arrived is, but for what is being inserted and what waits for that. No later than the newest event:
    where nothing arrives there is nothing to gather.
    """
    return min(await newest_arrival(Storing(engine)) + 1, stored_ms - _SETTLED_MS)


def gathered(rollup: Rollup, since_ms: int, until_ms: int, *, memory_bytes: int) -> Statement:
    """Write the statement that gathers the events of some arrivals, with so much memory for groups."""
    text = _GATHER.format(
        table=rollup.table,
        select=rollup.select,
        where=rollup.where,
        memory=memory_bytes,
        at_once=int(memory_bytes * _SHARE_AT_ONCE),
    )
    return Statement(text=text, parameters={"since": since_ms, "until": until_ms})


async def _gather(engine: Pool, rollup: Rollup, until_ms: int) -> None:
    since_ms = await mark(engine, rollup.table)
    if since_ms < until_ms:
        memory_bytes = memory_of_groups(engine)
        await engine.alter(gathered(rollup, since_ms, until_ms, memory_bytes=memory_bytes))
        if rollup.then:
            await _gather_of_sessions(engine, rollup.then.format(memory=memory_bytes), since_ms, until_ms)


async def _gather_of_sessions(engine: Pool, text: str, since_ms: int, until_ms: int) -> None:
    arrived = {"since": since_ms, "until": until_ms}
    counted = await engine.look_up(Statement(text=_ARRIVALS, parameters=arrived, columns=1), Limits())
    parts = 1 + int(counted.columns[0][0]) // _EVENTS_AT_ONCE
    for at in range(parts):
        await engine.alter(Statement(text=text, parameters={**arrived, "of": parts, "at": at}))


async def _keep(
    engine: Pool,
    counts: Counts,
    marks: Marks,
    stored_until_ms: Callable[[], int],
    pause_after: Callable[[float], float],
) -> None:
    gathered_ms = dict.fromkeys(ROLLUPS, 0)
    while True:
        began = time.monotonic()
        for rollup, until_ms in gathered_ms.items():
            try:
                gathered_ms[rollup] = await gather_settled(
                    engine, rollup, stored_ms=stored_until_ms(), gathered_ms=until_ms
                )
                await marks.renew()
            except EventglassError as error:
                _not_gathered(rollup.table, error)
        try:
            await counts.step(await _settled_ms(engine, stored_until_ms()), at=began)
        except EventglassError as error:
            _not_gathered("event_hours", error)
        await asyncio.sleep(pause_after(time.monotonic() - began))


def _not_gathered(table: str, error: EventglassError) -> None:
    _log.warning("not gathered; the next time will", rollup=table, error=str(error))
