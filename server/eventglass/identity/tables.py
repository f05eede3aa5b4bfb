"""What is stored of persons: the tables `person_ids`, `traits` and `erasures`."""

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from eventglass.engine.engine import Engine, Limits
from eventglass.identity.links import Link
from eventglass.identity.told import Erased
from eventglass.identity.traits import Trait
from eventglass.planning.people import WHOEVER, People
from eventglass.sql.statement import Statement

_PERSON_IDS, _TRAITS, _ERASURES = "person_ids", "traits", "erasures"
_MILLISECONDS = pa.timestamp("ms", tz="UTC")

_PEOPLE = """
SELECT project_id, max(newest), max(merged), max(erased), sum(erasures)
FROM (
    SELECT project_id, max(version) AS newest, countIf(person != own) > 0 AS merged, 0 AS erased,
        0 AS erasures
    FROM person_ids
    GROUP BY project_id
    UNION ALL
    SELECT project_id, max(version) AS newest, 0 AS merged, 0 AS erased,
        0 AS erasures
    FROM traits
    GROUP BY project_id
    UNION ALL
    SELECT project_id, max(version) AS newest, 0 AS merged, 1 AS erased,
        countIf(with_events) AS erasures
    FROM erasures
    GROUP BY project_id)
GROUP BY project_id
"""

_NEWEST = """
SELECT greatest(
    (SELECT max(version) FROM person_ids WHERE project_id = {project:String}),
    (SELECT max(version) FROM traits WHERE project_id = {project:String}),
    (SELECT max(version) FROM erasures WHERE project_id = {project:String}))
"""

# The links of ids, and of all members of their persons: what an id is now, or was, is in its newest row
# until then, and a person that it was of before is filtered out after that. Who is erased is noted before
# their ids are forgotten (register.py): of an erasure that was cut off between the two, links from before
# it are left.
_LINKS = """
SELECT own, latest.1, latest.2, latest.3, latest.4, newest <= gone
FROM (
    SELECT own, argMax((id, is_user, person, person_id), version) AS latest, max(version) AS newest
    FROM person_ids
    WHERE project_id = {project:String}
        AND own IN (
            SELECT own
            FROM person_ids
            WHERE project_id = {project:String} AND person IN {persons:Array(UInt64)})
        AND version <= {version:UInt64}
    GROUP BY own) AS links
ANY LEFT JOIN (
    SELECT own, max(version) AS gone
    FROM erasures
    WHERE project_id = {project:String} AND with_events
    GROUP BY own) AS erased ON erased.own = links.own
WHERE latest.3 IN {persons:Array(UInt64)} AND latest.1 != ''
"""

_PERSONS = """
SELECT DISTINCT person
FROM (
    SELECT own, argMax(person, version) AS person
    FROM person_ids
    WHERE project_id = {project:String} AND own IN {owns:Array(UInt64)}
    GROUP BY own)
"""

_LATEST = """
SELECT own, name, latest.1, latest.2, latest.3
FROM (
    SELECT own, name, max((toUnixTimestamp64Milli(since), version, given)) AS latest
    FROM traits
    ANY LEFT JOIN (
        SELECT own, max(version) AS gone
        FROM erasures
        WHERE project_id = {project:String} AND own IN {owns:Array(UInt64)}
        GROUP BY own) AS erased ON erased.own = traits.own
    WHERE project_id = {project:String} AND own IN {owns:Array(UInt64)} AND name IN {names:Array(String)}
        AND version > gone
    GROUP BY own, name)
"""


async def all_people(engine: Engine) -> dict[str, People]:
    """Give what is known of each project's persons."""
    found = await _asked(engine, _PEOPLE)
    return {
        project: People(version=version, merged=bool(merged), erased=bool(erased), erasures=erasures)
        for project, version, merged, erased, erasures in zip(*found.columns, strict=True)
    }


async def newest_version(engine: Engine, project_id: str) -> int:
    """Give the version of what was said last of a project's persons, by whomever; 0: nothing was."""
    return int((await _asked(engine, _NEWEST, project=project_id)).columns[0][0])


