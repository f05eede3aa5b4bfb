"""Fixed-size names of the ids that callers send.

BLAKE2b, because ids come from outside: nobody can make two of them meet on purpose, as they could
with a fast unkeyed hash; it is in the standard library and takes a microsecond.
"""

from hashlib import blake2b


def key_of(own_id: str) -> int:
    """Name a person or a session: 64 bits, 0 for the empty id only."""
    if not own_id:
        return 0
    return int.from_bytes(blake2b(own_id.encode(), digest_size=8).digest(), "little") or 1


def event_hash(project_id: str, event_id: str) -> bytes:
    """Name an event among those of all projects: 16 bytes, a little-endian number."""
    project = project_id.encode()
    # With its length ahead, no project and id read like another pair.
    return blake2b(len(project).to_bytes(8, "little") + project + event_id.encode(), digest_size=16).digest()
