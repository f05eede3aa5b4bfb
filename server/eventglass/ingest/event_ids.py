"""The table `event_ids`: the hash of every event that is stored."""

from collections.abc import Iterable, Sequence
from typing import Final

import pyarrow as pa

from eventglass.engine.engine import Engine, Limits
from eventglass.sql.statement import Statement

EVENT_IDS: Final = "event_ids"

_MILLISECONDS = pa.timestamp("ms", tz="UTC")

_KNOWN = """
SELECT hash
FROM event_ids
WHERE project_id IN {projects:Array(String)} AND hash IN {hashes:Array(UInt128)}
"""

# Pruned by the index of received_at.
_SINCE = """
SELECT hash
FROM event_ids
WHERE received_at >= fromUnixTimestamp64Milli({since:Int64})
"""


async def look_up(engine: Engine, hashes: Sequence[bytes], projects: Iterable[str]) -> set[bytes]:
    """Give those of some hashes that are in the table.

    Raises:
        DeadlineError, LimitError, UnavailableError: the table could not be asked.
    """
    numbers = [int.from_bytes(each, "little") for each in hashes]
    parameters = {"projects": sorted(projects), "hashes": numbers}
    statement = Statement(text=_KNOWN, parameters=parameters, columns=1)
    (found,) = (await engine.query(statement, Limits())).columns
    return {each.to_bytes(16, "little") for each in found}


async def arrived_since(engine: Engine, since_ms: int) -> set[bytes]:
    """Give the hashes in the table of events that arrived then or later; in milliseconds since 1970.

    Raises:
        DeadlineError, LimitError, UnavailableError: the table could not be asked.
    """
    statement = Statement(text=_SINCE, parameters={"since": since_ms}, columns=1)
    (found,) = (await engine.query(statement, Limits())).columns
    return {each.to_bytes(16, "little") for each in found}


async def store(
    engine: Engine, hashes: Sequence[bytes], projects: Sequence[str], received_ms: Sequence[int]
) -> None:
    """Add hashes; when it returns they are on disk.

    Args:
        engine: where to.
        hashes: at least one.
        projects: whose event each of them is.
        received_ms: the arrival of each event, in milliseconds since 1970.

    Raises:
        LimitError, UnavailableError: nobody knows whether they are stored.
    """
    table = pa.table(
        {
            "project_id": pa.array(projects, pa.string()),
            "hash": pa.array(hashes, pa.binary(16)),
            "received_at": time_column(received_ms),
        }
    )
    await engine.insert(EVENT_IDS, table)


def time_column(milliseconds: Sequence[int]) -> pa.Array:
    """Make the column of moments that are told in milliseconds since 1970."""
    return pa.array(milliseconds, pa.int64()).cast(_MILLISECONDS)
