"""What is new in batches that are committed together, and as what rows it is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

import pyarrow as pa

from eventglass.engine.engine import Engine, Limits
from eventglass.ingest.accept import Row
from eventglass.ingest.identity import event_hashes
from eventglass.ingest.known_ids import KnownIds
from eventglass.planning.rollups import EVENT_HOURS, REPEATABLE
from eventglass.sql.statement import Statement

_MILLISECONDS = pa.timestamp("ms", tz="UTC")

# The index of received_at leads to it.
_NEWEST = "SELECT toUnixTimestamp64Milli(received_at) FROM events ORDER BY received_at DESC LIMIT 1"

# Pruned by that index. 0 of nothing.
_SINCE = """
SELECT toUnixTimestamp64Milli(max(received_at))
FROM events
WHERE received_at > fromUnixTimestamp64Milli({known:Int64})
"""

# Rollups have what arrived before their marks.
_NEWEST_MARK = "SELECT toUnixTimestamp64Milli(greatest({marks}))".format(
    marks=", ".join(f"(SELECT max(until) FROM {table}_until)" for table in (*REPEATABLE, EVENT_HOURS))
)

# Reads a column whole: some 40 ns of processor time for each event.
_ARRIVALS = """
SELECT project_id, toUnixTimestamp64Milli(max(received_at))
FROM events
WHERE received_at <= fromUnixTimestamp64Milli({until:Int64})
GROUP BY project_id
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
    """

    new: int
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """Events of one commit that were not there before.

    Args:
        received_ms: their arrival, in milliseconds since 1970.
        rows: as the table stores them, in the order in which they came.
        projects: whose event each of them is.
        hashes: what each of them is named among all projects.
    """

    received_ms: int
    rows: Sequence[Row]
    projects: Sequence[str]
    hashes: Sequence[bytes]


class Storage(Protocol):
    """Where accepted events become durable. One per writer; in one event loop."""

    @property
    def oldest_ms(self) -> int | None:
        """The oldest arrival that is kept and not stored in the engine, in milliseconds since 1970."""
        ...

    async def make_room(self, received_ms: int) -> Mapping[str, int]:
        """Return when events of this arrival, in milliseconds since 1970, may be kept.

        Returns:
            The newest arrivals of projects whose events came to light by that.

        Raises:
            EventglassError: the engine is away.
        """
        ...

    def among(self, hashes: Iterable[bytes]) -> set[bytes]:
        """Give those of some hashes whose events are kept and that are not known elsewhere yet."""
        ...

    async def keep(self, fresh: Fresh) -> None:
        """Store events, at least one; when it returns they are on disk. One call at a time.

        Raises:
            EventglassError: nothing is promised; to keep them again is safe.
        """
        ...

    async def shown(self, project_id: str | None) -> None:
        """Return when all that was kept before, of a project or of all, is in every answer.

        Only an engine that does not store is not waited for.
        """
        ...

    async def close(self) -> None:
        """Finish what was begun."""
        ...


async def newest_arrival(engine: Engine) -> int:
    """Give the arrival of the newest event, in milliseconds since 1970; 0: there is none."""
    (newest,) = (await engine.query(Statement(text=_NEWEST, columns=1), Limits())).columns
    return int(newest[0]) if newest else 0


async def arrival_since(engine: Engine, known_ms: int) -> int:
    """Give the newest arrival after one, both in milliseconds since 1970; 0: there is none."""
    statement = Statement(text=_SINCE, parameters={"known": known_ms}, columns=1)
    ((newest,),) = (await engine.query(statement, Limits())).columns
    return int(newest)


async def newest_arrival_ever(engine: Engine) -> int:
    """Give an arrival that no event is later than, also none that has left the disk since it was gathered."""
    (marks,) = (await engine.query(Statement(text=_NEWEST_MARK, columns=1), Limits())).columns
    return max(await newest_arrival(engine), int(marks[0]) - 1)


async def arrivals(engine: Engine, *, until_ms: int) -> dict[str, int]:
    """Give the newest arrival of each project that has one until then, in milliseconds since 1970."""
    statement = Statement(text=_ARRIVALS, parameters={"until": until_ms}, columns=2)
    projects, newest = (await engine.query(statement, Limits())).columns
    return dict(zip(projects, newest, strict=True))


async def decide(
    known: KnownIds, storage: Storage, batches: Sequence[Batch], received_ms: int
) -> tuple[list[Stored], Fresh]:
    """Tell the new events of some batches from those that are known.

    Args:
        known: the hashes that are there.
        storage: has those that are on their way there.
        batches: in the order in which they arrived; the first copy of an event is the one.
        received_ms: their arrival, later than all before, in milliseconds since 1970.

    Returns:
        What becomes of each batch when what is new is stored; and that.

    Raises:
        EventglassError: it could not be looked up.
    """
    named = [event_hashes(batch.project_id, [row.event_id for row in batch.rows]) for batch in batches]
    hashes = [*chain(*named)]
    # First what is on its way: it may be there in the next moment.
    taken = storage.among(hashes)
    taken |= await known.among(hashes, {batch.project_id for batch in batches})
    rows: list[Row] = []
    projects: list[str] = []
    new: list[bytes] = []
    stored = []
    for batch, names in zip(batches, named, strict=True):
        before = len(rows)
        for row, name in zip(batch.rows, names, strict=True):
            if name not in taken:
                taken.add(name)
                rows.append(row)
                new.append(name)
        added = len(rows) - before
        projects += [batch.project_id] * added
        stored.append(Stored(new=added, known=len(batch.rows) - added))
    return stored, Fresh(received_ms=received_ms, rows=rows, projects=projects, hashes=new)


def event_table(fresh: Fresh) -> pa.Table:
    """Make of new events, at least one, rows as they are inserted."""
    # The columns of all rows at once: a row's fields stand in the order of its class.
    columns = dict(zip(Row._fields, zip(*fresh.rows, strict=True), strict=True))
    return pa.table(
        {
            "project_id": pa.array(fresh.projects, pa.string()),
            "event": pa.array(columns["event"], pa.string()),
            "time": _moments(columns["time_ms"]),
            "time_correction": pa.array(columns["correction_ms"], pa.int64()),
            "received_at": _moments([fresh.received_ms] * len(fresh.rows)),
            "event_id_text": pa.array(columns["event_id"], pa.string()),
            "person": pa.array(columns["person"], pa.uint64()),
            "user_id": pa.array(columns["user_id"], pa.string()),
            "anonymous_id": pa.array(columns["anonymous_id"], pa.string()),
            "session_id_text": pa.array(columns["session_id"], pa.string()),
            "session": pa.array(columns["session"], pa.uint64()),
            "properties_text": pa.array(columns["properties"], pa.string()),
            "context": pa.array(columns["context"], pa.string()),
        }
    )


def _moments(milliseconds: Sequence[int]) -> pa.Array:
    """Make the column of moments that are told in milliseconds since 1970."""
    return pa.array(milliseconds, pa.int64()).cast(_MILLISECONDS)
