"""Bring rows into the tables, each event once.

An event is in `events` before its hash is in `event_ids`. Whatever comes between the two (a crash,
a full disk) leaves events without hashes; `recover` adds these, and must run before the next commit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from eventglass.engine.engine import Engine, Limits
from eventglass.engine.layout import EVENTS
from eventglass.ingest.accept import Row
from eventglass.ingest.identity import event_hash
from eventglass.sql.statement import Statement

_EVENT_IDS = "event_ids"

# Hashes in one look-up: as a parameter they take 40 bytes each.
_LOOK_UP = 20_000

_MILLISECONDS = pa.timestamp("ms", tz="UTC")

_ARRIVALS = """
SELECT project_id, toUnixTimestamp64Milli(max(received_at))
FROM events
GROUP BY project_id
"""

_NEWEST_HASH = "SELECT toUnixTimestamp64Milli(max(received_at)) FROM event_ids"

_SINCE = """
SELECT project_id, event_id, toUnixTimestamp64Milli(received_at)
FROM events
WHERE received_at >= fromUnixTimestamp64Milli({since:Int64})
"""

_KNOWN = """
SELECT hash
FROM event_ids
WHERE project_id IN {projects:Array(String)} AND hash IN {hashes:Array(UInt128)}
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


async def arrivals(engine: Engine) -> dict[str, int]:
    """Give the newest arrival of each project that has one, in milliseconds since 1970."""
    projects, newest = (await engine.query(Statement(text=_ARRIVALS), Limits())).columns
    return dict(zip(projects, newest, strict=True))


async def recover(engine: Engine) -> int:
    """Add the missing hashes of the newest events, and give their number.

    Hashes go in commit by commit, all of one or none, so only events that arrived with the newest
    hash or after it can lack theirs.
    """
    ((since,),) = (await engine.query(Statement(text=_NEWEST_HASH), Limits())).columns
    newer = await engine.query(Statement(text=_SINCE, parameters={"since": since}), Limits())
    hashed = [
        (event_hash(project, event_id), project, received_ms)
        for project, event_id, received_ms in zip(*newer.columns, strict=True)
    ]
    known = await _known(engine, {project for _, project, _ in hashed}, [each for each, _, _ in hashed])
    missing = [each for each in hashed if each[0] not in known]
    if missing:
        await engine.insert(_EVENT_IDS, _hash_table(missing))
    return len(missing)


async def commit(engine: Engine, batches: Sequence[Batch], received_ms: int) -> list[Stored]:
    """Add the rows of batches whose events are new; when it returns they are on disk.

    Args:
        engine: where to.
        batches: in the order in which they arrived; the first copy of an event is the one.
        received_ms: their arrival, later than all before, in milliseconds since 1970.

    Returns:
        What became of each batch.

    Raises:
        UnavailableError, LimitError: nothing is promised; `recover` before the next commit.
    """
    hashes = [[event_hash(batch.project_id, row.event_id) for row in batch.rows] for batch in batches]
    taken = await _known(
        engine, {batch.project_id for batch in batches}, [each for group in hashes for each in group]
    )
    fresh: list[tuple[str, Row]] = []
    fresh_hashes: list[tuple[bytes, str, int]] = []
    stored = []
    for batch, group in zip(batches, hashes, strict=True):
        before = len(fresh)
        for row, row_hash in zip(batch.rows, group, strict=True):
            if row_hash not in taken:
                taken.add(row_hash)
                fresh.append((batch.project_id, row))
                fresh_hashes.append((row_hash, batch.project_id, received_ms))
        added = [row for _, row in fresh[before:]]
        stored.append(Stored(new=len(added), known=len(batch.rows) - len(added), fresh=added))
    if fresh:
        await engine.insert(EVENTS, _event_table(fresh, received_ms))
        await engine.insert(_EVENT_IDS, _hash_table(fresh_hashes))
    return stored


async def _known(engine: Engine, projects: Iterable[str], hashes: Sequence[bytes]) -> set[bytes]:
    known: set[bytes] = set()
    for start in range(0, len(hashes), _LOOK_UP):
        some = [int.from_bytes(each, "little") for each in hashes[start : start + _LOOK_UP]]
        statement = Statement(text=_KNOWN, parameters={"projects": sorted(projects), "hashes": some})
        (found,) = (await engine.query(statement, Limits())).columns
        known.update(each.to_bytes(16, "little") for each in found)
    return known


def _event_table(rows: Sequence[tuple[str, Row]], received_ms: int) -> pa.Table:
    return pa.table(
        {
            "project_id": pa.array([project for project, _ in rows], pa.string()),
            "event": pa.array([row.event for _, row in rows], pa.string()),
            "time": _times([row.time_ms for _, row in rows]),
            "received_at": _times([received_ms] * len(rows)),
            "event_id": pa.array([row.event_id for _, row in rows], pa.string()),
            "person": pa.array([row.person for _, row in rows], pa.uint64()),
            "user_id": pa.array([row.user_id for _, row in rows], pa.string()),
            "anonymous_id": pa.array([row.anonymous_id for _, row in rows], pa.string()),
            "session_id": pa.array([row.session_id for _, row in rows], pa.string()),
            "session": pa.array([row.session for _, row in rows], pa.uint64()),
            "properties_text": pa.array([row.properties for _, row in rows], pa.string()),
            "context": pa.array([row.context for _, row in rows], pa.string()),
        }
    )


def _hash_table(hashes: Sequence[tuple[bytes, str, int]]) -> pa.Table:
    """Make the rows of event_ids from (hash, project, arrival in milliseconds)."""
    return pa.table(
        {
            "project_id": pa.array([project for _, project, _ in hashes], pa.string()),
            "hash": pa.array([each for each, _, _ in hashes], pa.binary(16)),
            "received_at": _times([received_ms for _, _, received_ms in hashes]),
        }
    )


def _times(milliseconds: Sequence[int]) -> pa.Array:
    return pa.array(milliseconds, pa.int64()).cast(_MILLISECONDS)
