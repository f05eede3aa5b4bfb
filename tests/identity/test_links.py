"""The rules of links, against the oracle's plain groups and for what they cost."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventglass.identity.links import Link, Links
from profiles.v1.profiles_sdk_service_pb2 import AliasRequest, IdentifyRequest
from tests.identity.saying import NOW
from tests.oracle.identities import Call, called
from tests.oracle.identity_specs import joins
from tests.oracle.test_oracle_identities import CASES


def told(links: Links, call: Call) -> str:
    match call:
        case IdentifyRequest():
            return links.identify(call.external_id, call.anonymous_id)
        case AliasRequest():
            return links.alias(call.previous_id, call.external_id)
        case _:
            raise AssertionError(call)


def names(known: Sequence[Link]) -> dict[str, str]:
    """Say what the person of each id is called."""
    people = {link.own: link.person_id for link in known if link.own == link.person}
    return {link.id: people[link.person] for link in known}


@pytest.mark.parametrize("name", CASES)
def test_persons(name: str) -> None:
    said, people = CASES[name]
    links = Links([])

    for call in said:
        told(links, call)

    assert names(links.changes) == people


@given(said=st.lists(joins([NOW]), max_size=6), cut=st.integers(0, 5))
def test_calls_together_or_apart_make_the_same_persons(said: list[Call], cut: int) -> None:
    first = Links([])
    for call in said[:cut]:
        told(first, call)
    second = Links(first.changes)
    for call in said[cut:]:
        told(second, call)
    known = {link.own: link for link in (*first.changes, *second.changes)}

    assert names(list(known.values())) == called(said)


@given(said=st.lists(joins([NOW]), max_size=6))
def test_a_call_that_is_sent_again_changes_nothing(said: list[Call]) -> None:
    known: list[Link] = []
    for call in said:
        links = Links(known)
        first = told(links, call)
        known = list({link.own: link for link in (*known, *links.changes)}.values())
        again = Links(known)

        second = told(again, call)

        assert second == first
        assert again.changes == []


@pytest.mark.parametrize("from_the_start", [True, False])
def test_a_chain_of_aliases_costs_little(*, from_the_start: bool) -> None:
    ids = [f"id{number}" for number in range(257)]
    pairs = list(pairwise(ids))
    known: dict[int, Link] = {}
    written = 0

    for previous, user in pairs if from_the_start else reversed(pairs):
        links = Links(known.values())
        links.alias(previous, user)
        written += len(links.changes)
        known |= {link.own: link for link in links.changes}

    assert names(list(known.values())) == dict.fromkeys(ids, ids[-1])
    assert written <= 3 * len(ids)  # the id that moves, and the person's name


def test_joining_persons_in_pairs_costs_little_more() -> None:
    ids = [f"id{number}" for number in range(256)]
    links = Links([])
    known: dict[int, Link] = {}
    written = 0

    for size in (1, 2, 4, 8, 16, 32, 64, 128):
        for one, other in zip(ids[:: 2 * size], ids[size :: 2 * size], strict=True):
            links = Links(known.values())
            links.alias(one, other)
            written += len(links.changes)
            known |= {link.own: link for link in links.changes}

    assert set(names(list(known.values()))) == set(ids)
    assert written <= len(ids) * 8  # n log n
