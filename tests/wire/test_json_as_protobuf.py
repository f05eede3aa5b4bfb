"""What protobuf's own reader makes of valid JSON is what ours makes of it."""

import json
from typing import Any

import pytest
from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st

from eventglass.transport.json_decoder import read_json
from events.v1.events_service_pb2 import BatchCreateRequest
from insights.v1.query_service_pb2 import QueryRequest

_REQUESTS: list[type[Message]] = [QueryRequest, BatchCreateRequest]

_texts = st.text(max_size=5)
_instants = st.datetimes().map(lambda moment: moment.isoformat() + "Z") | st.sampled_from(
    ["2026-05-01T00:00:00.123456789+05:30", "1969-12-31T23:59:59.5-23:59", "0001-01-01T00:00:00Z"]
)
_durations = st.integers(-(10**9), 10**9).map(lambda seconds: f"{seconds}s") | st.sampled_from(
    ["0.000000001s", "-1.5s", "-0.25s"]
)
_json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=5,
)
_OF_KIND: dict[str, st.SearchStrategy[object]] = {
    "google.protobuf.Timestamp": _instants,
    "google.protobuf.Duration": _durations,
    "google.protobuf.Value": _json_values,
    "google.protobuf.Struct": st.dictionaries(_texts, _json_values, max_size=3),
}
_OF_TYPE: dict[int, st.SearchStrategy[object]] = {
    FieldDescriptor.TYPE_STRING: _texts,
    FieldDescriptor.TYPE_BOOL: st.booleans(),
    FieldDescriptor.TYPE_DOUBLE: st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["1.5", 7, -0.0]),
    FieldDescriptor.TYPE_INT32: st.integers(-(2**31), 2**31 - 1) | st.sampled_from(["12", 3.0]),
}


def _json_of(descriptor: Any, depth: int = 0) -> st.SearchStrategy[object]:
    if descriptor.full_name in _OF_KIND:
        return _OF_KIND[descriptor.full_name]
    if depth > 3:
        return st.just({})
    oneofs: dict[str, list[FieldDescriptor]] = {}
    for field in descriptor.fields:
        oneofs.setdefault(field.containing_oneof.name if field.containing_oneof else field.name, []).append(
            field
        )

    @st.composite
    def build(draw: st.DrawFn) -> dict[str, object]:
        result: dict[str, object] = {}
        for fields in oneofs.values():
            if draw(st.integers(0, 2)) == 0:
                field = draw(st.sampled_from(fields))
                key = draw(st.sampled_from([field.name, field.json_name]))
                result[key] = draw(_json_of_field(field, depth))
        return result

    return build()


def _json_of_field(field: FieldDescriptor, depth: int) -> st.SearchStrategy[object]:
    if field.message_type is not None:
        one = _json_of(field.message_type, depth + 1)
    elif field.enum_type is not None:
        values = field.enum_type.values
        one = st.sampled_from([value.name for value in values] + [value.number for value in values])
    else:
        one = _OF_TYPE[field.type]
    return st.lists(one, max_size=2) if field.is_repeated else one


@pytest.mark.parametrize("message_class", _REQUESTS, ids=lambda kind: kind.DESCRIPTOR.name)
@given(data=st.data())
def test_valid_json_reads_as_protobuf_reads_it(message_class: type[Message], data: st.DataObject) -> None:
    value = data.draw(_json_of(message_class().DESCRIPTOR))
    text = json.dumps(value).encode()

    reading = read_json(text, message_class)

    assert reading.findings.violations == []
    assert reading.message == json_format.Parse(text, message_class())
