"""What was erased leaves the disk: `eventglass erase`, and the proof of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eventglass.engine.engine import Limits
from eventglass.engine.layout import id_spellings
from eventglass.engine.pool import Pool
from eventglass.errors import UnavailableError
from eventglass.identity.proof import TABLES, no_merges, search
from eventglass.ingest.event_hours import leave_out_erased
from eventglass.sql.statement import Statement

# Shorter ids are found in anything by chance; their keys are looked for.
_SHORTEST = 6
_PAUSE_SECONDS = 0.5
_MOST_SECONDS = 300.0

_ERASED = """
SELECT
    own,
    max(version),
    maxIf(version, with_events),
    toUnixTimestamp64Milli(maxIf(until, with_events)),
    max(with_events)
FROM erasures
WHERE project_id = {project:String}
GROUP BY own
ORDER BY own
"""

_ERASED_UNTIL = (
    "transform(person, {owns:Array(UInt64)}, {untils:Array(Int64)}, toInt64(-4611686018427387904))"
)

# Days of sessions on which they did nothing that is left, once the events are gone.
_DAYS_GONE = """person IN {owns:Array(UInt64)} AND (day, session, person) NOT IN (
    SELECT toDate32(time), session, person
    FROM events
    WHERE project_id = {project:String} AND person IN {owns:Array(UInt64)})"""

# Of each table, what is to go. The arrays are those of `_Erased`; nobody has the key 0.
_GONE = {
    "events": f"toUnixTimestamp64Milli(least(time, received_at)) <= {_ERASED_UNTIL}",
    "person_ids": "version <= transform(own, {owns:Array(UInt64)}, {versions:Array(UInt64)}, toUInt64(0))",
    "traits": "version <= transform(own, {all_owns:Array(UInt64)}, {all_versions:Array(UInt64)},"
    " toUInt64(0))",
    # After the events, as a server that gathers them meanwhile would bring some back. Of hours, those in
    # which they did nothing that is left.
    "active_hours": f"toUnixTimestamp64Milli(latest) <= {_ERASED_UNTIL}",
    # What came after is read from events, of all who were erased.
    "first_times": f"toUnixTimestamp64Milli(first) <= {_ERASED_UNTIL}",
    "session_days": _DAYS_GONE,
    "long_sessions": _DAYS_GONE,
}
# What is counted of events, where a property's value may be an id. No key is in it.
_COUNTS = ("event_hours", "property_hours")
# Their rows are not counted: they say nothing that events do not.
_GATHERED = ("active_hours", "first_times", "session_days", "long_sessions")

_REWRITTEN = (*TABLES, *_COUNTS)

_IDS = """
SELECT DISTINCT id
FROM (
    SELECT id
    FROM person_ids
    WHERE project_id = {{project:String}} AND own IN {{owns:Array(UInt64)}} AND id != '' AND {links}
    UNION ALL
    SELECT if(user_id != '', user_id, anonymous_id) AS id
    FROM events
    WHERE project_id = {{project:String}} AND person IN {{owns:Array(UInt64)}} AND {events})
