"""What an earlier process, or a commit that failed, left unfinished.

An event is in `events` before its hash is in `event_hashes`, where it comes a moment later (see
ingest/pending_ids.py). So a crash leaves events without hashes: `recover` adds these. Where events are
acknowledged when they are in the journal (ingest/journaled.py), it leaves some that are only there: `replay`
stores these.
"""

from collections.abc import Iterator
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import structlog

from eventglass.engine.engine import Engine, Limits
from eventglass.engine.layout import EVENTS
from eventglass.ingest.backlog import inserts
from eventglass.ingest.commit import newest_arrival
from eventglass.ingest.event_hashes import look_up_recent, store
from eventglass.ingest.identity import event_hash
from eventglass.ingest.journal import Journal
from eventglass.ingest.known_ids import KnownIds
from eventglass.ingest.pending_ids import LAG_MS
from eventglass.sql.statement import Statement

_log = structlog.get_logger(__name__)

# Pruned by the index of received_at.
_SINCE = """
SELECT project_id, event_id, toUnixTimestamp64Milli(received_at)
FROM events
WHERE received_at >= fromUnixTimestamp64Milli({since:Int64})
"""

# Before migration 0023, columns were inserted under the names by which they are read.
_FORMER_NAMES: Final = {"event_id": "event_id_text", "session_id": "session_id_text"}


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
    others = [each for each, _, _ in hashed if each not in there]
    there |= await look_up_recent(engine, others, {*newest.columns[0]})
    missing = [each for each in hashed if each[0] not in there]
    if missing:
        _log.info("hashes of an unfinished commit are added", events=len(missing))
        known.add([each for each, _, _ in missing])
        hashes, projects, _ = zip(*missing, strict=True)
        await store(engine, hashes, projects)
    # Of all these events: what an earlier try has added is not missing any more, and nobody was told.
    arrived: dict[str, int] = {}
    for _, project, received_ms in hashed:
        arrived[project] = max(received_ms, arrived.get(project, 0))
    return arrived


async def replay(engine: Engine, known: KnownIds, journal: Journal) -> None:
    """Store what a journal has and the tables lack, and empty it. It may be cut off, and begun again.

    Args:
        engine: where to.
        known: the hashes that are there.
        journal: what an earlier process acknowledged; its files that are there now.

    Raises:
        EventglassError: the engine is away; nothing is lost.
    """
    since: int | None = None
    for tables in inserts(map(_rows, journal.records())):
        rows = pa.concat_tables(tables)
        # A record whose sync failed may be there beside that of its retry: all are compared with all.
        since = _oldest_arrival(rows) if since is None else since
        missing = await lacking(engine, rows, since)
        _log.info("events of the journal are stored", events=missing.num_rows, in_journal=rows.num_rows)
        if missing.num_rows:
            await engine.insert(EVENTS, missing)
        await _add_hashes(engine, known, rows)
    await journal.clear()


async def lacking(engine: Engine, rows: pa.Table, since_ms: int) -> pa.Table:
    """Give those of some rows whose events are not stored yet; of equal events the first.

    Args:
        engine: where they would be.
        rows: as they are inserted.
        since_ms: the oldest arrival of what may be there, in milliseconds since 1970.

    Raises:
        EventglassError: the engine is away.
    """
    # What comes to light after this would be stored twice.
    await engine.settle_inserts()
    statement = Statement(text=_SINCE, parameters={"since": since_ms}, columns=3)
    projects, event_ids, _ = (await engine.query(statement, Limits())).columns
    there = set(zip(projects, event_ids, strict=True))
    new = []
    for event in _events(rows):
        new.append(event not in there)
        there.add(event)
    return rows.filter(pa.array(new, pa.bool_()))


async def _add_hashes(engine: Engine, known: KnownIds, rows: pa.Table) -> None:
    project_of = {event_hash(project, event_id): project for project, event_id in _events(rows)}
    there = await look_up_recent(engine, [*project_of], {*project_of.values()})
    missing = [each for each in project_of if each not in there]
    if missing:
        known.add(missing)
        await store(engine, missing, [project_of[each] for each in missing])


def _rows(record: pa.Buffer) -> pa.Table:
    """Read a record as what is inserted now, also one of an earlier version."""
    rows = pa.ipc.open_file(record).read_all()
    return rows.rename_columns([_FORMER_NAMES.get(name, name) for name in rows.column_names])


def _oldest_arrival(rows: pa.Table) -> int:
    return int(pc.min(rows["received_at"].cast(pa.int64())).as_py())


def _events(rows: pa.Table) -> Iterator[tuple[str, str]]:
    return zip(rows["project_id"].to_pylist(), rows["event_id_text"].to_pylist(), strict=True)
