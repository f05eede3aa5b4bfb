"""Who is erased is in no answer from then on, and stays so."""

from datetime import timedelta

import pytest

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.errors import UnavailableError
from eventglass.identity.register import Register, open_register
from eventglass.ingest.writer import Writer
from eventglass.live import catch_up
from eventglass.live.log import list_events
from eventglass.planning import zone as clock
from eventglass.sql.statement import Statement
from events.v1.list_pb2 import ListRequest
from events.v1.stream_pb2 import StreamRequest
from tests.identity.saying import NOW, alias, ask, erase, happen, identify, looking, users
from tests.ingest.looking import Faulty

TABLE = {"breakdown": {"property": "$user.plan"}, "visualization": "VISUALIZATION_TABLE"}
# After the erasure, as the writer's clock never goes back either.
LATER = NOW + timedelta(days=400 * 365)


async def half_erased(engine: Pool, project_id: str, *, restarted: bool) -> Register:
    """Say that Ann is erased, which is noted when the disk becomes full; give the register that goes on."""
    faulty = Faulty(engine)
    register = await open_register(faulty)
    await identify(register, project_id, "ann", "phone")
    faulty.failing["person_ids"] = UnavailableError("the disk is full")
    with pytest.raises(UnavailableError):
        await erase(register, project_id, "ann", now=NOW - timedelta(days=29))
    faulty.failing.clear()
    return await open_register(engine) if restarted else register


async def links_since_erasure(engine: Pool, project_id: str) -> list[str]:
    """List the ids with links that do not leave the disk with who was erased."""
    text = """
        SELECT id
        FROM person_ids
        ANY LEFT JOIN (
            SELECT own, max(version) AS gone
            FROM erasures
            WHERE project_id = {p:String}
            GROUP BY own) AS erased ON erased.own = person_ids.own
        WHERE project_id = {p:String} AND version > gone AND gone > 0
        ORDER BY id"""
    rows = await engine.query(Statement(text=text, parameters={"p": project_id}, columns=1), Limits())
    return list(rows.columns[0])


async def by_plan(engine: Pool, register: Register, project_id: str) -> list[tuple[str | None, float]]:
    found = await ask(engine, register, project_id, TABLE)
    return [(row["dimensions"][0].get("text"), row["value"]) for row in found["rows"]]


async def test_events_traits_and_ids_are_gone(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 1, "~phone"), ("a", 2, "ann"), ("a", 3, "old"), ("a", 4, "bob"))
    await identify(register, project_id, "ann", "phone", traits={"plan": "pro"})
    await identify(register, project_id, "bob", traits={"plan": "free"})
    await alias(register, project_id, "old", "ann")

    await erase(register, project_id, "phone", now=LATER)

    assert await users(engine, register, project_id) == 1
    assert await by_plan(engine, register, project_id) == [("free", 1)]
    log = await list_events(ListRequest(), looking(register, project_id), engine, None)
    assert [event.user_id for event in log.events] == ["bob"]


async def test_an_id_that_nobody_has_identified_can_be_erased_and_twice(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 1, "~phone"), ("a", 2, "bob"))

    await erase(register, project_id, "phone", now=LATER)
    await erase(register, project_id, "phone", now=LATER)
    await erase(register, project_id, "never seen", now=LATER)

    assert await users(engine, register, project_id) == 1


async def test_a_register_that_is_opened_later_knows_who_was_erased(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 1, "ann"))
    await erase(register, project_id, "ann", now=LATER)

    later = await open_register(engine)

    assert later.people(project_id).erased
    assert await users(engine, later, project_id) == 0


async def test_the_same_id_is_a_new_person_afterwards(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 1, "ann"), ("a", 2, "~phone"))
    await identify(register, project_id, "ann", "phone", traits={"plan": "pro", "age": 40})
    await erase(register, project_id, "ann", now=NOW - timedelta(days=29))

    # What happened and arrived before the erasure is gone, what did so after it is not.
    await happen(writer, project_id, ("b", 1, "ann"), ("c", 100, "ann"), ("d", 101, "~phone"))
    await identify(register, project_id, "ann", traits={"plan": "pro"})

    assert await users(engine, register, project_id) == 2
    assert set(await by_plan(engine, register, project_id)) == {("pro", 1), (None, 1)}


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_is_told_after_an_erasure_that_failed_halfway_does_not_go_with_it(
    restarted: bool, engine: Pool, writer: Writer, project_id: str
) -> None:
    register = await half_erased(engine, project_id, restarted=restarted)

    name = await identify(register, project_id, "ann", "phone")

    await happen(writer, project_id, ("a", 100, "ann"), ("a", 101, "~phone"))
    assert name == "ann"
    assert await users(engine, register, project_id) == 1
    assert await links_since_erasure(engine, project_id) == ["ann", "phone"]


@pytest.mark.parametrize("restarted", [False, True])
async def test_an_erasure_that_failed_halfway_takes_in_all_ids_when_it_is_told_again(
    restarted: bool, engine: Pool, writer: Writer, project_id: str
) -> None:
    register = await half_erased(engine, project_id, restarted=restarted)
    await identify(register, project_id, "eve")
    await happen(writer, project_id, ("a", 100, "ann"), ("a", 101, "~phone"))

    await erase(register, project_id, "ann", now=LATER)

    assert await users(engine, register, project_id) == 0
    assert await links_since_erasure(engine, project_id) == []


async def test_traits_alone_can_be_forgotten_and_given_again(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 1, "ann"), ("a", 2, "~phone"))
    await identify(register, project_id, "ann", "phone", traits={"plan": "pro"})

    await erase(register, project_id, "phone", with_events=False)
    forgotten = await by_plan(engine, register, project_id)
    await identify(register, project_id, "ann", traits={"plan": "pro"})

    assert forgotten == [(None, 2)]
    assert await by_plan(engine, register, project_id) == [("pro", 2)]
    assert await users(engine, register, project_id) == 1


async def test_another_project_keeps_its_person(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    other = f"{project_id}-other"
    for each in (project_id, other):
        await happen(writer, each, ("a", 1, "ann"))

    await erase(register, project_id, "ann", now=LATER)

    assert await users(engine, register, project_id) == 0
    assert await users(engine, register, other) == 1


async def test_pages_that_began_before_lose_the_person_too(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, *(("a", hour, f"u{hour}") for hour in range(4)))
    spec = {"breakdown": {"property": "$person_id"}, "visualization": "VISUALIZATION_TABLE", "pageSize": 2}
    first = await ask(engine, register, project_id, spec)

    await erase(register, project_id, "u3", now=LATER)
    second = await ask(engine, register, project_id, spec | {"pageToken": first["nextPageToken"]})

    assert [row["dimensions"][0]["text"] for row in first["rows"]] == ["u0", "u1"]
    assert [row["dimensions"][0]["text"] for row in second["rows"]] == ["u2"]


async def test_a_stream_that_catches_up_loses_the_person_too(
    engine: Pool, writer: Writer, register: Register, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catch_up, "_PAGE_SIZE", 1)
    await happen(writer, project_id, ("a", 1, "bob"), ("a", 2, "ann"), ("a", 3, "bob"))
    request = StreamRequest()
    request.arrived_after.FromMilliseconds(0)
    scope = looking(register, project_id)
    messages = catch_up.missed(request, scope, engine, clock.instant(LATER))

    seen = [(await anext(messages)).events[0].user_id]
    await erase(register, project_id, "ann", now=LATER)
    async for message in messages:
        seen += [event.user_id for event in message.events]

    assert seen == ["bob", "bob"]
