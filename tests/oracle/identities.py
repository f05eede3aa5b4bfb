"""Persons, as Identify, Alias and the erasures make them (semantics 2.7 to 2.14): plain groups of ids."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from profiles.v1.profiles_sdk_service_pb2 import AliasRequest, IdentifyRequest
from profiles.v1.profiles_service_pb2 import DeleteRequest, DeleteUserRequest
from tests.oracle.history import Json, StoredEvent, json_object, milliseconds, milliseconds_of

Call = IdentifyRequest | AliasRequest | DeleteRequest | DeleteUserRequest


@dataclass
class Person:
    """One person. All ids that belong to them, and what they are called."""

    called: str
    ids: set[str] = field(default_factory=set)


@dataclass
class Known:
    """What is known of a project's persons.

    Attributes:
        people: those that some call has named.
        users: the ids that were named as users' ids.
        given: traits with the id that they were given to and since when, in the order of the calls.
        gone: the ids whose events are erased.
    """

    people: list[Person] = field(default_factory=list)
    users: set[str] = field(default_factory=set)
    given: list[tuple[str, int, dict[str, Json]]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    def person(self, name: str) -> Person | None:
        """Find the person of an id."""
        return next((person for person in self.people if name in person.ids), None)

    def user(self, name: str) -> Person:
        """Find the person of a user's id; a new id is a new person."""
        self.users.add(name)
        person = self.person(name)
        if person is None:
            person = Person(called=name, ids={name})
            self.people.append(person)
        return person

    def tell(self, call: Call, now: int) -> None:
        """Take a call in, which comes now."""
        match call:
            case IdentifyRequest():
                user = self.user(call.external_id)
                if call.anonymous_id and self.person(call.anonymous_id) is None:
                    user.ids.add(call.anonymous_id)
                since = milliseconds(call.timestamp) if call.HasField("timestamp") else now
                self.given.append((call.external_id, min(since, now), json_object(call.traits)))
            case AliasRequest():
                user = self.user(call.external_id)
                other = self.person(call.previous_id)
                if other is None:
                    user.ids.add(call.previous_id)
                elif call.previous_id in self.users and other is not user:
                    user.ids |= other.ids
                    self.people.remove(other)
            case DeleteRequest() | DeleteUserRequest():
                erased = self.person(call.id)
                ids = erased.ids if erased else {call.id}
                self.given = [each for each in self.given if each[0] not in ids]
                if isinstance(call, DeleteUserRequest):
                    self.people = [each for each in self.people if each is not erased]
                    self.users -= ids
                    self.gone |= ids

    def traits(self, person: Person, until: int) -> dict[str, Json]:
        """Give each trait of a person the value that it got last."""
        given = [(since, traits) for name, since, traits in self.given if name in person.ids]
        found: dict[str, Json] = {}
        for since, traits in sorted(given, key=lambda each: each[0]):
            if since <= until:
                found |= traits
        return found


def known(calls: Iterable[Call], now: datetime) -> Known:
    """Take calls in, in the order in which they took effect; all of them come now."""
    found = Known()
    for call in calls:
        found.tell(call, milliseconds_of(now))
    return found


def called(calls: Iterable[Call]) -> dict[str, str]:
    """Say what the person of each id is called that some call has named, when all have returned."""
    people = known(calls, datetime.fromisoformat("2100-01-01T00:00:00Z")).people
    return {each: person.called for person in people for each in person.ids}


def identified(events: Iterable[StoredEvent], calls: Iterable[Call], now: datetime) -> list[StoredEvent]:
    """Tell every event who its person is, and what is known of them now and at its time.

    Args:
        events: of one project; all of them had arrived when the calls came.
        calls: in the order in which they took effect.
        now: when all of them came.
    """
    people = known(calls, now)
    found = []
    for event in events:
        person = people.person(event.own_id)
        if event.own_id and event.own_id in people.gone:
            continue
        if person is not None:
            event = replace(  # noqa: PLW2901
                event,
                called=person.called,
                traits=people.traits(person, milliseconds_of(now)),
                traits_then=people.traits(person, event.time),
            )
        found.append(event)
    return found
