"""Replies are written as protobuf itself would, only faster."""

import json
import math
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.struct_pb2 import Struct, Value
from hypothesis import given
from hypothesis import strategies as st

from eventglass.transport import json_encoder
from eventglass.transport.call import AnyMethod
from eventglass.transport.json_encoder import to_json
from events.v1.events_service_pb2 import BatchCreateResponse
from insights.v1.query_service_pb2 import QueryResponse
from tests.wire.fakes import SlowEngine, fake_methods

# Those that are drawn.
REPLIES: list[type[Message]] = [QueryResponse, BatchCreateResponse]

_OF_TYPE: dict[int, st.SearchStrategy[object]] = {
    FieldDescriptor.TYPE_STRING: st.text(max_size=5),
    FieldDescriptor.TYPE_BOOL: st.booleans(),
    FieldDescriptor.TYPE_DOUBLE: st.floats() | st.integers(-(2**60), 2**60).map(float),
    FieldDescriptor.TYPE_INT32: st.integers(-(2**31), 2**31 - 1),
}


def _fill(draw: st.DrawFn, message: Message) -> None:
    name = message.DESCRIPTOR.full_name
    if name == "google.protobuf.Timestamp":
        moment = draw(st.datetimes())
        message.FromDatetime(moment)  # type: ignore[attr-defined]
    elif name == "google.protobuf.Duration":
        sign = draw(st.sampled_from([1, -1]))
        message.seconds = sign * draw(st.integers(0, 10**9))  # type: ignore[attr-defined]
        message.nanos = sign * draw(st.sampled_from([0, 1, 1_000, 5_000_000, 999_999_999]))  # type: ignore[attr-defined]
    else:
        for field in message.DESCRIPTOR.fields:
            if draw(st.integers(0, 2)) == 0:
                _fill_field(draw, message, field)


def _fill_field(draw: st.DrawFn, message: Message, field: Any) -> None:
    value = getattr(message, field.name)
    if field.message_type is not None and field.is_repeated:
        for _ in range(draw(st.integers(1, 2))):
            _fill(draw, value.add())
    elif field.message_type is not None:
        value.SetInParent()
        _fill(draw, value)
    elif field.enum_type is not None:
        setattr(message, field.name, draw(st.sampled_from([*field.enum_type.values_by_number, 77])))
    elif field.is_repeated:
        value.extend(draw(st.lists(_OF_TYPE[field.type], max_size=3)))
    else:
        setattr(message, field.name, draw(_OF_TYPE[field.type]))


@pytest.mark.parametrize("message_class", REPLIES, ids=lambda kind: kind.DESCRIPTOR.name)
@given(data=st.data())
def test_a_reply_is_written_as_protobuf_writes_it(message_class: type[Message], data: st.DataObject) -> None:
    message = message_class()
    data.draw(st.composite(lambda draw: _fill(draw, message))())

    written = json.loads(to_json(message))

    assert written == json_format.MessageToDict(message, always_print_fields_with_no_presence=True)


_SET_TO: dict[int, object] = {FieldDescriptor.TYPE_STRING: "a", FieldDescriptor.TYPE_BOOL: True}


# test_access finds that no method is missing.
@pytest.mark.parametrize("method", fake_methods(SlowEngine()), ids=lambda method: method.path)
def test_every_field_of_every_reply_is_written_when_set(method: AnyMethod) -> None:
    message = GetMessageClass(method.descriptor.output_type)()
    _set_everything(message)

    written = json.loads(to_json(message))

    assert written == json_format.MessageToDict(message, always_print_fields_with_no_presence=True)


def _set_everything(message: Message, deep: int = 0) -> None:
    """Set all fields, of messages that may hold their own kind to a depth."""
    if isinstance(message, Struct | Value):
        json_format.ParseDict({"a": [1, None, "b", True, {}]}, message)
        return
    for field in message.DESCRIPTOR.fields if deep < 6 else []:
        value = getattr(message, field.name)
        if field.message_type is not None:
            child = value.add() if field.is_repeated else value
            child.SetInParent()
            _set_everything(child, deep + 1)
        elif field.is_repeated:
            value.append(_SET_TO.get(field.type, 1))
        else:
            setattr(message, field.name, _SET_TO.get(field.type, 1))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1000.0, "1000"),
        (0.65, "0.65"),
        (-2.5, "-2.5"),
        (2.0**53, "9007199254740992"),
        (1e21, "1e+21"),
    ],
)
def test_numbers_print_without_loss_and_whole_ones_without_a_point(value: float, text: str) -> None:
    reply = QueryResponse()
    reply.series.add(value=value)

    assert f'"value":{text}'.encode() in to_json(reply)
    assert float(text) == value


def test_zeros_are_printed_and_the_absent_is_not() -> None:
    reply = QueryResponse()
    reply.series.add(value=0.0, breakdown="").timestamp.FromDatetime(datetime(2026, 5, 1, tzinfo=UTC))
    reply.series.add()

    first, second = json.loads(to_json(reply))["series"]

    assert first == {
        "timestamp": "2026-05-01T00:00:00Z",
        "value": 0,
        "breakdown": "",
        "event": "",
        "seriesIndex": 0,
        "dimensions": [],
        "partial": False,
        "comparison": "",
        "alignedIndex": 0,
    }
    assert second.keys() == first.keys() - {"timestamp", "value", "breakdown"}


def test_what_is_no_number_is_a_text_as_in_proto_json() -> None:
    reply = QueryResponse()
    for value in (math.nan, math.inf, -math.inf):
        reply.series.add(value=value)

    written = [point["value"] for point in json.loads(to_json(reply))["series"]]

    assert written == ["NaN", "Infinity", "-Infinity"]


def test_short_values_are_kept_as_they_are_written_and_long_ones_are_not() -> None:
    json_encoder._fragment.cache_clear()
    texts = [uuid.uuid4().hex, uuid.uuid4().hex * 1_000]
    response = QueryResponse()
    point = response.series.add()
    for text in texts:
        point.dimensions.add(text=text)

    written = json.loads(to_json(response))

    assert [each["text"] for each in written["series"][0]["dimensions"]] == texts
    assert json_encoder._fragment.cache_info().currsize == 1
