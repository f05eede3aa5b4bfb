"""Read nearly all requests to store events right from their binary form, in half the time that objects take.

The properties of an event stay what they are on the wire, entries of a map, each some bytes. Callers send the
same few names and values, so what such bytes say is kept. A request that cannot be read so is told by None
and read the thorough way, which also says what is wrong with it; both give the same.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp

from eventglass.ingest.accept import NO_VALUES, Incoming, Sent
from eventglass.ingest.batch import MAX_EVENTS
from eventglass.ingest.compact import Json
from eventglass.ingest.properties import MAX_PROPERTIES, Packed
from eventglass.ingest.spelled_paths import SPELLED_PATHS
from eventglass.ingest.structs import read_struct
from eventglass.transport.binary_decoder import read_binary
from events.v1.event_pb2 import Event
from events.v1.events_service_pb2 import BatchCreateRequest

# The first bytes of fields on the wire: of a map's entry, and of a Value.
_KEY, _VALUE = 0x0A, 0x12
_NULL, _NUMBER, _TEXT, _BOOL = 0x08, 0x11, 0x1A, 0x20
# A size below this is one byte.
_TWO_BYTES: Final = 0x80

_LONGEST_KEPT: Final = 64
_MOST_KEPT: Final = 20_000

_number_at = struct.Struct("<d").unpack_from


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBatch:
    """A request to store events, as far as it is read before each of them is judged.

    Args:
        events: in their order.
        sent_at: when the sender sent them by its own clock, aware.
    """

    events: Sequence[Sent]
    sent_at: datetime | None


def read_plain_batch(data: bytes) -> SentBatch | None:
    """Read a request of 1 to 1,000 events that all bring an id; None: read it the thorough way."""
    request = _REQUEST()
    try:
        request.ParseFromString(data)
        request.DiscardUnknownFields()
        # Whatever is unknown, or written otherwise than we would, makes another size.
        if request.ByteSize() != len(data) or not 1 <= len(request.events) <= MAX_EVENTS:
            return None
        sent_at = request.sent_at.ToDatetime(UTC) if request.HasField("sent_at") else None
        return SentBatch(events=_read_events(request.events[:]), sent_at=sent_at)
    except (DecodeError, ValueError, OverflowError):
        return None


def _read_events(events: Sequence[Any]) -> list[Incoming]:
    """Read events of _REQUEST, column by column; raises ValueError where that cannot be done."""
    event_ids = [event.event_id for event in events]
    if not all(event_ids):
        raise ValueError("the batch must be named")
    contents = [_packed(event.properties.fields[:]) for event in events]
    columns = zip(
        [event.name for event in events],
        [_time_of(event) for event in events],
        event_ids,
        [event.user_id for event in events],
        [event.anonymous_id for event in events],
        [event.session_id for event in events],
        [
            NO_VALUES if content is not None else _values(event.properties)
            for event, content in zip(events, contents, strict=True)
        ],
        [_values(event.context) if event.HasField("context") else NO_VALUES for event in events],
        contents,
        strict=True,
    )
    return [*map(Incoming._make, columns)]


def _time_of(event: Any) -> int | None:
    if not event.HasField("timestamp"):
        return None
    timestamp = event.timestamp
    nanos: int = timestamp.nanos
    if not 0 <= nanos < 1_000_000_000:
        raise ValueError("an event to be refused")
    seconds: int = timestamp.seconds
    return seconds * 1_000 + nanos // 1_000_000


def _packed(entries: Sequence[bytes]) -> Packed | None:
    """Pack properties; None: they are not that plain. See ingest/plain.py."""
    if len(entries) > MAX_PROPERTIES:
        return None
    try:
        # Of equal names the last one counts, as in any map.
        content = dict(map(_pair_of, entries))
    except (ValueError, IndexError):
        return None
    if None in content.values():
        return {path: leaf for path, leaf in content.items() if leaf is not None}
    return cast("Packed", content)  # None is not among them


def _values(entries: Any) -> dict[str, Json]:
    reading = read_binary(entries.SerializeToString(), Struct)
    if reading.findings.violations:
        raise ValueError("the thorough way tells why")
    return read_struct(reading.message)


def _read_entry(entry: bytes) -> tuple[str, str | float | bool | None]:
    """Give a property's path and its value, None if it is absent.

    Raises:
        ValueError, IndexError: it is not that plain, or not written as usual.
    """
    after_name = 2 + entry[1]
    if entry[0] != _KEY or entry[1] >= _TWO_BYTES or entry[after_name] != _VALUE:
        raise ValueError("not as usual")
    path = SPELLED_PATHS[entry[2:after_name].decode()]
    if not path:
        raise ValueError("a name that its path does not spell")
    at = _after_size(entry, after_name + 1)
    kind, size = entry[at], len(entry) - at
    if kind == _TEXT:
        return path, entry[_after_size(entry, at + 1) :].decode() or None
    if kind == _NUMBER and size == 9:
        (number,) = _number_at(entry, at + 1)
        if number - number != 0.0:  # infinite, or not a number
            raise ValueError("not finite")
        return path, number + 0.0  # makes -0 be 0
    if kind == _BOOL and size == 2 and entry[at + 1] <= 1:
        return path, entry[at + 1] == 1
    if kind == _NULL and size == 2 and entry[at + 1] < _TWO_BYTES:
        return path, None
    raise ValueError("a list or an object, or not as usual")


def _after_size(entry: bytes, at: int) -> int:
    """Read the size of all that follows; give where that begins."""
    size, at = entry[at], at + 1
    if size >= _TWO_BYTES:
        if not 1 <= entry[at] < _TWO_BYTES:
            raise ValueError("not as usual, or very long")
        size, at = size - _TWO_BYTES + _TWO_BYTES * entry[at], at + 1
    if at + size != len(entry):
        raise ValueError("not as usual")
    return at


class _Pairs(dict[bytes, tuple[str, str | float | bool | None]]):
    def __missing__(self, entry: bytes) -> tuple[str, str | float | bool | None]:
        pair = _read_entry(entry)
        if len(entry) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[entry] = pair
        return pair


_pair_of = _Pairs().__getitem__


def _request_class() -> Any:
    """Make BatchCreateRequest's class anew, but with the entries of each Struct as bytes."""
    file = FileDescriptorProto(
        name="eventglass/plain_batch.proto",
        package="eventglass",
        syntax="proto3",
        dependency=[Timestamp.DESCRIPTOR.file.name],
    )
    entries = file.message_type.add(name="Entries")
    kind, label = FieldDescriptorProto.TYPE_BYTES, FieldDescriptorProto.LABEL_REPEATED
    entries.field.add(name="fields", number=1, type=kind, label=label)
    ours = {".google.protobuf.Struct": ".eventglass.Entries", ".events.v1.Event": ".eventglass.Event"}
    for descriptor in (Event.DESCRIPTOR, BatchCreateRequest.DESCRIPTOR):
        message = file.message_type.add()
        descriptor.CopyToProto(message)
        for field in message.field:
            if field.type_name in ours:
                field.type_name = ours[field.type_name]
    pool = DescriptorPool()
    pool.AddSerializedFile(Timestamp.DESCRIPTOR.file.serialized_pb)
    pool.Add(file)
    return GetMessageClass(pool.FindMessageTypeByName("eventglass.BatchCreateRequest"))


_REQUEST: Final = _request_class()
