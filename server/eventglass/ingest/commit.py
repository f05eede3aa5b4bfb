"""Bring rows into the tables, each event once.

An event is in `events` before its hash is in `event_ids`, where it comes a moment later (see
ingest/pending_ids.py). A crash leaves events without hashes, and so may a commit that fails; `recover`
adds these, and must run before the next commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import pyarrow as pa
import structlog

from eventglass.engine.engine import Engine, Limits
from eventglass.engine.layout import EVENTS
from eventglass.ingest.accept import Row
from eventglass.ingest.event_ids import arrived_since, store, time_column
from eventglass.ingest.identity import event_hash, event_hashes
from eventglass.ingest.known_ids import KnownIds
from eventglass.ingest.pending_ids import LAG_MS
from eventglass.sql.statement import Statement

_log = structlog.get_logger(__name__)

# The index of received_at leads to it.
_NEWEST = "SELECT toUnixTimestamp64Milli(received_at) FROM events ORDER BY received_at DESC LIMIT 1"

# Reads a column whole: some 40 ns of processor time for each event.
_ARRIVALS = """
SELECT project_id, toUnixTimestamp64Milli(max(received_at))
FROM events
WHERE received_at <= fromUnixTimestamp64Milli({until:Int64})
GROUP BY project_id
"""

# Pruned by the index of received_at.
_SINCE = """
SELECT project_id, event_id, toUnixTimestamp64Milli(received_at)
FROM events
WHERE received_at >= fromUnixTimestamp64Milli({since:Int64})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows of one project that are accepted or refused together by the engine.

    Args:
        project_id: whose they are.
        rows: at least one.
    """

    project_id: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What became of a batch's rows.

    Args:
        new: rows that were added.
        known: rows whose event was there already, or came twice in the batch.
        fresh: the added rows, where they are at hand.
    """

    new: int
    known: int
    fresh: Sequence[Row] = ()


async def newest_arrival(engine: Engine) -> int:
    """Give the arrival of the newest event, in milliseconds since 1970; 0: there is none."""
    (newest,) = (await engine.query(Statement(text=_NEWEST, columns=1), Limits())).columns
    return int(newest[0]) if newest else 0


async def arrivals(engine: Engine, *, until_ms: int) -> dict[str, int]:
    """Give the newest arrival of each project that has one until then, in milliseconds since 1970."""
    statement = Statement(text=_ARRIVALS, parameters={"until": until_ms}, columns=2)
    projects, newest = (await engine.query(statement, Limits())).columns
    return dict(zip(projects, newest, strict=True))


async def recover(engine: Engine, known: KnownIds) -> dict[str, int]:
    """Add the hashes that are missing; give the newest arrival of each project that may have had such.

    Only events that arrived shortly before the newest one can lack theirs: no commit begins before the
    one before it is finished or recovered, nor while older hashes are pending.

    Args:
        engine: where to.
        known: the hashes that are there.
    """
    # What comes to light after this would be without hashes for good.
    await engine.settle_inserts()
    since = await newest_arrival(engine) - LAG_MS
    newest = await engine.query(Statement(text=_SINCE, parameters={"since": since}, columns=3), Limits())
    hashed = [
        (event_hash(project, event_id), project, received_ms)
        for project, event_id, received_ms in zip(*newest.columns, strict=True)
    ]
    # First those on their way, which may be in the table in the next moment.
    there = known.pending.among(each for each, _, _ in hashed)
    # Asked for by their arrival: a second's events at full pace are too many to look up one by one.
    there |= await arrived_since(engine, since)
    missing = [each for each in hashed if each[0] not in there]
    if missing:
        _log.info("hashes of an unfinished commit are added", events=len(missing))
        known.add([each for each, _, _ in missing])
        hashes, projects, received = zip(*missing, strict=True)
        await store(engine, hashes, projects, received)
    # Of all these events: what an earlier try has added is not missing any more, and nobody was told.
    arrived: dict[str, int] = {}
    for _, project, received_ms in hashed:
        arrived[project] = max(received_ms, arrived.get(project, 0))
    return arrived


async def commit(engine: Engine, known: KnownIds, batches: Sequence[Batch], received_ms: int) -> list[Stored]:
    """Add the rows of batches whose events are new; when it returns they are on disk.

    Args:
        engine: where to.
        known: the hashes that are there.
        batches: in the order in which they arrived; the first copy of an event is the one.
        received_ms: their arrival, later than all before, in milliseconds since 1970.

    Returns:
        What became of each batch.

    Raises:
        EventglassError: nothing is promised; `recover` before the next commit.
    """
    await known.pending.make_room(received_ms)
    named = [event_hashes(batch.project_id, [row.event_id for row in batch.rows]) for batch in batches]
    taken = await known.among([*chain(*named)], {batch.project_id for batch in batches})
    fresh: list[Row] = []
    projects: list[str] = []
    hashes: list[bytes] = []
    stored = []
    for batch, names in zip(batches, named, strict=True):
        before = len(fresh)
        for row, name in zip(batch.rows, names, strict=True):
            if name not in taken:
                taken.add(name)
                fresh.append(row)
                hashes.append(name)
        added = fresh[before:]
        projects += [batch.project_id] * len(added)
        stored.append(Stored(new=len(added), known=len(batch.rows) - len(added), fresh=added))
    if fresh:
        known.add(hashes)
        await engine.insert(EVENTS, _event_table(fresh, projects, received_ms))
        known.pending.add(hashes, projects, received_ms)
    return stored


def _event_table(rows: Sequence[Row], projects: Sequence[str], received_ms: int) -> pa.Table:
    # The columns of all rows at once: a row's fields stand in the order of its class.
    columns = dict(zip(Row._fields, zip(*rows, strict=True), strict=True))
    return pa.table(
        {
            "project_id": pa.array(projects, pa.string()),
            "event": pa.array(columns["event"], pa.string()),
            "time": time_column(columns["time_ms"]),
            "time_correction": pa.array(columns["correction_ms"], pa.int64()),
            "received_at": time_column([received_ms] * len(rows)),
            "event_id": pa.array(columns["event_id"], pa.string()),
            "person": pa.array(columns["person"], pa.uint64()),
            "user_id": pa.array(columns["user_id"], pa.string()),
            "anonymous_id": pa.array(columns["anonymous_id"], pa.string()),
            "session_id": pa.array(columns["session_id"], pa.string()),
            "session": pa.array(columns["session"], pa.uint64()),
            "properties_text": pa.array(columns["properties"], pa.string()),
            "context": pa.array(columns["context"], pa.string()),
        }
    )
