"""Persons, as Identify and Alias make them (semantics 2.7 to 2.11): a plain list of groups of ids."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from profiles.v1.profiles_sdk_service_pb2 import AliasRequest, IdentifyRequest

Call = IdentifyRequest | AliasRequest


@dataclass
class Person:
    """One person. All ids that belong to them, and what they are called."""

    called: str
    ids: set[str] = field(default_factory=set)


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
