"""A number that is not finite is refused for the same reason, at the same place, however it is sent."""

import json
import struct
from collections.abc import Sequence
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message

from eventglass.errors import InvalidArgumentError, Violation
from eventglass.spec.profiles import violations_of_identify
from eventglass.spec.validation import violations_of_request
from eventglass.transport.decoding import Encoding, decode
from insights.v1.query_service_pb2 import QueryRequest
from profiles.v1.profiles_sdk_service_pb2 import IdentifyRequest
from tests.unit.asked import MAY

# Stands where the number is to be.
_MARK = 12345.5
_FILTER = {"property": "a", "operator": "OPERATOR_EQUALS"}
_BINS: dict[str, Any] = {"visualization": "VISUALIZATION_DISTRIBUTION", "aggregationProperty": "a"}

# What is asked, and where the number is.
QUERIES: dict[str, tuple[dict[str, Any], str]] = {
    "a filter": ({"filters": [{**_FILTER, "value": _MARK}]}, "query.filters[0].value"),
    "an operator of texts": (
        {"filters": [{**_FILTER, "operator": "OPERATOR_CONTAINS", "value": _MARK}]},
        "query.filters[0].value",
    ),
    "a list": (
        {"filters": [{**_FILTER, "operator": "OPERATOR_IN", "value": [1, _MARK]}]},
        "query.filters[0].value[1]",
    ),
    "a bound": (
        {"where": {"filter": {**_FILTER, "operator": "OPERATOR_BETWEEN", "value": [_MARK, 1]}}},
        "query.where.filter.value[0]",
    ),
    "buckets": ({"breakdown": {"property": "a", "buckets": [1, _MARK]}}, "query.breakdown.buckets[1]"),
    "bins": ({**_BINS, "distribution": {"edges": [_MARK, 1]}}, "query.distribution.edges[0]"),
}


def _ways(request: dict[str, Any], message: Message, written: str, number: float) -> list[tuple[Any, bytes]]:
    """Write a request as JSON, and as the bytes that protobuf itself would not all write."""
    binary = ParseDict(request, message).SerializeToString()
    assert struct.pack("<d", _MARK) in binary
    return [
        (Encoding.JSON, json.dumps(request).replace(str(_MARK), written).encode()),
        (Encoding.PROTO, binary.replace(struct.pack("<d", _MARK), struct.pack("<d", number))),
    ]


def _found(violations: Sequence[Violation]) -> list[tuple[str, str]]:
    return [(each.field, each.code) for each in violations]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("NaN", float("nan")),
        ("-Infinity", float("-inf")),
        ("1e400", float("inf")),
        ("2" + "0" * 308, float("inf")),
    ],
    ids=["nan", "infinite", "beyond a double", "beyond a double in digits"],
)
@pytest.mark.parametrize(("query", "field"), QUERIES.values(), ids=QUERIES.keys())
def test_in_a_query(query: dict[str, Any], field: str, written: str, number: float) -> None:
    request = {"query": {"timeRange": MAY, **query}}

    for encoding, data in _ways(request, QueryRequest(), written, number):
        assert _of_query(data, encoding) == [(field, "NOT_FINITE")]


@pytest.mark.parametrize("number", [1e308, -1.7e308, 1.7976931348623157e308])
def test_the_largest_numbers_are_read_however_they_are_written(number: float) -> None:
    request = {"query": {"filters": [{**_FILTER, "value": _MARK}]}}

    for written in (repr(number), str(int(number))):
        for encoding, data in _ways(request, QueryRequest(), written, number):
            read = decode(data, encoding, QueryRequest, violations_of_request).query.filters[0].value
            assert read.number_value == number


def test_in_a_budget() -> None:
    request = {"query": {"timeRange": MAY}, "budget": {"maxRowsRead": _MARK}}

    for encoding, data in _ways(request, QueryRequest(), "1e400", float("inf")):
        assert _of_query(data, encoding) == [("budget.max_rows_read", "NOT_FINITE")]


def test_in_traits() -> None:
    request = {"externalId": "ann", "traits": {"a": {"b": [_MARK]}}}

    for encoding, data in _ways(request, IdentifyRequest(), "NaN", float("nan")):
        try:
            found = violations_of_identify(decode(data, encoding, IdentifyRequest, violations_of_identify))
        except InvalidArgumentError as refused:
            found = list(refused.violations)
        assert _found(found) == [("traits.a.b[0]", "NOT_FINITE")]


def _of_query(data: bytes, encoding: Encoding) -> list[tuple[str, str]]:
    """Say what is wrong with a query, whoever notices it: the reader, or the rules after it."""
    try:
        return _found(violations_of_request(decode(data, encoding, QueryRequest, violations_of_request)))
    except InvalidArgumentError as refused:
        return _found(refused.violations)
