"""Stored events as callers get them back."""

from collections.abc import Mapping
from typing import Any

import orjson

from eventglass.engine.layout import is_hashed, name_path, property_name
from eventglass.ingest.properties import Leaf, flatten
from events.v1.stored_event_pb2 import StoredEvent

_NAME_PATH = name_path("")


def stored_event(
    *,
    event_id: str,
    name: str,
    time_ms: int,
    received_ms: int,
    person_id: str,
    user_id: str,
    anonymous_id: str,
    session_id: str,
    properties: str,
    context: str,
) -> StoredEvent:
    """Make the message of a stored event.

    Args:
        event_id: as it is stored.
        name: likewise.
        time_ms: when it happened, in milliseconds since 1970.
        received_ms: when it arrived, likewise.
        person_id: its `$person_id`, or "".
        user_id: or "".
        anonymous_id: or "".
        session_id: or "".
        properties: flat JSON by paths, as it is stored.
        context: JSON, or "".
    """
    message = StoredEvent(
        event_id=event_id,
        name=name,
        person_id=person_id,
        user_id=user_id,
        anonymous_id=anonymous_id,
        session_id=session_id,
    )
    message.timestamp.FromMilliseconds(time_ms)
    message.received_at.FromMilliseconds(received_ms)
    message.properties.update(nested(leaves_of(orjson.loads(properties))))
    message.context.update(orjson.loads(context) if context else {})
    return message


def leaves_of(stored: Mapping[str, Leaf]) -> dict[str, Leaf]:
    """Give an event's properties by their names, from what is stored by their paths."""
    leaves: dict[str, Leaf] = {}
    for path, leaf in stored.items():
        if not is_hashed(path):
            leaves[property_name(path)] = _double(leaf)
        elif not path.endswith(_NAME_PATH):
            leaves[str(stored[name_path(path)])] = _double(leaf)
    return leaves


def nested(leaves: Mapping[str, Leaf]) -> dict[str, Any]:
    """Put properties together again: what is in an object is not also a property beside it.

    The result has the same property under every name as the event that was sent; only null and ""
    are gone, and a key with dots may stand in an object that had the same value under that name.
    """
    objects = {
        name: orjson.loads(leaf[0])
        for name, leaf in leaves.items()
        if isinstance(leaf, list) and leaf[0].startswith("{")
    }
    inside = {
        whole
        for name, content in objects.items()
        for part, leaf in flatten(content).items()
        if _is_same(leaves.get(whole := f"{name}.{part}"), _double(leaf))
    }
    return {name: _plain(leaf) for name, leaf in leaves.items() if name not in inside}


def _is_same(leaf: Leaf | None, other: Leaf) -> bool:
    """Tell whether two leaves are one value; for Python true is 1."""
    return type(leaf) is type(other) and leaf == other


def _double(leaf: Leaf) -> Leaf:
    """Give numbers as they are stored: JSON has one without a point, and reads it as another type."""
    return leaf if isinstance(leaf, str | bool | list) else float(leaf)


def _plain(leaf: Leaf) -> Any:
    return orjson.loads(leaf[0]) if isinstance(leaf, list) else leaf
