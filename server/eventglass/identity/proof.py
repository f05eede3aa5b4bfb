"""The proof that erased persons are in no file: the files are searched, and every find must be accounted for.

A key may stand in a file rightly: the same id in another project, or in this one after the erasure. Then the
tables say how many rows of each part may hold it, and the part's files must hold it exactly as often.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from eventglass.engine.engine import Limits
from eventglass.engine.on_disk import count_in, files_with
from eventglass.engine.pool import Pool
from eventglass.errors import UnavailableError
from eventglass.sql.statement import Statement

# The columns of each table in which a key of an id can stand: a session may be called as somebody is.
_KEYS = {
    "events": "person, session",
    "person_ids": "own, person",
    "traits": "own",
    "session_days": "session, person",
    "long_sessions": "session, person",
    "active_hours": "person",
    "first_times": "person",
}
TABLES = tuple(_KEYS)

_PAUSE_SECONDS = 0.1

# How many values of each part are keys of erased ids, in rows that stay.
_STAYING = """
SELECT _part, key, count()
FROM (
    SELECT _part, arrayJoin([{keys}]) AS key
    FROM {table}
    WHERE hasAny([{keys}], {{owns:Array(UInt64)}}) AND NOT (project_id = {{project:String}} AND {gone}))
WHERE key IN {{owns:Array(UInt64)}}
GROUP BY _part, key
"""

_MERGING = """
SELECT count()
FROM system.merges
WHERE database = currentDatabase() AND table IN {tables:Array(String)}
"""

_FOLDERS = """
SELECT name, arrayJoin(data_paths)
FROM system.tables
WHERE database = currentDatabase() AND name IN {tables:Array(String)}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What was searched, and found.

    Args:
        files: how many files there are.
        texts: those of the given texts that stand in some.
    """

    files: int
    texts: Collection[bytes]


@asynccontextmanager
async def no_merges(engine: Pool) -> AsyncIterator[None]:
    """Let no part be merged within the block."""
    await _each(engine, "SYSTEM STOP MERGES")
    try:
        await _until_none(engine)
        yield
    finally:
        await _each(engine, "SYSTEM START MERGES")


async def search(
    engine: Pool,
    folder: Path,
    texts: Collection[bytes],
    gone: Mapping[str, str],
    parameters: Mapping[str, object],
) -> Searched:
    """Search the files of all tables, whose parts must not change meanwhile.

    Args:
        engine: where they are.
        folder: where its files are.
        texts: what else to look for.
        gone: of each table, the condition of what is not to be there.
        parameters: of these conditions; `owns` are the keys to look for.

    Raises:
        UnavailableError: a file holds a key that no row which may stay accounts for.
    """
    owns = parameters["owns"]
    assert isinstance(owns, tuple)
    keys = {own.to_bytes(8, "little") for own in owns}
    statement = Statement(text=_FOLDERS, parameters={"tables": TABLES})
    files = 0
    named: set[bytes] = set()
    for table, path in zip(*(await engine.query(statement, Limits())).columns, strict=True):
        place = folder / path
        files += sum(1 for file in place.rglob("*") if file.is_file())
        found = await asyncio.to_thread(files_with, place, {*keys, *texts})
        named |= {each for here in found.values() for each in here if each not in keys}
        holding = {file: here & keys for file, here in found.items() if here & keys}
        if holding:
            staying = await _staying(engine, table, gone[table], parameters)
            if file := await asyncio.to_thread(_unaccounted, place, holding, staying):
                message = f"{file.relative_to(folder)} still holds an erased person; run it again"
                raise UnavailableError(message, reason="NOT_ERASED")
    return Searched(files=files, texts=named)


async def _staying(
    engine: Pool, table: str, gone: str, parameters: Mapping[str, object]
) -> dict[tuple[str, bytes], int]:
    """Count, of each part and key, how often rows that stay hold it."""
    text = _STAYING.format(table=table, keys=_KEYS[table], gone=gone)
    rows = await engine.query(Statement(text=text, parameters=parameters, columns=3), Limits())
    return {
        (part, key.to_bytes(8, "little")): number for part, key, number in zip(*rows.columns, strict=True)
    }


def _unaccounted(
    place: Path, holding: Mapping[Path, set[bytes]], staying: Mapping[tuple[str, bytes], int]
) -> Path | None:
    """Find a file with a key that its part holds otherwise than rows that stay do."""
    written: Counter[tuple[str, bytes]] = Counter()
    for file, keys in holding.items():
        # Of a part's files only these hold rows; others repeat some of their values.
        if file.suffix == ".bin":
            for key in keys:
                written[_part(place, file), key] += count_in(file, key)
    for file, keys in holding.items():
        for key in keys:
            where = _part(place, file), key
            if where not in staying or staying[where] != written[where]:
                return file
    return None


def _part(place: Path, file: Path) -> str:
    return file.relative_to(place).parts[0]


async def _each(engine: Pool, command: str) -> None:
    for table in TABLES:
        await engine.alter(Statement(text=f"{command} {table}"))


async def _until_none(engine: Pool) -> None:
    """Wait for merges that are being cancelled."""
    statement = Statement(text=_MERGING, parameters={"tables": TABLES})
    while True:
        if not (await engine.query(statement, Limits())).columns[0][0]:
            return
        await asyncio.sleep(_PAUSE_SECONDS)
