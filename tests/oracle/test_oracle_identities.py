"""The oracle's persons, against answers made by hand."""

import pytest

from profiles.v1.profiles_sdk_service_pb2 import AliasRequest, IdentifyRequest
from tests.oracle.identities import Call, called


def knows(user: str, anonymous: str = "") -> Call:
    return IdentifyRequest(external_id=user, anonymous_id=anonymous)


def also(previous: str, user: str) -> Call:
    return AliasRequest(previous_id=previous, external_id=user)


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
