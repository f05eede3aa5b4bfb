"""What is said of persons is in every answer when the call returns, and stays there."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from typing import cast

import pytest

from eventglass.engine import outcomes
from eventglass.engine.pool import Pool
from eventglass.errors import LimitError, UnavailableError
from eventglass.identity import register as registering
from eventglass.identity.register import Register, open_register
from eventglass.ingest.writer import Writer
from tests.identity.saying import alias, ask, funnel, happen, identify, users
from tests.ingest.looking import Faulty
from tests.patience import PATIENCE


async def test_three_devices_two_people_and_a_shared_laptop(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(
        writer,
        project_id,
        ("view", 1, "~ann's phone"),
        ("cart", 2, "~laptop"),  # Ann, before she logs in
        ("view", 3, "~bob's phone"),
        ("buy", 30, "ann"),
        ("cart", 40, "bob"),  # on the laptop, logged in
    )
    apart = await funnel(engine, register, project_id, "view", "cart", "buy")

    await identify(register, project_id, "ann", "ann's phone")
    await identify(register, project_id, "ann", "laptop")
    await identify(register, project_id, "bob", "bob's phone")
    await identify(register, project_id, "bob", "laptop")

    assert apart == [2, 0, 0]
    assert await funnel(engine, register, project_id, "view", "cart", "buy") == [2, 2, 1]
    assert await users(engine, register, project_id) == 2


async def test_events_that_come_later_are_the_persons_too(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await identify(register, project_id, "ann", "phone")

    await happen(writer, project_id, ("view", 1, "~phone"), ("buy", 2, "ann"))

    assert await funnel(engine, register, project_id, "view", "buy") == [1, 1]


async def test_an_alias_joins_two_users_and_is_called_as_the_second(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("view", 1, "~phone"), ("view", 2, "old"), ("view", 3, "new"))
    await identify(register, project_id, "old", "phone")

    name = await alias(register, project_id, "old", "new")

    assert name == "new"
    assert await identify(register, project_id, "old") == "new"
    assert await users(engine, register, project_id) == 1


async def test_another_project_knows_nothing_of_it(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    other = f"{project_id}-other"
    for each in (project_id, other):
        await happen(writer, each, ("view", 1, "~phone"), ("view", 2, "ann"))

    await identify(register, project_id, "ann", "phone")

    assert await users(engine, register, project_id) == 1
    assert await users(engine, register, other) == 2


async def test_calls_at_once_take_effect_in_their_order(register: Register, project_id: str) -> None:
    first, *others = await asyncio.gather(
        identify(register, project_id, "ann", "laptop"),
        identify(register, project_id, "bob", "laptop"),
        alias(register, project_id, "laptop", "eve"),
        alias(register, project_id, "bob", "ann"),
        identify(register, project_id, "bob"),
    )

    assert [first, *others] == ["ann", "bob", "eve", "ann", "ann"]


async def test_a_register_that_is_opened_later_knows_it(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("view", 1, "~phone"), ("view", 2, "ann"))
    await identify(register, project_id, "ann", "phone")

    later = await open_register(engine)

    assert later.people(project_id) == register.people(project_id)
    assert await users(engine, later, project_id) == 1
    assert await alias(later, project_id, "ann", "anna") == "anna"


async def test_thousands_of_aliases_in_a_chain_and_around(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    ids = [f"id{number}" for number in range(3_000)]
    await happen(writer, project_id, *((("view", 1, each)) for each in ids[:1_000]))

    await asyncio.gather(*(alias(register, project_id, one, other) for one, other in pairwise(ids)))
    around = await alias(register, project_id, ids[-1], ids[0])

    assert around == ids[-1]
    assert await users(engine, register, project_id) == 1


async def test_people_change_while_a_table_is_paged(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, *(("view", hour, f"~d{hour}") for hour in range(4)))
    spec = {
        "aggregation": "AGGREGATION_UNIQUE_USERS",
        "breakdown": {"property": "$person_id"},
        "visualization": "VISUALIZATION_TABLE",
        "pageSize": 2,
    }
    first = await ask(engine, register, project_id, spec)

    await identify(register, project_id, "ann", "d0")
    await identify(register, project_id, "ann", "d3")
    second = await ask(engine, register, project_id, spec | {"pageToken": first["nextPageToken"]})

    found = [row["dimensions"][0]["text"] for row in (*first["rows"], *second["rows"])]
    assert found == ["d0", "d1", "d2", "d3"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("table", ["person_ids", "traits"])
async def test_what_could_not_be_stored_is_said_again(
    table: str, after: bool, engine: Pool, writer: Writer, project_id: str
) -> None:
    await happen(writer, project_id, ("view", 1, "~phone"), ("view", 2, "ann"))
    faulty = Faulty(engine)
    faulty.failing[table] = UnavailableError("the disk is full")
    faulty.after = after
    broken = Register(faulty, {})

    with pytest.raises(UnavailableError):
        await identify(broken, project_id, "ann", "phone", traits={"plan": "pro"})
    faulty.failing.clear()
    await identify(broken, project_id, "ann", "phone", traits={"plan": "pro"})

    assert await users(engine, broken, project_id) == 1
    assert await users(engine, broken, project_id, plan="pro") == 1


async def test_traits_that_were_stored_before_another_call_failed_are_seen_when_said_again(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    await happen(writer, project_id, ("view", 1, "ann"))
    faulty = Faulty(engine)
    broken = Register(faulty, {})
    await identify(broken, project_id, "ann")
    faulty.failing["person_ids"] = UnavailableError("the disk is full")

    together = await asyncio.gather(
        identify(broken, project_id, "ann", traits={"plan": "pro"}),
        identify(broken, project_id, "bob", "phone"),
        return_exceptions=True,
    )
    before = broken.people(project_id)
    await identify(broken, project_id, "ann", traits={"plan": "pro"})

    assert [type(each) for each in together] == [UnavailableError, UnavailableError]
    assert await users(engine, broken, project_id, plan="pro") == 1
    assert broken.people(project_id) == before, "what was kept of it is thrown away already"


async def test_what_comes_to_light_after_it_failed_contradicts_nothing(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    await happen(writer, project_id, *[("view", hour, who) for hour, who in enumerate(("a", "b", "c"))])
    faulty = Faulty(engine)
    register = Register(faulty, {})
    faulty.failing["person_ids"] = UnavailableError("the connection is gone")
    faulty.later = True
    with pytest.raises(UnavailableError):
        await alias(register, project_id, "a", "b")
    faulty.failing.clear()

    await alias(register, project_id, "b", "c")
    await faulty.settle_inserts()

    assert await identify(register, project_id, "a") == "c"
    assert await users(engine, register, project_id) == 1


async def test_nobody_waits_behind_a_call_that_hangs(
    engine: Pool, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "STALLED_SECONDS", 0.1)
    faulty = Faulty(engine)
    register = Register(faulty, {})
    faulty.hanging = asyncio.Event()
    hanging = asyncio.create_task(identify(register, project_id, "ann"))
    await asyncio.sleep(1.0)

    with pytest.raises(UnavailableError) as caught:
        await asyncio.wait_for(identify(register, project_id, "bob"), timeout=PATIENCE)

    assert (caught.value.reason, caught.value.retry_after is None) == ("ENGINE_UNAVAILABLE", False)
    faulty.hanging.set()
    assert await hanging == "ann"
    assert await identify(register, project_id, "bob") == "bob"


async def test_what_fails_for_one_project_fails_for_no_other(engine: Pool, project_id: str) -> None:
    faulty = Faulty(engine)
    faulty.failing["person_ids"] = UnavailableError("the disk is full", retry_after=timedelta(seconds=1))
    register = Register(faulty, {})
    other = f"{project_id}-other"
    await identify(Register(engine, {}), other, "bob")

    first, second = await asyncio.gather(
        identify(register, project_id, "ann"), identify(register, other, "bob"), return_exceptions=True
    )

    assert isinstance(first, UnavailableError)
    assert second == "bob"


async def test_a_limit_of_a_look_up_is_not_the_callers(engine: Pool, project_id: str) -> None:
    faulty = Faulty(engine)
    faulty.failing["query"] = LimitError("narrow it", reason="MEMORY_LIMIT")

    with pytest.raises(UnavailableError) as failed:
        await identify(Register(faulty, {}), project_id, "ann")

    assert failed.value.reason == "NOT_STORED"
    assert failed.value.retry_after is not None


async def test_nobody_waits_for_ever_after_something_unforeseen(engine: Pool, project_id: str) -> None:
    faulty = Faulty(engine)
    faulty.failing["query"] = cast("LimitError", ZeroDivisionError())
    register = Register(faulty, {})

    told = await asyncio.gather(
        *(identify(register, each, "ann") for each in (project_id, f"{project_id}-other")),
        return_exceptions=True,
    )

    assert [type(each) for each in told] == [UnavailableError, UnavailableError]


async def test_too_many_waiting_calls_are_refused(
    register: Register, project_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registering, "MOST_WAITING", 3)

    told = await asyncio.gather(
        *(identify(register, project_id, f"user {number}") for number in range(10)), return_exceptions=True
    )

    refused = [each for each in told if isinstance(each, LimitError)]
    assert len(refused) == 7
    assert {each.reason for each in refused} == {"QUEUE_FULL"}
    assert all(each.retry_after for each in refused)
