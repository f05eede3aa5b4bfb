"""Values whose parts stand beside each other: of traits, of sessions, and of promoted properties."""

from dataclasses import dataclass

from eventglass.planning.properties import EventProperty, SessionValue, Trait
from eventglass.sql.fragment import Fragment, name, sql
from eventglass.sql.promoted import read
from eventglass.sql.traits import trait

# What the values of sessions are called that stand beside events (session_values.py).
SESSION_VALUE = "session_value"


@dataclass(frozen=True, slots=True)
class Apart:
    """A value's parts.

    Args:
        kind: 0 missing, 1 false, 2 true, 3 a number, 4 a text, 5 a list or object. UInt8.
        number: 0 where it is none. Float64.
        text: a text, or a list's or object's compact JSON; "" where it is neither. String.
    """

    kind: Fragment
    number: Fragment
    text: Fragment


def apart(operand: EventProperty | Trait | SessionValue) -> Apart:
    """Read the parts of a value; a property must be promoted."""
    match operand:
        case EventProperty():
            return _parts(read(operand), "kind", "number", "text")
        case Trait():
            return _parts(trait(operand), "1", "2", "3")
        case SessionValue():
            return _parts(name(SESSION_VALUE, operand), "1", "2", "3")


def _parts(of: Fragment, *parts: str) -> Apart:
    return Apart(*(sql(f"{{of}}.{part}", of=of) for part in parts))
