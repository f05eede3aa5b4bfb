"""Read requests from protobuf's binary form; unknown fields and unknown numbers of enums are errors."""

import functools
from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.unknown_fields import UnknownFieldSet

from eventglass.transport.findings import Findings, Path, Reading, Request

# A field, by its name, and the numbers of its enum; None: messages that hold enums.
_WithEnum = tuple[str, FieldDescriptor, frozenset[int] | None]


def read_binary(
    data: bytes, message_class: type[Request], findings: Findings | None = None
) -> Reading[Request]:
    """Read a request; its findings, new ones or those that are given, are empty when all of it was known."""
    findings = Findings() if findings is None else findings
    message = message_class()
    try:
        message.ParseFromString(data)
    except DecodeError:
        name = message.DESCRIPTOR.full_name
        description = f"the request is no {name} in binary form, or is nested more than 100 deep"
        findings.add(None, "BROKEN_MESSAGE", description)
        return Reading(message=message_class(), findings=findings)
    _note_unknown_numbers(message, None, findings)
    # Dropping what is unknown is native and quick; only if there was some is it worth looking for.
    size = message.ByteSize()
    message.DiscardUnknownFields()
    if message.ByteSize() != size:
        _note_unknown_fields(message_class.FromString(data), None, findings)
    return Reading(message=message, findings=findings)


def _note_unknown_fields(message: Message, path: Path, findings: Findings) -> None:
    unknown = UnknownFieldSet(message)
    for index in range(len(unknown)):
        number, name = unknown[index].field_number, message.DESCRIPTOR.full_name
        findings.add(
            (path, f"#{number}"), "UNKNOWN_FIELD", f"{name} has no field {number}; renew your client"
        )
    for field, value in message.ListFields():
        if field.message_type is not None:
            for child, place in _children(field, value, path):
                _note_unknown_fields(child, place, findings)


def _note_unknown_numbers(message: Any, path: Path, findings: Findings) -> None:
    """Note numbers that their enums lack, and set them to 0."""
    for name, field, numbers in _with_enums(message.DESCRIPTOR):
        if numbers is None:
            if field.is_repeated or message.HasField(name):
                for child, place in _children(field, getattr(message, name), path):
                    _note_unknown_numbers(child, place, findings)
        elif (value := getattr(message, name)) not in numbers:
            assert field.enum_type is not None
            choices = ", ".join(known.name for known in field.enum_type.values if known.number)
            description = f"{value} is no number of this field's values; use one of {choices}"
            findings.add((path, name), "UNKNOWN_VALUE", description)
            message.ClearField(name)


def _children(field: FieldDescriptor, value: Any, path: Path) -> Iterator[tuple[Message, Path]]:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        yield from ((value[key], ((path, field.name), key)) for key in value)
    elif field.is_repeated:
        yield from ((child, ((path, field.name), index)) for index, child in enumerate(value))
    else:
        yield value, (path, field.name)


@functools.cache
def _with_enums(descriptor: Descriptor) -> tuple[_WithEnum, ...]:
    """List the fields that are enums of ours, or hold some however deep; there are no lists of enums."""
    return tuple(
        (field.name, field, frozenset(field.enum_type.values_by_number) if field.enum_type else None)
        for field in descriptor.fields
        if _holds_enum(field, frozenset())
    )


def _holds_enum(field: FieldDescriptor, visited: frozenset[str]) -> bool:
    if field.enum_type is not None:
        return not field.enum_type.full_name.startswith("google.protobuf.")
    if field.message_type is None or field.message_type.full_name in visited:
        return False
    visited |= {field.message_type.full_name}
    return any(_holds_enum(child, visited) for child in field.message_type.fields)