async def links_of(engine: Engine, project_id: str, owns: Iterable[int]) -> list[Link]:
    """Read the links of ids and of all members of their persons."""
    (persons,) = (await _asked(engine, _PERSONS, project=project_id, owns=tuple(owns))).columns
    return await members_of(engine, project_id, persons) if persons else []


async def members_of(
    engine: Engine, project_id: str, persons: Iterable[int], version: int = WHOEVER.version
) -> list[Link]:
    """Read the links of all ids of some persons, by their keys, as they are or as they were at a version."""
    found = await _asked(engine, _LINKS, project=project_id, persons=tuple(persons), version=version)
    return [
        Link(
            own=own,
            id=id_,
            is_user=bool(is_user),
            person=person,
            person_id=person_id,
            is_erased=bool(is_erased),
        )
        for own, id_, is_user, person, person_id, is_erased in zip(*found.columns, strict=True)
    ]


async def latest_traits(
    engine: Engine, project_id: str, owns: Iterable[int], names: Iterable[str]
) -> list[Trait]:
    """Read what some traits of some user ids are now, without what can be asked for in them."""
    found = await _asked(engine, _LATEST, project=project_id, owns=tuple(owns), names=tuple(names))
    return [
        Trait(own=own, name=name, since_ms=since_ms, version=version, given=given, leaves={})
        for own, name, since_ms, version, given in zip(*found.columns, strict=True)
    ]


async def insert_links(engine: Engine, project_id: str, links: Sequence[Link], version: int) -> None:
    """Store links; when it returns they are on disk."""
    if not links:
        return
    columns = {
        "project_id": pa.array([project_id] * len(links), pa.string()),
        "own": pa.array([link.own for link in links], pa.uint64()),
        "id": pa.array([link.id for link in links], pa.string()),
        "is_user": pa.array([link.is_user for link in links], pa.bool_()),
        "person": pa.array([link.person for link in links], pa.uint64()),
        "person_id": pa.array([link.person_id for link in links], pa.string()),
        "version": pa.array([version] * len(links), pa.uint64()),
    }
    await engine.insert(_PERSON_IDS, pa.table(columns))


async def insert_traits(engine: Engine, project_id: str, traits: Sequence[Trait]) -> None:
    """Store traits; when it returns they are on disk."""
    if not traits:
        return
    values = [list(trait.leaves.values()) for trait in traits]
    columns = {
        "project_id": pa.array([project_id] * len(traits), pa.string()),
        "name": pa.array([trait.name for trait in traits], pa.string()),
        "own": pa.array([trait.own for trait in traits], pa.uint64()),
        "since": pa.array([trait.since_ms for trait in traits], pa.int64()).cast(_MILLISECONDS),
        "version": pa.array([trait.version for trait in traits], pa.uint64()),
        "given": pa.array([trait.given for trait in traits], pa.string()),
        "paths": pa.array([list(trait.leaves) for trait in traits], pa.list_(pa.string())),
        "kinds": pa.array([[kind for kind, _, _ in each] for each in values], pa.list_(pa.uint8())),
        "numbers": pa.array([[number for _, number, _ in each] for each in values], pa.list_(pa.float64())),
        "texts": pa.array([[text for _, _, text in each] for each in values], pa.list_(pa.string())),
    }
    await engine.insert(_TRAITS, pa.table(columns))


async def insert_erasures(engine: Engine, told: Erased, owns: Sequence[int], version: int) -> None:
    """Leave ids out from now on; when it returns that is on disk."""
    columns = {
        "project_id": pa.array([told.project_id] * len(owns), pa.string()),
        "own": pa.array(owns, pa.uint64()),
        "version": pa.array([version] * len(owns), pa.uint64()),
        "with_events": pa.array([told.with_events] * len(owns), pa.bool_()),
        "until": pa.array([told.until_ms] * len(owns), pa.int64()).cast(_MILLISECONDS),
    }
    await engine.insert(_ERASURES, pa.table(columns))


async def _asked(engine: Engine, text: str, **parameters: Any) -> Any:
    return await engine.query(Statement(text=text, parameters=parameters), Limits())
