"""A new event as conditions look at it, without the engine."""

import time
from functools import cached_property

import orjson

from eventglass.engine.layout import property_path
from eventglass.ingest.accept import Row
from eventglass.ingest.properties import Leaf
from eventglass.live.stored import stored_event
from eventglass.planning.properties import EventProperty, Fact, Operand, SessionValue, Trait
from events.v1.stored_event_pb2 import StoredEvent


class Subject:
    """One event; what is costly is only made when it is asked for, and then once.

    Args:
        row: as it was stored.
        received_ms: its arrival, in milliseconds since 1970.
    """

    def __init__(self, row: Row, received_ms: int) -> None:
        self.row = row
        self.received_ms = received_ms
        self._made = time.monotonic()

    @property
    def waited(self) -> float:
        """For how many seconds it has been at hand."""
        return time.monotonic() - self._made

    @cached_property
    def properties(self) -> dict[str, Leaf]:
        """Its properties, by their paths (see engine/layout.py)."""
        properties: dict[str, Leaf] = orjson.loads(self.row.properties)
        return properties

    @cached_property
    def message(self) -> StoredEvent:
        """What callers get of it; not to be changed."""
        row = self.row
        return stored_event(
            event_id=row.event_id,
            name=row.event,
            time_ms=row.time_ms,
            received_ms=self.received_ms,
            person_id=self.person_id,
            user_id=row.user_id,
            anonymous_id=row.anonymous_id,
            session_id=row.session_id,
            properties=row.properties,
            context=row.context,
        )

    @property
    def person_id(self) -> str:
        """Who did it; "" is nobody."""
        return self.row.user_id or self.row.anonymous_id

    def value(self, operand: Operand) -> Leaf | None:
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
            case Trait() | SessionValue():
                raise ValueError(
                    "conditions on traits and sessions are refused where only an event is at hand"
                )
