"""Read protobuf's JSON values as Python's: every property of every event passes here."""

from google.protobuf.struct_pb2 import ListValue, Struct, Value

from eventglass.ingest.compact import Json


def read_struct(struct: Struct) -> dict[str, Json]:
    """Give an object as a dictionary; its numbers are floats."""
    values: dict[str, Json] = {}
    fields = struct.fields
    # By name, because its items() is slow; and the most frequent kinds first, without a call.
    for name in fields:
        value = fields[name]
        kind = value.WhichOneof("kind")
        if kind == "string_value":
            values[name] = value.string_value
        elif kind == "number_value":
            values[name] = value.number_value
        else:
            values[name] = _read_rarer(value, kind)
    return values


def _read_list(values: ListValue) -> list[Json]:
    return [_read_value(value) for value in values.values]


def _read_value(value: Value) -> Json:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return value.string_value
    if kind == "number_value":
        return value.number_value
    return _read_rarer(value, kind)


def _read_rarer(value: Value, kind: str | None) -> Json:
    match kind:
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return read_struct(value.struct_value)
        case "list_value":
            return _read_list(value.list_value)
        case _:
            return None
