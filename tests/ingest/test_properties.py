"""Flattening, and what the table's JSON column makes of it."""

import json
import math
from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from google.protobuf.struct_pb2 import Struct
from hypothesis import example, given
from hypothesis import strategies as st

from eventglass.engine.layout import property_name, property_path
from eventglass.ingest.compact import compact_json
from eventglass.ingest.plain import plain, plain_struct
from eventglass.ingest.properties import MAX_DEPTH, MAX_PROPERTIES, Fault, fault_of, flatten, packed, stored
from eventglass.ingest.structs import read_struct

ABSENT = object()
numbers = st.floats(allow_nan=False, allow_infinity=False)
# Few names with few letters and dots, so that they meet.
names = st.text(st.sampled_from("ab."), max_size=4)
values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, st.sampled_from(["", "x", "1"])),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(names, inner, max_size=3)),
    max_leaves=12,
)
objects = st.dictionaries(names, values, max_size=4)


def looked_up(properties: Mapping[str, Any], name: str) -> object:
    """Find a property as the rule is worded: the longest key first."""
    value = properties.get(name)
    if value is not None and value != "":
        return value
    for length in range(len(name) - 1, -1, -1):
        inner = properties.get(name[:length]) if name[length] == "." else None
        if isinstance(inner, dict) and (found := looked_up(inner, name[length + 1 :])) is not ABSENT:
            return found
    return ABSENT


@given(properties=objects, name=st.text(st.sampled_from("ab."), max_size=9))
def test_a_property_is_found_as_the_rule_says(properties: dict[str, Any], name: str) -> None:
    expected = looked_up(properties, name)

    leaf = flatten(properties).get(name, ABSENT)

    if isinstance(expected, dict | list):
        assert leaf == [compact_json(expected)]
    else:
        assert leaf is expected or (leaf == expected and type(leaf) is type(expected))


def test_a_flat_key_wins_over_nesting_and_both_are_there() -> None:
    properties: dict[str, Any] = {"a": {"b": 2, "c": 3}, "a.b": 1}

    assert flatten(properties) == {"a.b": 1.0, "a": ['{"b":2,"c":3}'], "a.c": 3.0}


def test_null_and_empty_texts_are_absent_and_let_the_next_one_through() -> None:
    assert flatten({"a.b": None, "a": {"b": "", "c": {}}, "d": ""}) == {
        "a": ['{"b":"","c":{}}'],
        "a.c": ["{}"],
    }
    assert flatten({"a.b": None, "a": {"b": 1}})["a.b"] == 1.0


def test_numbers_are_written_as_fractions_and_zero_has_no_sign() -> None:
    content = stored(flatten({"a": 1, "b": -0.0, "c": 2**53, "d": True}))

    assert orjson.dumps(content) == b'{"a":1.0,"b":0.0,"c":9007199254740992.0,"d":true}'


flat = st.dictionaries(
    st.one_of(names, st.text(min_size=60, max_size=70), st.just("ü" * 90)),
    st.one_of(st.none(), st.booleans(), st.floats(), st.sampled_from(["", "x", "1", "ü"])),
    max_size=4,
)


@given(properties=st.one_of(flat, objects))
@example(properties={"a": -0.0, "b": 0.0, "c": False, "d": "", "e": None})
@example(properties={"a": math.inf})
@example(properties={"a": math.nan})
def test_plain_properties_are_packed_in_one_pass_as_by_the_rules(properties: dict[str, Any]) -> None:
    struct = Struct()
    for name, value in properties.items():
        struct[name] = value
    by_rules = packed(read_struct(struct))

    for in_one_pass in (plain(properties), plain_struct(struct)):
        assert in_one_pass is None or _written(in_one_pass) == _written(by_rules)


@pytest.mark.parametrize("value", [1.0, 0.0, "x", False, {}, {"a": 1.0}, []])
def test_a_property_without_a_name_is_refused(value: Any) -> None:
    struct = Struct()
    struct.update({"": value, "a": 1.0})

    fault = packed({"": value, "a": 1.0})

    assert isinstance(fault, Fault)
    assert (fault.name, fault.reason) == ("", "EMPTY")
    assert plain({"": value, "a": 1.0}) is plain_struct(struct) is None


def test_without_a_name_null_and_empty_texts_are_absent_and_nested_values_are_kept() -> None:
    assert packed({"": None}) == packed({"": ""}) == {}
    assert packed({"a": {"": 1.0}}) == {"a": ['{"":1}'], "a~2E": 1.0}


def test_what_most_senders_send_is_plain() -> None:
    properties: dict[str, Any] = {"plan": "free", "$geo.country": "DE", "n": -0.0, "vip": False, "no": None}
    struct = Struct()
    struct.update(properties)

    expected = {"plan": "free", "$geo~2Ecountry": "DE", "n": 0.0, "vip": False}
    assert plain(properties) == expected
    assert plain_struct(struct) == expected


def test_too_many_properties_are_not_plain() -> None:
    struct = Struct()
    struct.update({f"p{index}": 1 for index in range(MAX_PROPERTIES + 1)})

    assert plain_struct(struct) is None
    assert plain(read_struct(struct)) is None


def _written(content: object) -> object:
    """Write content as it is stored: types and the sign of zero show."""
    return {path: repr(leaf) for path, leaf in content.items()} if isinstance(content, dict) else content


def test_compact_json_has_sorted_keys_and_keeps_letters() -> None:
    value: Any = {"b": [1, 2.5, None, True], "a": {"ü": '😀\n"', "B": "\0"}}

    assert compact_json(value) == '{"a":{"B":"\\u0000","ü":"😀\\n\\""},"b":[1,2.5,null,true]}'


@given(values)
def test_compact_json_is_json(value: Any) -> None:
    assert json.loads(compact_json(value), parse_int=float) == value


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20))
def test_a_name_can_be_read_back_from_its_key(name: str) -> None:
    assert property_name(property_path(name)) == name
    assert list(stored({name: 1.0})) == [property_path(name)]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 10**400])
@pytest.mark.parametrize(
    "wrap",
    [lambda x: x, lambda x: [1, x], lambda x: {"b": [{"c": x}]}],
    ids=["itself", "in a list", "deeper"],
)
def test_a_number_that_is_not_finite_is_a_fault_wherever_it_is(number: float, wrap: Any) -> None:
    fault = fault_of({"fine": 1, "a": wrap(number)})

    assert fault is not None
    assert fault.reason == "NOT_FINITE"
    assert fault.name.startswith("a")


def test_depth_has_a_limit() -> None:
    value: Any = 1
    for _ in range(MAX_DEPTH):
        assert fault_of({"a": value}) is None
        value = {"b": value}

    fault = fault_of({"a": value})

    assert fault is not None
    assert fault.reason == "TOO_DEEP"
