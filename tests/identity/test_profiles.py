"""Persons to look at: one by one, and page by page."""

import asyncio

import pytest
from google.protobuf.json_format import MessageToDict

from eventglass.engine.pool import Pool
from eventglass.errors import NotFoundError
from eventglass.identity.profiles import MOST_IDS, get, list_profiles
from eventglass.identity.register import Register
from eventglass.ingest.writer import Writer
from profiles.v1.profiles_service_pb2 import ListRequest
from tests.identity.saying import alias, erase, happen, identify, looking


async def listed(engine: Pool, register: Register, project_id: str, size: int = 2) -> list[str]:
    """List what all persons are called, by pages."""
    names: list[str] = []
    request = ListRequest(page_size=size)
    while True:
        page = await list_profiles(request, looking(register, project_id), engine, None)
        names += [profile.profile_id for profile in page.profiles]
        assert len(page.profiles) <= size
        if not page.next_page_token:
            return names
        request.page_token = page.next_page_token


async def test_a_person_with_several_ids(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 1, "~phone"), ("a", 30, "ann"), ("a", 5, "old"), ("a", 9, "bob"))
    traits = {"plan": "free", "age": 40, "tags": ["x"], "home": {"city": "Bonn"}, "gone": 1}
    await identify(register, project_id, "ann", "phone", traits=traits)
    await identify(register, project_id, "ann", traits={"plan": "pro", "gone": None})
    await alias(register, project_id, "old", "ann")

    profiles = [
        await get(each, looking(register, project_id), engine, None) for each in ("ann", "phone", "old")
    ]

    assert profiles[0] == profiles[1] == profiles[2]
    assert MessageToDict(profiles[0]) == {
        "profileId": "ann",
        "ids": ["ann", "old", "phone"],
        "traits": {"plan": "pro", "age": 40, "tags": ["x"], "home": {"city": "Bonn"}},
        "firstSeen": "2026-05-01T01:00:00Z",
        "lastSeen": "2026-05-02T06:00:00Z",
        "eventCount": 3,
    }


async def traits_of(engine: Pool, register: Register, project_id: str, who: str) -> dict[str, object]:
    """Ask what is known of a person."""
    profile = await get(who, looking(register, project_id), engine, None)
    return MessageToDict(profile.traits)


async def test_a_value_that_was_given_again_is_as_new_as_the_last_time(
    engine: Pool, register: Register, project_id: str
) -> None:
    given = [("pro", "2026-05-01"), ("pro", "2026-05-03"), ("free", "2026-05-02")]

    for plan, day in given:
        await identify(register, project_id, "ann", traits={"plan": plan}, timestamp=f"{day}T00:00:00Z")

    assert await traits_of(engine, register, project_id, "ann") == {"plan": "pro"}


async def test_of_joined_persons_the_value_that_was_given_last_counts(
    engine: Pool, register: Register, project_id: str
) -> None:
    given = [("ann", "pro", "2026-05-01"), ("old", "free", "2026-05-02"), ("ann", "pro", "2026-05-03")]

    for who, plan, day in given:
        await identify(register, project_id, who, traits={"plan": plan}, timestamp=f"{day}T00:00:00Z")
    await alias(register, project_id, "old", "ann")

    assert await traits_of(engine, register, project_id, "ann") == {"plan": "pro"}


async def test_a_person_whom_nobody_has_identified(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 1, "~phone"))

    profile = await get("phone", looking(register, project_id), engine, None)

    assert profile.profile_id == "phone"
    assert list(profile.ids) == ["phone"]
    assert profile.event_count == 1


async def test_a_person_without_events(engine: Pool, register: Register, project_id: str) -> None:
    await identify(register, project_id, "ann", traits={"plan": "pro"})

    profile = await get("ann", looking(register, project_id), engine, None)

    assert MessageToDict(profile) == {"profileId": "ann", "ids": ["ann"], "traits": {"plan": "pro"}}


async def test_nobody(engine: Pool, register: Register, project_id: str) -> None:
    with pytest.raises(NotFoundError):
        await get("nobody", looking(register, project_id), engine, None)


