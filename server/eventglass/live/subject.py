"""A stored event as conditions look at it, without the engine."""

from functools import cached_property

import orjson

from eventglass.engine.layout import property_path
from eventglass.ingest.accept import Row
from eventglass.planning.properties import EventProperty, Fact, Operand

# As the engine stores them (see engine/layout.py): a text, number or boolean, or the one compact JSON
# text of a list or object in a list.
Value = str | float | bool | list[str]


class Subject:
    """One event; its properties are only read when they are asked for."""

    def __init__(self, row: Row) -> None:
        self.row = row

    @cached_property
    def properties(self) -> dict[str, Value]:
        """Its properties, by their paths."""
        properties: dict[str, Value] = orjson.loads(self.row.properties)
        return properties

    @property
    def person_id(self) -> str:
        """Who did it; "" is nobody."""
        return self.row.user_id or self.row.anonymous_id

    def value(self, operand: Operand) -> Value | None:
        """Give what a condition asks for; None where it is missing."""
        match operand:
            case EventProperty(name):
                return self.properties.get(property_path(name))
            case Fact.EVENT_NAME:
                return self.row.event or None
            case Fact.PERSON_ID:
                return self.person_id or None
            case Fact.SESSION_ID:
                return self.row.session_id or None
