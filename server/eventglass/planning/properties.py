"""What a filter or breakdown names: a property, a fact about the event, or a trait of the person."""

import enum
from dataclasses import dataclass


class Fact(enum.Enum):
    """A fact about an event that is no property; a text, missing when empty."""

    EVENT_NAME = "$event_name"
    PERSON_ID = "$person_id"
    SESSION_ID = "$session_id"


# Of a trait's whole name, in bytes, and the dots in it: each may be where the name that was given ends.
LONGEST_TRAIT_NAME = 1_024
MOST_TRAIT_DOTS = 32


@dataclass(frozen=True, slots=True)
class EventProperty:
    """A property under its whole name.

    Args:
        name: the whole name.
        promoted: it is read from a column of its own (see planning/promoted.py).
    """

    name: str
    promoted: bool = False


@dataclass(frozen=True, slots=True)
class Trait:
    """What is known of the event's person under a whole name.

    Args:
        name: the trait's.
        at_event: as it was at the event; else as it is now.
    """

    name: str
    at_event: bool

    @property
    def given_names(self) -> list[str]:
        """The names that it may have been given under, itself or nested; the first with a value counts."""
        dots = [place for place, letter in enumerate(self.name) if letter == "." and place]
        return [self.name, *(self.name[:place] for place in reversed(dots))]


class SessionEnd(enum.Enum):
    """Which event of a session; the value is how names of its values begin."""

    ENTRY = "$session.entry."
    EXIT = "$session.exit."


@dataclass(frozen=True, slots=True)
class SessionValue:
    """A value of the first or last event of the event's session."""

    end: SessionEnd
    of: Fact | EventProperty


Operand = Fact | EventProperty | Trait | SessionValue

_FACTS = {fact.value: fact for fact in Fact}
_AT_EVENT = "$user_at_event."

# Names of traits of the event's person, as they are now.
USER_PREFIX = "$user."

# Names of persons' traits: unknown where only an event is at hand.
TRAIT_PREFIXES = (USER_PREFIX, _AT_EVENT)


def is_name_of_trait(name: str) -> bool:
    """Tell whether a trait may be called so, with all that it is nested in."""
    return len(name.encode()) <= LONGEST_TRAIT_NAME and name.count(".") <= MOST_TRAIT_DOTS


def operand(name: str) -> Operand:
    """Resolve a name; facts, traits and values of sessions hide properties of the same name."""
    if name.startswith(USER_PREFIX):
        return Trait(name.removeprefix(USER_PREFIX), at_event=False)
    if name.startswith(_AT_EVENT):
        return Trait(name.removeprefix(_AT_EVENT), at_event=True)
    for end in SessionEnd:
        if name.startswith(end.value):
            return SessionValue(end, _of_event(name.removeprefix(end.value)))
    return _of_event(name)


def _of_event(name: str) -> Fact | EventProperty:
    return _FACTS.get(name) or EventProperty(name)
