"""Decide on one event: a row to store, or a refusal with its reason. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

import orjson

from eventglass.engine.layout import AFTER_LAST_TIME, FIRST_TIME, property_path
from eventglass.ingest.clock import Clock, moment_of
from eventglass.ingest.compact import Json, compact_json
from eventglass.ingest.derived import ADDRESS, ADDRESS_IN_CONTEXT, derived
from eventglass.ingest.identity import MAX_ID_BYTES, key_of
from eventglass.ingest.plain import plain, plain_struct
from eventglass.ingest.properties import Fault, Packed, fault_of, packed
from eventglass.ingest.sender import UNKNOWN, Sender
from eventglass.ingest.structs import read_struct
from events.v1.event_pb2 import Event

NO_VALUES: Final[Mapping[str, Json]] = MappingProxyType({})

_IDS: Final = ("event_id", "user_id", "anonymous_id", "session_id")

# A property of the events whose senders dated them later than they arrived.
_CLAMPED: Final = property_path("$time_clamped")


# These two are made for every event, and a named tuple in a third of a frozen dataclass's time.
class Incoming(NamedTuple):
    """An event as it was sent, from whichever source.

    Args:
        name: what happened.
        time_ms: when, by the sender's clock, in milliseconds since 1970; None: as it arrived.
        event_id: its name within the project; never empty.
        user_id: who, or "".
        anonymous_id: who, as the device knows them, or "".
        session_id: the visit, or "".
        properties: JSON values.
        context: JSON values.
        content: the properties as they are stored, where they are so plain that these are at hand;
            `properties` is not read then.
    """

    name: str
    time_ms: int | None
    event_id: str
    user_id: str = ""
    anonymous_id: str = ""
    session_id: str = ""
    properties: Mapping[str, Json] = NO_VALUES
    context: Mapping[str, Json] = NO_VALUES
    content: Packed | None = None


class Row(NamedTuple):
    """An accepted event as the table stores it (see engine/layout.py).

    Args:
        event: its name.
        time_ms: milliseconds since 1970.
        event_id: its name within the project.
        person: the key of its person's id; 0: nobody.
        user_id: or "".
        anonymous_id: or "".
        session_id: or "".
        session: the key of the session's id; 0: none.
        properties: flat JSON.
        context: JSON, or "".
        correction_ms: `time_ms` less the time that the sender gave.
    """

    event: str
    time_ms: int
    event_id: str
    person: int
    user_id: str
    anonymous_id: str
    session_id: str
    session: int
    properties: str
    context: str
    correction_ms: int = 0

    @property
    def size(self) -> int:
        """About how many bytes it takes while it waits."""
        ids = len(self.event_id) + len(self.user_id) + len(self.anonymous_id) + len(self.session_id)
        return 500 + ids + len(self.event) + len(self.properties) + len(self.context)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an event was refused.

    Args:
        field: what is wrong, such as `name` or `properties.price`.
        reason: in upper snake case.
        message: what is wrong and what to do.
    """

    field: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An event that is not of an event's form.

    Args:
        refusal: why it cannot be read.
        content: all that was sent of it.
    """

    refusal: Refusal
    content: bytes


# An event of a batch: as it came, or as far as it is read already.
Sent = Event | Incoming | Unread


def read_event(event: Event, event_id: str) -> Incoming | Refusal:
    """Read a protobuf event.

    Args:
        event: as it came.
        event_id: the id it gets if it brings none.
    """
    time_ms = None
    if event.HasField("timestamp"):
        timestamp = event.timestamp
        nanos = timestamp.nanos
        if not 0 <= nanos < 1_000_000_000:
            return Refusal(
                field="timestamp", reason="INVALID_TIMESTAMP", message="nanos must be 0 to 999,999,999"
            )
        time_ms = timestamp.seconds * 1_000 + nanos // 1_000_000
    properties = event.properties
    content = plain_struct(properties)
    # By place: by name it takes twice as long.
    return Incoming(
        event.name,
        time_ms,
        event.event_id or event_id,
        event.user_id,
        event.anonymous_id,
        event.session_id,
        NO_VALUES if content is not None else read_struct(properties),
        read_struct(event.context) if event.HasField("context") else NO_VALUES,
        content,
    )


def accept(event: Incoming, clock: Clock, sender: Sender = UNKNOWN) -> Row | Refusal:
    """Make an event a row, or say why it cannot be one.

    Args:
        event: as it was sent.
        clock: what its time is read by.
        sender: what the call tells of who sent it.
    """
    name, time_ms, event_id, user_id, anonymous_id, session_id, properties, context, content = event
    if not name:
        return Refusal(field="name", reason="REQUIRED", message="is empty; name what happened")
    # Whose texts together are so short needs no closer look: a character has at most four bytes.
    if 4 * (len(event_id) + len(user_id) + len(anonymous_id) + len(session_id)) > MAX_ID_BYTES and (
        too_long := _too_long(event)
    ):
        return too_long
    time_ms, correction_ms, is_clamped = moment_of(time_ms, clock)
    if not (time_ms >= FIRST_TIME and time_ms - correction_ms < AFTER_LAST_TIME):
        return _out_of_range(time_ms - correction_ms)
    if content is None:
        content = plain(properties)
    if content is None:
        by_rules = packed(properties)
        if isinstance(by_rules, Fault):
            return _refusal("properties", by_rules)
        content = by_rules
    if found := derived(content, context, sender):
        content = found | content
    if ADDRESS in content:
        content = {path: leaf for path, leaf in content.items() if path != ADDRESS}
    if is_clamped:
        content = content | {_CLAMPED: True}
    if context and (fault := fault_of(context)):
        return _refusal("context", fault)
    # By place: by name it takes twice as long.
    return Row(
        name,
        time_ms,
        event_id,
        key_of(user_id or anonymous_id),
        user_id,
        anonymous_id,
        session_id,
        key_of(session_id),
        orjson.dumps(content).decode(),
        _context(context) if context else "",
        correction_ms,
    )


def _out_of_range(sent_ms: int) -> Refusal:
    """Say which time is wrong: the event's, or the one by which the sender's clock is put right."""
    message = "must be in the years 1900 to 2299 (UTC)"
    if FIRST_TIME <= sent_ms < AFTER_LAST_TIME:
        message = "is so far ahead that the event, put right by it, is before the year 1900; send the time"
        return Refusal(field="sent_at", reason="OUT_OF_RANGE", message=message)
    return Refusal(field="timestamp", reason="OUT_OF_RANGE", message=message)


def _too_long(event: Incoming) -> Refusal | None:
    for field in _IDS:
        size = len(getattr(event, field).encode())
        if size > MAX_ID_BYTES:
            message = f"has {size:,} bytes; an id has at most {MAX_ID_BYTES:,}"
            return Refusal(field=field, reason="TOO_LONG", message=message)
    return None


def _context(context: Mapping[str, Json]) -> str:
    kept = {name: value for name, value in context.items() if name != ADDRESS_IN_CONTEXT}
    return compact_json(kept) if kept else ""


def _refusal(part: str, fault: Fault) -> Refusal:
    name = f"{part}.{printable(fault.name)}" if fault.name else part
    return Refusal(field=name, reason=fault.reason, message=fault.message)


def printable(name: str) -> str:
    """Shorten a name for a message, and take line breaks and the like out of it."""
    short = name if len(name) <= 100 else f"{name[:100]}…"
    return re.sub(r"[\x00-\x1f\x7f]", "�", short)
