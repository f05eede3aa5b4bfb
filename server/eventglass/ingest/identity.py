"""Fixed-size names of the ids that callers send.

BLAKE2b, because ids come from outside: nobody can make two of them meet on purpose, as they could
with a fast unkeyed hash; it is in the standard library and takes a microsecond.
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import Final

# Of an event, a person or a session.
MAX_ID_BYTES: Final = 1_024

# What is kept to be looked up again: callers send the same few ids, but some are long.
_LONGEST_KEPT = 64
_EMPTY = blake2b(digest_size=8)

# The upper 96 bits of 128: earlier versions stored all of them, and a digest of 12 bytes is another one.
_DIGEST_BYTES = 16
_HASH_BYTES = 12


def key_of(own_id: str) -> int:
    """Name a person or a session: 64 bits, 0 for the empty id only."""
    if not own_id:
        return 0
    return _kept_key(own_id) if len(own_id) <= _LONGEST_KEPT else _key(own_id)


def _key(own_id: str) -> int:
    # To copy one takes less than to make one.
    key = _EMPTY.copy()
    key.update(own_id.encode())
    return int.from_bytes(key.digest(), "little") or 1


_kept_key = lru_cache(maxsize=50_000)(_key)


def event_hash(project_id: str, event_id: str) -> bytes:
    """Name an event among those of all projects: 12 bytes, a little-endian number.

    Of 10^11 events any two have one name with a probability of 6e-8.
    """
    (name,) = event_hashes(project_id, [event_id])
    return name


def event_hashes(project_id: str, event_ids: Iterable[str]) -> list[bytes]:
    """Name events of one project; see `event_hash`."""
    project = project_id.encode()
    # With its length ahead, no project and id read like another pair.
    start = blake2b(len(project).to_bytes(8, "little") + project, digest_size=_DIGEST_BYTES)
    names = []
    for event_id in event_ids:
        name = start.copy()
        name.update(event_id.encode())
        names.append(name.digest()[-_HASH_BYTES:])
    return names