async def test_an_erased_person_is_nobody(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 1, "~phone"), ("a", 2, "ann"), ("a", 3, "bob"))
    await identify(register, project_id, "ann", "phone", traits={"plan": "pro"})
    await erase(register, project_id, "ann")

    scope = looking(register, project_id)
    for each in ("ann", "phone"):
        with pytest.raises(NotFoundError):
            await get(each, scope, engine, None)
    assert await listed(engine, register, project_id) == ["bob"]


async def test_more_ids_than_are_shown_are_counted(engine: Pool, register: Register, project_id: str) -> None:
    devices = [f"device {number:04}" for number in range(MOST_IDS + 3)]
    await asyncio.gather(*(identify(register, project_id, "ann", each) for each in devices))

    profile = await get("ann", looking(register, project_id), engine, None)

    assert list(profile.ids) == ["ann", *devices][:MOST_IDS]
    assert profile.more_ids == 4


async def test_pages_of_all_persons(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(
        writer,
        project_id,
        *(("a", hour, f"u{hour}") for hour in range(6)),
        ("a", 3, "~d"),
        ("a", 40, ""),  # nobody
    )
    await identify(register, project_id, "u0", "d", traits={"plan": "pro"})
    await alias(register, project_id, "u5", "u1")
    await identify(register, project_id, "quiet")

    # By the last event; u0 and u3 have theirs at the same time.
    names = await listed(engine, register, project_id)

    assert names[:2] == ["u1", "u4"]
    assert sorted(names[2:4]) == ["u0", "u3"]
    assert names[4:] == ["u2", "quiet"]


async def test_pages_see_the_persons_that_the_first_page_saw(
    engine: Pool, register: Register, project_id: str
) -> None:
    for each in ("ann", "bob", "cyd"):
        await identify(register, project_id, each, f"{each}'s phone", traits={"is": each})
    first = await list_profiles(ListRequest(page_size=1), looking(register, project_id), engine, None)
    (shown,) = first.profiles
    one, other = {"ann", "bob", "cyd"} - {shown.profile_id}
    await alias(register, project_id, one, other)

    rest = ListRequest(page_size=1, page_token=first.next_page_token)
    second = await list_profiles(rest, looking(register, project_id), engine, None)
    rest.page_token = second.next_page_token
    third = await list_profiles(rest, looking(register, project_id), engine, None)

    later = {each.profile_id: MessageToDict(each.traits) for each in (*second.profiles, *third.profiles)}
    assert later == {one: {"is": one}, other: {"is": other}}
    assert not third.next_page_token


async def test_who_is_erased_is_on_no_later_page(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 1, "dan"))
    for each in ("ann", "bob"):
        await identify(register, project_id, each, f"{each}'s phone", traits={"is": each})
    first = await list_profiles(ListRequest(page_size=1), looking(register, project_id), engine, None)
    await erase(register, project_id, "ann")
    await identify(register, project_id, "ann")

    rest = ListRequest(page_size=2, page_token=first.next_page_token)
    later = await list_profiles(rest, looking(register, project_id), engine, None)

    assert [profile.profile_id for profile in (*first.profiles, *later.profiles)] == ["dan", "bob"]


async def test_a_page_tells_traits_and_events(
    engine: Pool, writer: Writer, register: Register, project_id: str
) -> None:
    await happen(writer, project_id, ("a", 1, "old"), ("a", 2, "ann"))
    await identify(register, project_id, "old", traits={"age": 40})
    await identify(register, project_id, "ann", traits={"plan": "pro"})
    await alias(register, project_id, "old", "ann")

    page = await list_profiles(ListRequest(), looking(register, project_id), engine, None)

    assert [MessageToDict(profile) for profile in page.profiles] == [
        {
            "profileId": "ann",
            "traits": {"age": 40, "plan": "pro"},
            "firstSeen": "2026-05-01T01:00:00Z",
            "lastSeen": "2026-05-01T02:00:00Z",
            "eventCount": 2,
        }
    ]
