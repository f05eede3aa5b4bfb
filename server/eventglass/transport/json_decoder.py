"""Read requests from proto3 JSON, strictly and to the end.

What cannot be read is noted with its place and left out, and reading goes on, so that a caller is told
everything at once. Beyond protobuf's own reader, which stops at the first error, these are errors, too:
a key that is given twice (also once in each spelling), unknown numbers of enums, and numbers that are
not finite.
"""

import functools
import json
import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.struct_pb2 import NULL_VALUE, ListValue, Struct, Value
from google.protobuf.timestamp_pb2 import Timestamp

from eventglass.transport.findings import Findings, Path, Reading, Request, spell
from eventglass.transport.json_values import (
    SCALARS,
    ReadScalar,
    Wrong,
    closest,
    enum_reader,
    kind,
    read_double,
    read_duration,
    read_instant,
    read_text,
    shown,
)

# How many messages may lie in one another: as many as in protobuf's binary form.
_DEEPEST = 100

# Reads a JSON value, found at a place and depth, into a message or one of its fields. Generated classes
# have no typed base, hence Any.
_Read = Callable[[object, Any, Path, int, Findings], None]


class _Repeated(dict[str, object]):
    """An object in which a key was given more than once."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """A field of a message type.

    Args:
        name: its proto name.
        oneof: names the oneof that it is in, else itself.
        members: the proto names of all fields of that oneof, of this one alone without.
        conflict: what to tell who sets another of its oneof, too.
        keeps_null: null is a value of it, not its absence.
        read: reads its value.
    """

    name: str
    oneof: str
    members: tuple[str, ...]
    conflict: str
    keeps_null: bool
    read: _Read


def read_json(
    data: bytes, message_class: type[Request], findings: Findings | None = None
) -> Reading[Request]:
    """Read a request; its findings, new ones or those that are given, are empty when all of it was read."""
    message, findings = message_class(), Findings() if findings is None else findings
    try:
        value = json.loads(data.decode(), object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        findings.add(None, "BROKEN_JSON", f"the JSON is not UTF-8 at byte {error.start}")
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        # What Python says of a mark is advice on how to call it.
        what = "a byte order mark; leave it out" if error.doc.startswith("\ufeff") else error.msg
        findings.add(None, "BROKEN_JSON", f"the JSON is broken at {where}: {what}")
    except ValueError:
        findings.add(None, "BROKEN_JSON", "the JSON holds a number with too many digits")
    except RecursionError:
        findings.add(None, "TOO_DEEP", f"is nested too deep; at most {_DEEPEST} levels")
    else:
        _reader(message.DESCRIPTOR)(value, message, None, 1, findings)
    return Reading(message=message, findings=findings)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) == len(pairs):
        return result
    repeated = _Repeated(result)
    repeated.key = Counter(key for key, _ in pairs).most_common(1)[0][0]
    return repeated


@functools.cache
def _reader(descriptor: Descriptor) -> _Read:
    """Compile the reader of a message type."""
    if descriptor.full_name in _WELL_KNOWN:
        return _WELL_KNOWN[descriptor.full_name]
    fields: dict[str, _Field] = {}

    def read(value: object, message: Any, path: Path, depth: int, findings: Findings) -> None:
        # Filled at the first use, not before, so that a type may hold its own kind.
        if not fields:
            fields.update(_fields(descriptor))
        if not _is_object(value, path, depth, findings):
            return
        seen: set[str] = set()
        for key, item in value.items():
            field = fields.get(key)
            if field is None:
                _note_unknown(key, descriptor, (path, key), findings)
            elif field.name in seen:
                findings.add((path, field.name), "REPEATED_FIELD", "is given twice; give it once")
            elif item is None and not field.keeps_null:
                continue
            elif field.oneof in seen:
                findings.add((path, field.name), "ONEOF_CONFLICT", field.conflict)
            else:
                seen |= {field.name, field.oneof}
                field.read(item, message, (path, field.name), depth, findings)
                if len(field.members) > 1 and not message.HasField(field.name):
                    findings.unchosen |= {spell(path), *(spell((path, name)) for name in field.members)}

    return read


def _fields(descriptor: Descriptor) -> dict[str, _Field]:
    """Describe the fields of a message type, by both of their spellings."""
    result: dict[str, _Field] = {}
    for field in descriptor.fields:
        oneof = field.containing_oneof
        members = oneof.fields if oneof else [field]
        described = _Field(
            name=field.name,
            oneof=f"oneof {oneof.name}" if oneof else field.name,
            members=tuple(member.name for member in members),
            conflict=f"only one of {', '.join(member.json_name for member in members)} may be set",
            keeps_null=field.message_type is Value.DESCRIPTOR,
            read=_list_reader(field) if field.is_repeated else _field_reader(field),
        )
        result |= {field.name: described, field.json_name: described}
    return result


def _field_reader(field: FieldDescriptor) -> _Read:
    name = field.name
    if field.message_type is not None:
        read_message = _reader(field.message_type)

        def read_into(value: object, message: Any, path: Path, depth: int, findings: Findings) -> None:
            child = getattr(message, name)
            child.SetInParent()
            found = len(findings.violations)
            read_message(value, child, path, depth + 1, findings)
            if len(findings.violations) > found and spell(path) in findings.unread:
                # Else it would seem to be there, as the year 1970 or an empty object.
                message.ClearField(name)

        return read_into
    read_scalar = _scalar_reader(field)

    def read(value: object, message: Any, path: Path, _depth: int, findings: Findings) -> None:
        scalar = read_scalar(value)
        if isinstance(scalar, Wrong):
            findings.add(path, scalar.code, scalar.description)
        else:
            setattr(message, name, scalar)

    return read


def _list_reader(field: FieldDescriptor) -> _Read:
    """Compile the reader of a list; a wrong element stays as an empty one, so that the next keep theirs."""
    name = field.name
    read_message = _reader(field.message_type) if field.message_type is not None else None
    read_scalar = _scalar_reader(field) if field.message_type is None else None
    # Of numbers one that no rule compares with the others.
    empty = "" if field.type == FieldDescriptor.TYPE_STRING else math.nan

    def read(value: object, message: Any, path: Path, depth: int, findings: Findings) -> None:
        if not isinstance(value, list):
            findings.add(path, "WRONG_TYPE", f"must be a list, not {kind(value)}")
            return
        target = getattr(message, name)
        for index, item in enumerate(value):
            if read_message is not None:
                read_message(item, target.add(), (path, index), depth + 1, findings)
            elif read_scalar is not None:
                scalar = read_scalar(item)
                if isinstance(scalar, Wrong):
                    findings.add((path, index), scalar.code, scalar.description)
                    scalar = empty
                target.append(scalar)

    return read


def _scalar_reader(field: FieldDescriptor) -> ReadScalar:
    return enum_reader(field.enum_type) if field.enum_type is not None else SCALARS[field.type]


def _is_object(value: object, path: Path, depth: int, findings: Findings) -> TypeGuard[dict[str, object]]:
    if depth > _DEEPEST:
        findings.add(path, "TOO_DEEP", f"is nested too deep; at most {_DEEPEST} levels")
        return False
    if not isinstance(value, dict):
        findings.add(path, "WRONG_TYPE", f"must be an object, not {kind(value)}")
        return False
    if isinstance(value, _Repeated):
        findings.add(path, "REPEATED_FIELD", f"has the key {shown(value.key)} twice; give it once")
    return True


def _note_unknown(key: str, descriptor: Descriptor, path: Path, findings: Findings) -> None:
    names = [field.json_name for field in descriptor.fields]
    meant = closest(key, names) if findings.takes(path) else None
    # The closest is not always what is meant: `event`, as others call it, is `name` and not `eventId`.
    hint = f"did you mean {meant}? There are" if meant else "there are"
    findings.add(path, "UNKNOWN_FIELD", f"there is no such field; {hint} {', '.join(names)}")


def _read_timestamp(value: object, message: Timestamp, path: Path, _depth: int, findings: Findings) -> None:
    instant = read_instant(value)
    if isinstance(instant, Wrong):
        findings.add(path, instant.code, instant.description)
    else:
        message.seconds, message.nanos = instant


def _read_duration(value: object, message: Duration, path: Path, _depth: int, findings: Findings) -> None:
    duration = read_duration(value)
    if isinstance(duration, Wrong):
        findings.add(path, duration.code, duration.description)
    else:
        message.CopyFrom(duration)


def _read_struct(value: object, message: Struct, path: Path, depth: int, findings: Findings) -> None:
    if _is_object(value, path, depth, findings):
        for key, item in value.items():
            wrong = read_text(key)
            if isinstance(wrong, Wrong):
                findings.add(path, wrong.code, f"has a key that {wrong.description}")
            else:
                _read_value(item, message.fields[key], (path, key), depth + 2, findings)


def _read_value(value: object, message: Value, path: Path, depth: int, findings: Findings) -> None:
    """Read any JSON value; numbers become doubles."""
    if isinstance(value, bool):
        message.bool_value = value
    elif value is None:
        message.null_value = NULL_VALUE
    elif isinstance(value, dict):
        message.struct_value.SetInParent()
        _read_struct(value, message.struct_value, path, depth + 1, findings)
    elif isinstance(value, list):
        message.list_value.SetInParent()
        _read_list(value, message.list_value, path, depth + 1, findings)
    elif isinstance(value, str):
        text = read_text(value)
        if isinstance(text, Wrong):
            findings.add(path, text.code, text.description)
        else:
            message.string_value = text
    else:
        number = read_double(value)
        if isinstance(number, Wrong):
            findings.add(path, number.code, number.description)
        else:
            message.number_value = number


def _read_list(value: list[object], message: ListValue, path: Path, depth: int, findings: Findings) -> None:
    if depth > _DEEPEST:
        findings.add(path, "TOO_DEEP", f"is nested too deep; at most {_DEEPEST} levels")
        return
    for index, item in enumerate(value):
        _read_value(item, message.values.add(), (path, index), depth + 1, findings)


_WELL_KNOWN: Mapping[str, _Read] = {
    Timestamp.DESCRIPTOR.full_name: _read_timestamp,
    Duration.DESCRIPTOR.full_name: _read_duration,
    Struct.DESCRIPTOR.full_name: _read_struct,
    Value.DESCRIPTOR.full_name: _read_value,
}
