"""Persons with more ids, and calls with more traits, than one value of a ClickHouse server holds."""

import pytest
from google.protobuf.json_format import MessageToDict

from eventglass.engine.pool import Pool
from eventglass.errors import NotFoundError
from eventglass.identity import tables
from eventglass.identity.disk import remove_erased
from eventglass.identity.links import Link
from eventglass.identity.profiles import get
from eventglass.identity.register import Register
from eventglass.ingest.identity import key_of
from eventglass.ingest.writer import Writer
from tests.identity.saying import erase, happen, identify, looking

# Keys have 20 digits.
_IDS = 7_000


async def test_a_call_may_have_many_long_names(engine: Pool, register: Register, project_id: str) -> None:
    traits = {f"{number} {'x' * 150}": number for number in range(1_000)}

    await identify(register, project_id, "ann", traits=traits)
    await identify(register, project_id, "ann", traits=traits | {"plan": "pro"})

    profile = await get("ann", looking(register, project_id), engine, None)
    assert MessageToDict(profile.traits) == traits | {"plan": "pro"}


async def test_a_person_of_many_ids_is_seen_and_erased(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    ids = [f"phone {number}" for number in range(_IDS)]
    person = key_of(ids[0])
    links = [
        Link(own=key_of(each), id=each, is_user=True, person=person, person_id=ids[0] * (each == ids[0]))
        for each in ids
    ]
    await tables.insert_links(engine, project_id, links, version=1)
    await identify(register, project_id, ids[1], traits={"plan": "free"})
    await happen(writer, project_id, ("a", 1, ids[1]), ("a", 2, ids[-1]), ("a", 3, "bob"))
    seen = await get(ids[2], looking(register, project_id), engine, None)

    await erase(register, project_id, ids[3])
    gone = await remove_erased(engine, project_id, None)

    assert (seen.profile_id, seen.event_count, seen.more_ids) == (ids[0], 2, _IDS - len(seen.ids))
    assert MessageToDict(seen.traits) == {"plan": "free"}
    assert set(gone.ids) == set(ids)
    with pytest.raises(NotFoundError):
        await get(ids[2], looking(register, project_id), engine, None)
    assert (await get("bob", looking(register, project_id), engine, None)).event_count == 1
