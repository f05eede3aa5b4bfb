"""Ids of keys and audiences: 32 hexadecimal digits."""

import re
import uuid

_ID = re.compile(r"[0-9a-f]{32}")


def new_id() -> str:
    """Make one that nothing else has."""
    return uuid.uuid4().hex


def is_id(given: str) -> bool:
    """Tell whether anything can have it. Databases differ in what else they let themselves be asked for."""
    return _ID.fullmatch(given) is not None
