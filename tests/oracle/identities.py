"""Persons, as Identify and Alias make them (semantics 2.7 to 2.11): a plain list of groups of ids."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from profiles.v1.profiles_sdk_service_pb2 import AliasRequest, IdentifyRequest
from tests.oracle.history import Json, StoredEvent, json_object, milliseconds, milliseconds_of

Call = IdentifyRequest | AliasRequest


@dataclass
class Person:
    """One person. All ids that belong to them, and what they are called."""

    called: str
    ids: set[str] = field(default_factory=set)


def identified(events: Iterable[StoredEvent], calls: Sequence[Call], now: datetime) -> list[StoredEvent]:
    """Tell every event who its person is, and what is known of them now and at its time.

    Args:
        events: of one project.
        calls: in the order in which they took effect.
        now: when all of them came.
    """
    names = called(calls)
    known = []
    for event in events:
        person = names.get(event.own_id, "")
        given = [] if not person else _given(person, calls, names, milliseconds_of(now))
        then = [each for each in given if each[0] <= event.time]
        known.append(replace(event, called=person, traits=_latest(given), traits_then=_latest(then)))
    return known


def _given(
    person: str, calls: Iterable[Call], names: dict[str, str], now: int
) -> list[tuple[int, dict[str, Json]]]:
    """List what Identify has said of a person by any of their ids, and since when, in the order of time."""
    found = []
    for call in calls:
        if isinstance(call, IdentifyRequest) and names[call.external_id] == person:
            since = milliseconds(call.timestamp) if call.HasField("timestamp") else now
            found.append((min(since, now), json_object(call.traits)))
    return sorted(found, key=lambda each: each[0])


def _latest(given: Iterable[tuple[int, dict[str, Json]]]) -> dict[str, Json]:
    """Give each trait the value that it got last."""
    traits: dict[str, Json] = {}
    for _, each in given:
        traits |= each
    return traits


def called(calls: Iterable[Call]) -> dict[str, str]:
    """Say what the person of each id is called that some call has named, when all have returned."""
    people: list[Person] = []
    users: set[str] = set()
    for call in calls:
        match call:
            case IdentifyRequest():
                user = _user(call.external_id, people, users)
                if call.anonymous_id and _person(call.anonymous_id, people) is None:
                    user.ids.add(call.anonymous_id)
            case AliasRequest():
                user = _user(call.external_id, people, users)
                other = _person(call.previous_id, people)
                if other is None:
                    user.ids.add(call.previous_id)
                elif call.previous_id in users and other is not user:
                    user.ids |= other.ids
                    people.remove(other)
    return {each: person.called for person in people for each in person.ids}


def _user(name: str, people: list[Person], users: set[str]) -> Person:
    """Find the person of a user's id; a new id is a new person."""
    users.add(name)
    person = _person(name, people)
    if person is None:
        person = Person(called=name, ids={name})
        people.append(person)
    return person


def _person(name: str, people: list[Person]) -> Person | None:
    return next((person for person in people if name in person.ids), None)
