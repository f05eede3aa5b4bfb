"""The oracle's persons, against answers made by hand."""

from datetime import UTC, datetime

import pytest

from profiles.v1.profiles_sdk_service_pb2 import AliasRequest, IdentifyRequest
from profiles.v1.profiles_service_pb2 import DeleteRequest, DeleteUserRequest
from tests.oracle.history import StoredEvent
from tests.oracle.identities import Call, called, identified


def knows(user: str, anonymous: str = "") -> Call:
    return IdentifyRequest(external_id=user, anonymous_id=anonymous)


def also(previous: str, user: str) -> Call:
    return AliasRequest(previous_id=previous, external_id=user)


def forget(name: str) -> Call:
    return DeleteUserRequest(id=name)


CASES: dict[str, tuple[list[Call], dict[str, str]]] = {
    "nothing said": ([], {}),
    "a user": ([knows("ann")], {"ann": "ann"}),
    "a device": ([knows("ann", "phone")], {"ann": "ann", "phone": "ann"}),
    "said twice": ([knows("ann", "phone")] * 2, {"ann": "ann", "phone": "ann"}),
    "two devices": (
        [knows("ann", "phone"), knows("ann", "desk")],
        {"ann": "ann", "phone": "ann", "desk": "ann"},
    ),
    "a shared device": (
        [knows("ann", "laptop"), knows("bob", "laptop")],
        {"ann": "ann", "laptop": "ann", "bob": "bob"},
    ),
    "a shared device and an alias": (
        [knows("ann", "laptop"), also("laptop", "bob")],
        {"ann": "ann", "laptop": "ann", "bob": "bob"},
    ),
    "a user as an anonymous id": ([knows("ann"), knows("bob", "ann")], {"ann": "ann", "bob": "bob"}),
    "itself": ([knows("ann", "ann"), also("ann", "ann")], {"ann": "ann"}),
    "two users": (
        [knows("ann", "phone"), knows("anna", "desk"), also("ann", "anna")],
        {"ann": "anna", "phone": "anna", "anna": "anna", "desk": "anna"},
    ),
    "an unknown former id": ([also("old", "ann")], {"old": "ann", "ann": "ann"}),
    "a former id stays with the first": (
        [also("old", "ann"), also("old", "bob")],
        {"old": "ann", "ann": "ann", "bob": "bob"},
    ),
    "a chain": (
        [also("a", "b"), also("b", "c"), also("c", "d")],
        {"a": "d", "b": "d", "c": "d", "d": "d"},
    ),
    "a chain from its end": (
        [also("c", "d"), also("b", "c"), also("a", "b")],
        {"a": "d", "b": "d", "c": "d", "d": "d"},
    ),
    "a cycle": (
        [also("a", "b"), also("b", "c"), also("c", "a")],
        {"a": "c", "b": "c", "c": "c"},
    ),
    "an alias for a device": (
        [knows("ann", "phone"), also("old", "phone")],
        {"ann": "ann", "phone": "ann", "old": "ann"},
    ),
    "a device that is a user's id now": (
        [knows("ann", "phone"), knows("phone"), knows("bob"), also("phone", "bob")],
        {"ann": "bob", "phone": "bob", "bob": "bob"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_persons(name: str) -> None:
    calls, people = CASES[name]

    assert called(calls) == people


NOW = datetime(2026, 6, 1, tzinfo=UTC)


def traits(user: str, since: int, **values: str) -> Call:
    call = IdentifyRequest(external_id=user)
    call.traits.update(values)
    call.timestamp.FromMilliseconds(since)
    return call


def at(time: int, user: str) -> StoredEvent:
    return StoredEvent(name="x", time=time, properties={}, user_id=user)


def test_traits_are_of_the_person_and_of_their_time() -> None:
    calls = [traits("ann", 10, plan="pro"), traits("old", 5, plan="free", age="4"), also("old", "ann")]

    before, between, after = identified([at(4, "ann"), at(5, "old"), at(10, "ann")], calls, NOW)

    assert {each.called for each in (before, between, after)} == {"ann"}
    assert before.traits == between.traits == after.traits == {"plan": "pro", "age": "4"}
    assert before.traits_then == {}
    assert between.traits_then == {"plan": "free", "age": "4"}
    assert after.traits_then == {"plan": "pro", "age": "4"}


def test_of_equal_times_the_later_call_counts() -> None:
    (event,) = identified([at(9, "ann")], [traits("ann", 5, plan="a"), traits("ann", 5, plan="b")], NOW)

    assert event.traits == event.traits_then == {"plan": "b"}


def test_erased_persons_are_gone_with_all_their_ids() -> None:
    calls = [knows("ann", "phone"), traits("ann", 1, plan="pro"), forget("phone"), knows("ann")]

    found = identified([at(2, "ann"), at(3, "phone"), at(4, "bob")], calls, NOW)

    assert [each.user_id for each in found] == ["bob"]
    assert called(calls) == {"ann": "ann"}


def test_forgotten_traits_leave_events_and_ids() -> None:
    calls = [knows("ann", "phone"), traits("ann", 1, plan="pro"), DeleteRequest(id="phone")]

    found = identified([at(2, "ann"), at(3, "phone")], calls, NOW)

    assert [each.called for each in found] == ["ann", "ann"]
    assert [each.traits for each in found] == [{}, {}]
