"""Texts of others, made harmless for a terminal. Pure.

Whoever has a write key, as any visitor of a web page may, chooses names and values of events. Printed as
they are, control characters in them would be orders to the reader's terminal, and line ends would break a
table; so everything that is stored or answered goes through here before it is printed.
"""

import re
from typing import Final, TypeVar

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

_Any = TypeVar("_Any", bound=Message)

# C0, DEL and C1, the separators of lines and paragraphs, and what turns the direction of writing.
_UNPRINTED: Final = "\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
# A backslash that could be taken for the begin of an escape is one itself: different texts stay different.
_ESCAPED: Final = re.compile(rf"[{_UNPRINTED}]|\\(?=[\\nrtxu{_UNPRINTED}])")
_SHORT: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\\": r"\\"}
_IN_JSON: Final = re.compile(f"[{_UNPRINTED}]")


def legible(text: str) -> str:
    r"""Show the characters of a text that print nothing as escapes, as in `\x1b`, `\n` and `\u202e`."""
    return _ESCAPED.sub(lambda found: _escape(found[0]), text)


def legible_message(message: _Any) -> _Any:
    """Give a copy of a message all of whose texts are legible."""
    made = type(message)()
    made.CopyFrom(message)
    _make_legible(made)
    return made


def legible_json(content: bytes) -> bytes:
    r"""Write the same JSON with `\u` escapes for what a terminal would obey; such is only in its texts."""
    return _IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", content.decode()).encode()


def _escape(character: str) -> str:
    number = ord(character)
    return _SHORT.get(character) or (f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}")


def _make_legible(message: Message) -> None:
    for field, value in message.ListFields():
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            for each in value if field.is_repeated else (value,):
                _make_legible(each)
        elif field.type == FieldDescriptor.TYPE_STRING and field.is_repeated:
            value[:] = map(legible, value)
        elif field.type == FieldDescriptor.TYPE_STRING:
            setattr(message, field.name, legible(value))
