"""What a filter or breakdown names: a property of the event, or a fact about it (semantics 4.6)."""

import enum
from dataclasses import dataclass


class Fact(enum.Enum):
    """A fact about an event that is no property; a text, missing when empty."""

    EVENT_NAME = "$event_name"
    PERSON_ID = "$person_id"
    SESSION_ID = "$session_id"


@dataclass(frozen=True, slots=True)
class EventProperty:
    """A property under its whole name."""

    name: str


Operand = Fact | EventProperty

_FACTS = {fact.value: fact for fact in Fact}

# Names that are promised and not built yet: never a property of the event.
UNBUILT_PREFIXES = ("$user.", "$user_at_event.", "$session.entry.", "$session.exit.")


def operand(name: str) -> Operand:
    """Resolve a name; facts hide properties of the same name."""
    return _FACTS.get(name) or EventProperty(name)
