"""Nearly all events' properties are flat and plain, and packed here in one pass.

Whatever is not as plain as that is told by None, and packed by the rules (see ingest/properties.py);
both give the same.
"""

from collections.abc import Mapping

from google.protobuf.struct_pb2 import Struct

from eventglass.ingest.compact import Json
from eventglass.ingest.properties import MAX_PROPERTIES, Packed
from eventglass.ingest.spelled_paths import SPELLED_PATHS


def plain(properties: Mapping[str, Json]) -> Packed | None:
    """Pack properties without lists and objects; None: they are not that plain."""
    if len(properties) > MAX_PROPERTIES:
        return None
    content: Packed = {}
    for name, value in properties.items():
        if isinstance(value, str):
            if not value:
                continue
        elif isinstance(value, float):
            if value - value != 0.0:  # infinite, or not a number
                return None
            value += 0.0  # noqa: PLW2901 - makes -0 be 0
        elif value is None:
            continue
        elif not isinstance(value, bool):
            return None
        path = SPELLED_PATHS[name]
        if not path:
            return None
        content[path] = value
    return content


def plain_struct(struct: Struct) -> Packed | None:
    """Pack properties as they came. See `plain`."""
    fields = struct.fields
    if len(fields) > MAX_PROPERTIES:
        return None
    content: Packed = {}
    leaf: str | float | bool
    # By name, because its items() is slow. Which kind a value is of is asked last, because that is
    # slow, too: all but the one that is set are false.
    for name in fields:
        value = fields[name]
        if leaf := value.string_value:
            pass
        elif leaf := value.number_value:
            if leaf - leaf != 0.0:  # infinite, or not a number
                return None
        elif not (leaf := value.bool_value):
            kind = value.WhichOneof("kind")
            if kind == "number_value":
                leaf = 0.0
            elif kind in ("struct_value", "list_value"):
                return None
            elif kind != "bool_value":  # null and ""
                continue
        path = SPELLED_PATHS[name]
        if not path:
            return None
        content[path] = leaf
    return content
