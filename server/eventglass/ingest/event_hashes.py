"""The table `event_hashes`: the hash of every event that is stored."""

from collections.abc import Iterable, Sequence
from typing import Final

import pyarrow as pa

from eventglass.engine.engine import Engine, Limits
from eventglass.ingest.hash_parts import in_parts, whole
from eventglass.sql.statement import Statement

EVENT_HASHES: Final = "event_hashes"

# Hashes of one statement: some 400 KB of it.
_AT_A_TIME: Final = 20_000

# Few rows have the upper part of another event's hash, and these are sorted out here.
_KNOWN = """
SELECT upper, lower
FROM event_hashes
WHERE project_id IN {projects:Array(String)} AND upper IN {hashes:Array(UInt64)}
"""

# What was written in the last seconds at full pace is in small parts; merges may have taken it elsewhere.
_WRITTEN_LATELY = """
SELECT upper, lower
FROM event_hashes
WHERE _part IN (
    SELECT name
    FROM system.parts
    WHERE database = currentDatabase() AND table = 'event_hashes' AND active AND rows < 100000
)
"""


async def look_up(engine: Engine, hashes: Sequence[bytes], projects: Iterable[str]) -> set[bytes]:
    """Give those of some hashes that are in the table.

    Raises:
        DeadlineError, LimitError, UnavailableError: the table could not be asked.
    """
    of_projects = sorted(projects)
    found: set[bytes] = set()
    # In its order: each statement reads a stretch of the table.
    uppers = sorted(in_parts(hashes)["upper"].tolist())
    for begin in range(0, len(uppers), _AT_A_TIME):
        parameters = {"projects": of_projects, "hashes": tuple(uppers[begin : begin + _AT_A_TIME])}
        statement = Statement(text=_KNOWN, parameters=parameters, columns=2)
        found |= whole(*(await engine.query(statement, Limits())).columns)
    return found.intersection(hashes)


async def look_up_recent(engine: Engine, hashes: Sequence[bytes], projects: Iterable[str]) -> set[bytes]:
    """Give the same as `look_up`, sooner if most of them were written lately.

    Raises:
        DeadlineError, LimitError, UnavailableError: the table could not be asked.
    """
    lately = (await engine.query(Statement(text=_WRITTEN_LATELY, columns=2), Limits())).columns
    found = whole(*lately).intersection(hashes)
    return found | await look_up(engine, [each for each in hashes if each not in found], projects)


async def store(engine: Engine, hashes: Sequence[bytes], projects: Sequence[str]) -> None:
    """Add hashes; when it returns they are on disk.

    Args:
        engine: where to.
        hashes: at least one.
        projects: whose event each of them is.

    Raises:
        LimitError, UnavailableError: nobody knows whether they are stored.
    """
    parts = in_parts(hashes)
    table = pa.table(
        {
            "project_id": pa.array(projects, pa.string()),
            "upper": pa.array(parts["upper"].copy()),
            "lower": pa.array(parts["lower"].copy()),
        }
    )
    await engine.insert(EVENT_HASHES, table)