""".format(links=_GONE["person_ids"], events=_GONE["events"])

_INACTIVE = """
SELECT count()
FROM system.parts
WHERE database = currentDatabase() AND NOT active AND table IN {tables:Array(String)}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What left the disk.

    Args:
        ids: whose it was.
        rows: how many rows of events, links and traits.
        named: ids that files still name, for other events carry them.
        files: how many files were searched; 0 where a server keeps them.
    """

    ids: Sequence[str]
    rows: int
    named: Sequence[str]
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Erased:
    """Keys of erased ids, and until when or which version; `all_…` with those whose traits alone are."""

    owns: tuple[int, ...]
    untils: tuple[int, ...]
    versions: tuple[int, ...]
    all_owns: tuple[int, ...]
    all_versions: tuple[int, ...]

    def parameters(self, project_id: str) -> dict[str, object]:
        return {
            "project": project_id,
            "owns": self.owns,
            "untils": self.untils,
            "versions": self.versions,
            "all_owns": self.all_owns,
            "all_versions": self.all_versions,
        }


async def remove_erased(engine: Pool, project_id: str, folder: Path | None) -> Gone:
    """Rewrite what holds something of erased persons, wait until the old files are gone, and search them.

    Args:
        engine: where it is.
        project_id: whose persons.
        folder: where the engine's files are; None where a server keeps them.

    Raises:
        UnavailableError: something of them is still there.
    """
    erased = await _erased(engine, project_id)
    if not erased.all_owns:
        return Gone(ids=(), rows=0, named=(), files=0)
    parameters = erased.parameters(project_id)
    (ids,) = (await engine.query(Statement(text=_IDS, parameters=parameters), Limits())).columns
    rows = 0
    for table, condition in _GONE.items():
        number = await _remove(engine, table, condition, parameters)
        rows += 0 if table in _GATHERED else number
    if folder is not None:
        # Where a server has them, others ask; it leaves them out within the hour.
        await leave_out_erased(engine)
    # Also when nothing is deleted now: an earlier run may have ended between the two.
    await _drop_old_files(engine)
    gone = Gone(ids=ids, rows=rows, named=(), files=0)
    return gone if folder is None else await _proven(engine, folder, gone, parameters)


async def _erased(engine: Pool, project_id: str) -> _Erased:
    rows = await engine.query(Statement(text=_ERASED, parameters={"project": project_id}), Limits())
    everybody = list(zip(*rows.columns, strict=True))
    whole = [(own, version, until) for own, _, version, until, with_events in everybody if with_events]
    return _Erased(
        owns=tuple(own for own, _, _ in whole),
        untils=tuple(until for _, _, until in whole),
        versions=tuple(version for _, version, _ in whole),
        all_owns=tuple(own for own, *_ in everybody),
        all_versions=tuple(version for _, version, *_ in everybody),
    )


async def _remove(engine: Pool, table: str, condition: str, parameters: dict[str, object]) -> int:
    where = f"project_id = {{project:String}} AND {condition}"
    number = await _count(engine, table, where, parameters)
    if not number:
        return 0  # to delete nothing would rewrite the table's parts all the same
    text = f"ALTER TABLE {table} DELETE WHERE {where} SETTINGS mutations_sync = 2"
    await engine.alter(Statement(text=text, parameters=parameters))
    if await _count(engine, table, where, parameters):
        raise UnavailableError("some of it is still there; run it again", reason="NOT_ERASED")
    return number


async def _count(engine: Pool, table: str, where: str, parameters: dict[str, object]) -> int:
    text = f"SELECT count() FROM {table} WHERE {where}"
    return int((await engine.query(Statement(text=text, parameters=parameters), Limits())).columns[0][0])


async def _drop_old_files(engine: Pool) -> None:
    """Wait until the parts that were rewritten are gone; the engine would keep them for minutes."""
    for table in _REWRITTEN:
        await engine.alter(Statement(text=f"ALTER TABLE {table} MODIFY SETTING old_parts_lifetime = 0"))
    try:
        async with asyncio.timeout(_MOST_SECONDS):
            while await _old_files(engine):
                await _wake_cleaning(engine)
                await asyncio.sleep(_PAUSE_SECONDS)
    except TimeoutError:
        message = "the engine keeps files of what was erased; run it again"
        raise UnavailableError(message, reason="NOT_ERASED") from None
    finally:
        for table in _REWRITTEN:
            await engine.alter(Statement(text=f"ALTER TABLE {table} RESET SETTING old_parts_lifetime"))


async def _wake_cleaning(engine: Pool) -> None:
    """An idle table looks for work, and for old parts, every few minutes; to allow merges makes it look."""
    for table in _REWRITTEN:
        await engine.alter(Statement(text=f"SYSTEM START MERGES {table}"))


async def _proven(engine: Pool, folder: Path, gone: Gone, parameters: dict[str, object]) -> Gone:
    texts = {spelled: each for each in gone.ids if len(each) >= _SHORTEST for spelled in id_spellings(each)}
    while True:
        async with no_merges(engine):
            if not await _old_files(engine):
                found = await search(engine, folder, texts.keys(), _GONE, parameters)
                return replace(gone, named=sorted({texts[each] for each in found.texts}), files=found.files)
        # A merge has ended in between.
        await _drop_old_files(engine)


async def _old_files(engine: Pool) -> int:
    statement = Statement(text=_INACTIVE, parameters={"tables": _REWRITTEN})
    return int((await engine.query(statement, Limits())).columns[0][0])
