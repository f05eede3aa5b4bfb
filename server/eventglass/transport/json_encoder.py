"""Write replies as proto3 JSON; fields without presence are always printed.

protobuf's own json_format looks every field of every message up anew. Here a message type is compiled
once, from its descriptor, to a function that reads just its fields; orjson writes what it returns.
Only what replies are made of is known: scalars, enums, messages, lists, Timestamp, Duration, Struct and
Value.
"""

import functools
import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct, Value
from google.protobuf.timestamp_pb2 import Timestamp

from insights.v1.breakdown_pb2 import DimensionValue

# From a field's value, whose type only the descriptor knows, to what orjson writes.
_ToJson = Callable[[Any], object]
# A field: its name, its JSON name, whether it can be absent, and how its value is changed.
_Member = tuple[str, str, bool, _ToJson | None]

# Whole numbers up to here are exact as doubles; orjson would print them with ".0".
_EXACT = 2.0**53
# Bytes of a value that is kept as it is written: it is kept for good.
_LONGEST_KEPT = 256


def to_json(message: Message) -> bytes:
    """Write a message as UTF-8 JSON."""
    return orjson.dumps(_compiled(message.DESCRIPTOR)(message), option=orjson.OPT_UTC_Z)


@functools.cache
def _compiled(descriptor: Descriptor) -> _ToJson:
    return _KNOWN.get(descriptor.full_name) or _by_members(descriptor)


@functools.cache
def _by_members(descriptor: Descriptor) -> _ToJson:
    members: list[_Member] = []

    def convert(message: Any) -> object:
        # Filled at the first use, not before, so that a type may hold its own kind; and at once, for
        # another thread may look meanwhile.
        if not members:
            members[:] = [_member(field) for field in descriptor.fields]
        return {
            key: getattr(message, name) if change is None else change(getattr(message, name))
            for name, key, optional, change in members
            if not optional or message.HasField(name)
        }

    return convert


def _member(field: FieldDescriptor) -> _Member:
    change = _change(field)
    if field.is_repeated:
        change = list if change is None else _each(change)
    return field.name, field.json_name, field.has_presence, change


def _change(field: FieldDescriptor) -> _ToJson | None:
    if field.message_type is not None:
        return _compiled(field.message_type)
    if field.enum_type is not None:
        return _enum_name(field.enum_type)
    return _SCALARS[field.type]


def _each(change: _ToJson) -> _ToJson:
    def convert(values: Sequence[Any]) -> object:
        return [change(value) for value in values]

    return convert


def _enum_name(descriptor: EnumDescriptor) -> _ToJson:
    names = {number: value.name for number, value in descriptor.values_by_number.items()}

    def convert(number: int) -> object:
        return names.get(number, number)

    return convert


def _number(value: float) -> object:
    if value.is_integer() and -_EXACT <= value <= _EXACT:
        return int(value)
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _timestamp(value: Timestamp) -> object:
    return _moment(value.seconds, value.nanos)


# The points of a chart share their times.
@functools.lru_cache(maxsize=10_000)
def _moment(seconds: int, nanos: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC).isoformat()[:19]}{_fraction(nanos)}Z"


def _duration(value: Duration) -> object:
    sign = "-" if value.seconds < 0 or value.nanos < 0 else ""
    return f"{sign}{abs(value.seconds)}{_fraction(abs(value.nanos))}s"


def _struct(value: Struct) -> object:
    return {name: _value(item) for name, item in value.fields.items()}


def _value(value: Value) -> object:
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "number_value":
            return _number(value.number_value)
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return _struct(value.struct_value)
        case "list_value":
            return [_value(item) for item in value.list_value.values]
        case _:
            return None


def _fraction(nanos: int) -> str:
    """Write a part of a second with 0, 3, 6 or 9 digits: as many as it takes."""
    if nanos == 0:
        return ""
    if nanos % 1_000_000 == 0:
        return f".{nanos // 1_000_000:03}"
    return f".{nanos // 1_000:06}" if nanos % 1_000 == 0 else f".{nanos:09}"


def _dimension(value: DimensionValue) -> object:
    data = value.SerializeToString()
    return _fragment(data) if len(data) <= _LONGEST_KEPT else orjson.Fragment(_written(value))


# The points of a line share their values.
@functools.lru_cache(maxsize=1_000)
def _fragment(data: bytes) -> orjson.Fragment:
    return orjson.Fragment(_written(DimensionValue.FromString(data)))


def _written(message: Message) -> bytes:
    return orjson.dumps(_by_members(message.DESCRIPTOR)(message))


_KNOWN: dict[str, _ToJson] = {
    DimensionValue.DESCRIPTOR.full_name: _dimension,
    Timestamp.DESCRIPTOR.full_name: _timestamp,
    Duration.DESCRIPTOR.full_name: _duration,
    Struct.DESCRIPTOR.full_name: _struct,
    Value.DESCRIPTOR.full_name: _value,
}

# A type that is missing here is not used in replies; 64-bit integers would be JSON texts.
_SCALARS: dict[int, _ToJson | None] = {
    FieldDescriptor.TYPE_DOUBLE: _number,
    FieldDescriptor.TYPE_INT32: None,
    FieldDescriptor.TYPE_BOOL: None,
    FieldDescriptor.TYPE_STRING: None,
}
