"""What a message holds at every depth, with the paths of its fields."""

from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Value
from google.protobuf.timestamp_pb2 import Timestamp

# What is not looked into: values that callers compare with, and what is but numbers.
_WHOLE = (Value, Timestamp, Duration)


def contents(path: str, message: Message) -> Iterator[tuple[str, FieldDescriptor, Any]]:
    """List what is set in a message: path, field and content, one by one where a field is repeated.

    What is inside a content comes after it, but not of values that callers compare with, and of times.

    Args:
        path: of the message; "" for the request itself.
        message: it.
    """
    for field, content in message.ListFields():
        place = f"{path}.{field.name}" if path else field.name
        one_by_one = (
            [(f"{place}[{at}]", each) for at, each in enumerate(content)]
            if field.is_repeated
            else [(place, content)]
        )
        for inner, each in one_by_one:
            yield inner, field, each
            if isinstance(each, Message) and not isinstance(each, _WHOLE):
                yield from contents(inner, each)
