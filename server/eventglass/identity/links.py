"""The rules of which ids are one person (semantics 2.7 to 2.11). Pure.

A person is a group of ids. All events count under the *key* of one of its ids, which is chosen so
that joining persons moves the smaller group: a chain of n aliases writes no more than n log n rows.
What the person is *called* is kept beside that key, and follows the rules instead.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from eventglass.ingest.identity import key_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What is known of an id.

    Args:
        own: its key.
        id: the id.
        is_user: it has been named as a user's; else it is anonymous.
        person: the key under which its person's events count.
        person_id: what the person is called, where `own` is that key; else "".
        is_erased: the row that says so leaves the disk with who was erased, though nobody has forgotten it.
    """

    own: int
    id: str
    is_user: bool
    person: int
    person_id: str
    is_erased: bool = False


class Links:
    """The links of a project that some calls need, and what the calls make of them.

    Args:
        known: the links of all ids that the calls name, and of all members of their persons.
    """

    def __init__(self, known: Iterable[Link]) -> None:
        self._links = {link.own: link for link in known}
        self._members: dict[int, set[int]] = defaultdict(set)
        for link in self._links.values():
            self._members[link.person].add(link.own)
        # What is known of who calls speak of now is to stay, so that none of it may leave the disk.
        self._changed = {link.own for link in self._links.values() if link.is_erased}

    def identify(self, user_id: str, anonymous_id: str) -> str:
        """Make an id a user's, and an anonymous one that is nobody's yet theirs; say what they are called."""
        person = self._user(user_id)
        if anonymous_id:
            self._give(anonymous_id, person)
        return self._links[person].person_id

    def alias(self, previous_id: str, user_id: str) -> str:
        """Make two ids one person's, called as the user is; say how that is."""
        person = self._user(user_id)
        previous = self._links.get(key_of(previous_id))
        if previous is None:
            self._give(previous_id, person)
        elif previous.is_user and previous.person != person:
            person = self._join(previous.person, person)
        return self._links[person].person_id

    def ids_of(self, own_id: str) -> list[int]:
        """List the keys of all ids of an id's person; an id that no call has named is its only one."""
        link = self._links.get(key_of(own_id))
        return sorted(self._members[link.person]) if link else [key_of(own_id)]

    def forget(self, owns: Iterable[int]) -> None:
        """Make ids what they were before any call has named them."""
        for own in owns:
            if own in self._links:
                self._set(Link(own=own, id="", is_user=False, person=own, person_id=""))

    def user_ids(self, user_id: str) -> list[int]:
        """List the keys of all user ids of an id's person."""
        members = self._members[self._links[key_of(user_id)].person]
        return [own for own in members if self._links[own].is_user]

    @property
    def changes(self) -> list[Link]:
        """The links that are new or different."""
        return [self._links[own] for own in sorted(self._changed)]

    def _user(self, user_id: str) -> int:
        """Make an id a user's; give the key of the person."""
        own = key_of(user_id)
        link = self._links.get(own)
        if link is None:
            self._set(Link(own=own, id=user_id, is_user=True, person=own, person_id=user_id))
        elif not link.is_user:
            self._set(replace(link, is_user=True))
        return self._links[own].person

    def _give(self, anonymous_id: str, person: int) -> None:
        """Make an anonymous id a person's, unless it belongs to one."""
        own = key_of(anonymous_id)
        if own not in self._links:
            self._set(Link(own=own, id=anonymous_id, is_user=False, person=person, person_id=""))

    def _join(self, previous: int, person: int) -> int:
        """Make two persons one, called as the second is; give the key it has now."""
        called = self._links[person].person_id
        moved, stays = sorted((previous, person), key=lambda each: (len(self._members[each]), each))
        for own in self._members.pop(moved):
            self._set(replace(self._links[own], person=stays, person_id=""))
        self._set(replace(self._links[stays], person_id=called))
        return stays

    def _set(self, link: Link) -> None:
        self._links[link.own] = link
        self._members[link.person].add(link.own)
        self._changed.add(link.own)
