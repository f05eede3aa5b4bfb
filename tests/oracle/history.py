"""Events as the oracle sees them: what is left of a batch when duplicates are gone and times are cut."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from google.protobuf.duration_pb2 import Duration
from google.protobuf.struct_pb2 import Struct, Value
from google.protobuf.timestamp_pb2 import Timestamp

from events.v1.event_pb2 import Event

Json = None | bool | float | str | list["Json"] | dict[str, "Json"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """One event that counts. `time` is in milliseconds since 1970; an absent id is "".

    Attributes:
        called: what its person is called, if Identify or Alias has named their id.
        traits: what is known of the person; `traits_then`, as it was at the event.
        of_person: all events of its person, once `remembered` has found them.
    """

    name: str
    time: int
    properties: Mapping[str, Json]
    event_id: str = ""
    user_id: str = ""
    anonymous_id: str = ""
    session_id: str = ""
    called: str = ""
    traits: Mapping[str, Json] = field(default_factory=dict)
    traits_then: Mapping[str, Json] = field(default_factory=dict)
    of_person: Sequence["StoredEvent"] = field(default=(), compare=False, repr=False)

    @property
    def own_id(self) -> str:
        """By which id the event names who did it; "" is nobody."""
        return self.user_id or self.anonymous_id

    @property
    def person(self) -> str:
        """Who did it (semantics 2.2); "" is nobody."""
        return self.called or self.own_id


def stored(events: Sequence[Event], arrival: datetime) -> list[StoredEvent]:
    """Keep the first event of each event_id (2.3), with times in whole milliseconds (1.1).

    An event without a time has the time of its arrival.
    """
    seen: set[str] = set()
    kept = []
    for event in events:
        if event.event_id and event.event_id in seen:
            continue
        seen.add(event.event_id)
        kept.append(_stored(event, arrival))
    return kept


def remembered(events: Iterable[StoredEvent]) -> list[StoredEvent]:
    """Tell every event all events of its person; an event of nobody has none."""
    by_person: dict[str, list[StoredEvent]] = {}
    found = [replace(event, of_person=by_person.setdefault(event.person, [])) for event in events]
    for event in found:
        if event.person:
            by_person[event.person].append(event)
    return found


def milliseconds(time: Timestamp | Duration) -> int:
    """Cut a time (or a length of time, not negative) to whole milliseconds."""
    return time.seconds * 1000 + time.nanos // 1_000_000


def milliseconds_of(time: datetime) -> int:
    """Cut an aware datetime to the millisecond at or before it."""
    return (time - EPOCH) // timedelta(milliseconds=1)


def json_object(struct: Struct) -> dict[str, Json]:
    """Read an object; all numbers are floats."""
    return {name: _json(value) for name, value in struct.fields.items()}


def _stored(event: Event, arrival: datetime) -> StoredEvent:
    return StoredEvent(
        name=event.name,
        time=milliseconds(event.timestamp) if event.HasField("timestamp") else milliseconds_of(arrival),
        properties=json_object(event.properties),
        event_id=event.event_id,
        user_id=event.user_id,
        anonymous_id=event.anonymous_id,
        session_id=event.session_id,
    )


def _json(value: Value) -> Json:
    match value.WhichOneof("kind"):
        case "bool_value":
            return value.bool_value
        case "number_value":
            return value.number_value
        case "string_value":
            return value.string_value
        case "list_value":
            return [_json(item) for item in value.list_value.values]
        case "struct_value":
            return json_object(value.struct_value)
        case _:
            return None
