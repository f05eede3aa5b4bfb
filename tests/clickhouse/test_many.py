"""Persons with more ids, and calls with more traits, than one value of a ClickHouse server holds."""

from pathlib import Path

import pytest
from google.protobuf.json_format import MessageToDict

from eventglass.engine.clickhouse import open_clickhouse
from eventglass.engine.pool import Pool
from eventglass.errors import NotFoundError
from eventglass.identity import tables
from eventglass.identity.disk import remove_erased
from eventglass.identity.links import Link
from eventglass.identity.profiles import get
from eventglass.identity.register import Register, open_register
from eventglass.ingest.identity import key_of
from eventglass.ingest.writer import open_writer
from tests.clickhouse.conftest import running
from tests.identity.saying import erase, happen, identify, looking

# Keys have 20 digits.
_IDS = 7_000


async def test_a_call_may_have_many_long_names(engine: Pool, register: Register, project_id: str) -> None:
    traits = {f"{number} {'x' * 150}": number for number in range(1_000)}

    await identify(register, project_id, "ann", traits=traits)
    await identify(register, project_id, "ann", traits=traits | {"plan": "pro"})

    profile = await get("ann", looking(register, project_id), engine, None)
    assert MessageToDict(profile.traits) == traits | {"plan": "pro"}


async def test_a_person_of_many_ids_is_seen_and_erased(tmp_path: Path, project_id: str) -> None:
    """On a server of its own: who erases waits until it has cleaned up after everybody."""
    ids = [f"phone {number}" for number in range(_IDS)]
    person = key_of(ids[0])
    links = [
        Link(own=key_of(each), id=each, is_user=True, person=person, person_id=ids[0] * (each == ids[0]))
        for each in ids
    ]
    with running(tmp_path) as server:
        engine = open_clickhouse(server.dsn)
        register, writer = await open_register(engine), await open_writer(engine)
        await tables.insert_links(engine, project_id, links, version=1)
        await identify(register, project_id, ids[1], traits={"plan": "free"})
        await happen(writer, project_id, ("a", 1, ids[1]), ("a", 2, ids[-1]), ("a", 3, "bob"))
        seen = await get(ids[2], looking(register, project_id), engine, None)

        await erase(register, project_id, ids[3])
        gone = await remove_erased(engine, project_id, None)

        with pytest.raises(NotFoundError):
            await get(ids[2], looking(register, project_id), engine, None)
        assert (await get("bob", looking(register, project_id), engine, None)).event_count == 1
        for each in (writer, register, engine):
            await each.close()
    assert (seen.profile_id, seen.event_count, seen.more_ids) == (ids[0], 2, _IDS - len(seen.ids))
    assert MessageToDict(seen.traits) == {"plan": "free"}
    assert set(gone.ids) == set(ids)
