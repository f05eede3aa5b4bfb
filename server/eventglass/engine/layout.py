"""How the events table stores an event: its name, its years, and how a property becomes a JSON path.

`ingest` writes by it and `sql` reads by it.

A property is a leaf of the event's properties under its whole name: `{"$geo": {"country": "DE"}}` is
stored as the single key `$geo.country`. A key never reaches the engine as it is: every byte but
letters, digits, `_`, `$` and `-` becomes `~` and two hex digits, so that a path is one JSON key
without dots, and nothing in a name can leave the backticks it is read in. A key that would be long
becomes `~~` and its hash; the name itself is then stored besides, as a text under the path of
`name_path`.

The stored type tells the value's: String a text, Float64 a number, Bool a boolean, and an array of
one String the compact JSON of a list or object. null and "" are not stored.

An id of an event or a session that is spelled as a UUID is stored as one (migration 0023), any other
as its text.
"""

import hashlib
import string
import uuid
from contextlib import suppress

EVENTS = "events"

# Milliseconds since 1970: what the time column holds.
FIRST_TIME = -2_208_988_800_000  # 1900-01-01T00:00:00.000Z
AFTER_LAST_TIME = 10_413_792_000_000  # 2300-01-01T00:00:00.000Z

LONGEST_PATH = 255

# Of all properties together, in one part; migration 0025 says the same of merges.
MOST_COLUMNS_OF_PROPERTIES = 128

_PLAIN = frozenset((string.ascii_letters + string.digits + "_$-").encode())
_ESCAPES = [chr(byte) if byte in _PLAIN else f"~{byte:02X}" for byte in range(256)]


def id_spellings(text: str) -> list[bytes]:
    """Give the bytes by which an id may stand in a file of the table: its text, and a UUID's number."""
    spellings = [text.encode()]
    with suppress(ValueError):
        number = uuid.UUID(text)
        if str(number) == text and number.int:
            # Two halves, each from its end.
            spellings.append(number.bytes[7::-1] + number.bytes[:7:-1])
    return spellings


def property_path(name: str) -> str:
    """Spell a property's name as one JSON key of plain characters; different names stay different."""
    data = name.encode()
    if len(data) <= LONGEST_PATH:
        path = "".join(_ESCAPES[byte] for byte in data)
        if len(path) <= LONGEST_PATH:
            return path
    # No escape begins with two of them.
    return f"~~{hashlib.blake2b(data, digest_size=20).hexdigest()}"


def is_hashed(path: str) -> bool:
    """Tell whether a path does not spell its name."""
    return path.startswith("~~")


def name_path(path: str) -> str:
    """Give the path under which a hashed path's name is stored."""
    return f"{path}~~name"


def property_name(path: str) -> str:
    """Read a property's name back from a path that spells it."""
    first, *rest = path.split("~")
    return (first.encode() + b"".join(bytes.fromhex(part[:2]) + part[2:].encode() for part in rest)).decode()
