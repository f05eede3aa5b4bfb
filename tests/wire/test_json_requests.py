"""JSON is read strictly, and everything that is wrong with it is told at once."""

import json
from collections.abc import Iterator

import httpx
import pytest

from audiences.v1.audiences_service_pb2 import EstimateSizeRequest
from eventglass.errors import InvalidArgumentError, Violation
from eventglass.spec.audiences import violations_of_size
from eventglass.spec.validation import violations_of_request
from eventglass.transport.decoding import Encoding, decode
from eventglass.transport.json_decoder import read_json
from insights.v1.query_service_pb2 import QueryRequest
from tests.wire.callers import QUERY

# The request (or its `query`), and what is said: field, code, a part of the remedy.
MALFORMED = {
    "unknown enum value": (
        {"granularity": "GRANULARITY_DECADE"},
        "query.granularity",
        "UNKNOWN_VALUE",
        "HOUR",
    ),
    "enum without prefix": ({"granularity": "day"}, "query.granularity", "UNKNOWN_VALUE", "GRANULARITY_DAY?"),
    "enum misspelt": (
        {"filters": [{"property": "a", "operator": "OPERATOR_EQUAL", "value": 1}]},
        "query.filters[0].operator",
        "UNKNOWN_VALUE",
        "did you mean OPERATOR_EQUALS?",
    ),
    "unknown enum number": ({"aggregation": 99}, "query.aggregation", "UNKNOWN_VALUE", "AGGREGATION_COUNT"),
    "enum of another kind": ({"aggregation": True}, "query.aggregation", "WRONG_TYPE", "AGGREGATION_COUNT"),
    "unknown field": (
        {"timeRnage": {}},
        "query.timeRnage",
        "UNKNOWN_FIELD",
        "did you mean timeRange? There are events, timeRange,",
    ),
    "unknown field, nothing like it": (
        {"breakdown": {"qqq": 1}},
        "query.breakdown.qqq",
        "UNKNOWN_FIELD",
        "there are property, thenBy",
    ),
    "extension": ({"[a.b]": 1}, "query.[a.b]", "UNKNOWN_FIELD", "there are events"),
    "text for a list": ({"events": "page_view"}, "query.events", "WRONG_TYPE", "must be a list, not a text"),
    "text for an object": (
        {"events": ["page_view"]},
        "query.events[0]",
        "WRONG_TYPE",
        "an object, not a text",
    ),
    "null in a list": ({"events": [None]}, "query.events[0]", "WRONG_TYPE", "an object, not null"),
    "number for a text": ({"timezone": 1}, "query.timezone", "WRONG_TYPE", "must be a text, not a number"),
    "text for a boolean": (
        {"breakdown": {"hideOther": "yes"}},
        "query.breakdown.hide_other",
        "WRONG_TYPE",
        "true or false",
    ),
    "date for an instant": (
        {"timeRange": {"start": "2026-05-01"}},
        "query.time_range.start",
        "INVALID_TIMESTAMP",
        "2026-05-01T00:00:00Z",
    ),
    "no such offset": (
        {"timeRange": {"end": "2026-05-02T00:00:00+24:00"}},
        "query.time_range.end",
        "INVALID_TIMESTAMP",
        "2026-05-01T00:00:00Z",
    ),
    "no such day": (
        {"timeRange": {"end": "2026-02-30T00:00:00Z"}},
        "query.time_range.end",
        "INVALID_TIMESTAMP",
        "2026-05-01T00:00:00Z",
    ),
    "number for a duration": (
        {"conversionWindow": 604800},
        "query.conversion_window",
        "INVALID_DURATION",
        "604800s",
    ),
    "fraction for a whole number": ({"pageSize": 1.5}, "query.page_size", "WRONG_TYPE", "whole number"),
    "too large a number": ({"pageSize": 1e10}, "query.page_size", "OUT_OF_RANGE", "beyond even 2147483647;"),
    "too small a number": (
        {"pageSize": -1e10},
        "query.page_size",
        "OUT_OF_RANGE",
        "beyond even -2147483648;",
    ),
    "far too large a number": (
        {"pageSize": float("inf")},
        "query.page_size",
        "NOT_FINITE",
        "a finite number",
    ),
    "no number": ({"pageSize": float("nan")}, "query.page_size", "NOT_FINITE", "a finite number"),
    "both spellings": (
        {"timeRange": {}, "time_range": {}},
        "query.time_range",
        "REPEATED_FIELD",
        "give it once",
    ),
    "two of a oneof": (
        {"where": {"filter": {}, "anyOf": {}}},
        "query.where.any_of",
        "ONEOF_CONFLICT",
        "only one of filter, allOf, anyOf, not",
    ),
    "half a character": ({"formula": "\ud83d"}, "query.formula", "INVALID_TEXT", "whole characters"),
}
BROKEN = {
    "cut off": (b'{"query": {"events": [', "BROKEN_JSON", "line 1, column 23"),
    "empty": (b"", "BROKEN_JSON", "line 1, column 1"),
    "quotes": (b"{'query': {}}", "BROKEN_JSON", "double quotes"),
    "no utf-8": (b'{"query": "\xff"}', "BROKEN_JSON", "UTF-8"),
    "a byte order mark": (
        b"\xef\xbb\xbf{}",
        "BROKEN_JSON",
        "line 1, column 1: a byte order mark; leave it out",
    ),
    "a list": (b"[]", "WRONG_TYPE", "must be an object, not a list"),
    "too deep": (b"[" * 200_000, "TOO_DEEP", "nested too deep"),
    "too many digits": (b'{"query": {"pageSize": ' + b"1" * 5_000 + b"}}", "BROKEN_JSON", "too many digits"),
}


def _violations(data: bytes) -> list[Violation]:
    return read_json(data, QueryRequest).findings.violations


@pytest.mark.parametrize(("query", "field", "code", "remedy"), MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_malformed_is_named(query: dict[str, object], field: str, code: str, remedy: str) -> None:
    (violation,) = _violations(json.dumps({"query": query}).encode())

    assert (violation.field, violation.code) == (field, code)
    assert remedy in violation.description


@pytest.mark.parametrize(("data", "code", "remedy"), BROKEN.values(), ids=BROKEN.keys())
def test_what_is_broken_is_described(data: bytes, code: str, remedy: str) -> None:
    (violation,) = _violations(data)

    assert (violation.field, violation.code) == ("", code)
    assert remedy in violation.description


_VALUE = "query.filters[0].value"
UNWRITABLE = {
    "a key twice": (b'{"query":{"pageSize":1,"pageSize":2}}', "query", "REPEATED_FIELD"),
    "nan": (b'{"query":{"breakdown":{"buckets":[1,NaN]}}}', "query.breakdown.buckets[1]", "NOT_FINITE"),
    "infinity": (b'{"query":{"filters":[{"value":1e999}]}}', _VALUE, "NOT_FINITE"),
    "infinity as a text": (b'{"budget":{"maxRowsRead":"-Infinity"}}', "budget.max_rows_read", "NOT_FINITE"),
    "tree too deep": (
        b'{"query":{"where":' + b'{"not":' * 99 + b"{}" + b"}" * 99 + b"}}",
        "query.where" + ".not" * 98,
        "TOO_DEEP",
    ),
    "value too deep": (
        b'{"query":{"filters":[{"value":' + b"[" * 60 + b"]" * 60 + b"}]}}",
        _VALUE + "[0]" * 48,
        "TOO_DEEP",
    ),
}


@pytest.mark.parametrize(("data", "field", "code"), UNWRITABLE.values(), ids=UNWRITABLE.keys())
def test_what_python_cannot_write(data: bytes, field: str, code: str) -> None:
    (violation,) = _violations(data)

    assert (violation.field, violation.code) == (field, code)


def _rules(request: QueryRequest) -> Iterator[Violation]:
    if not request.query.time_range.HasField("start"):
        yield Violation(field="query.time_range.start", code="REQUIRED", description="is required")
    for index, selector in enumerate(request.query.events):
        if not selector.name:
            yield Violation(field=f"query.events[{index}].name", code="REQUIRED", description="is required")


def test_all_violations_come_at_once_those_of_the_rules_too() -> None:
    events = [{"name": "a"}, 7, {"name": ""}, {"name": 8}]
    data = json.dumps({"query": {"events": events, "granularity": "DAY", "extra": 1}}).encode()

    with pytest.raises(InvalidArgumentError) as caught:
        decode(data, Encoding.JSON, QueryRequest, lambda request: list(_rules(request)))

    assert [(found.field, found.code) for found in caught.value.violations] == [
        ("query.events[1]", "WRONG_TYPE"),
        ("query.events[3].name", "WRONG_TYPE"),
        ("query.granularity", "UNKNOWN_VALUE"),
        ("query.extra", "UNKNOWN_FIELD"),
        ("query.time_range.start", "REQUIRED"),
        ("query.events[2].name", "REQUIRED"),
    ]


def test_the_rules_are_silent_about_what_could_not_be_read() -> None:
    data = json.dumps({"query": {"timeRange": {"start": "yesterday"}}}).encode()

    with pytest.raises(InvalidArgumentError) as caught:
        decode(data, Encoding.JSON, QueryRequest, lambda request: list(_rules(request)))

    assert [found.code for found in caught.value.violations] == ["INVALID_TIMESTAMP"]


_RANGE = {"start": "2026-05-01T00:00:00Z", "end": "2026-06-01T00:00:00Z"}
_CONDITION = {"filter": {"property": "a", "operator": "OPERATOR_IS_SET"}}


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        pytest.param({"where": {"anyOf": [_CONDITION]}}, ["query.where.any_of"], id="tree"),
        pytest.param(
            {"where": {"not": {"allOf": [_CONDITION]}}}, ["query.where.not.all_of"], id="tree within"
        ),
        pytest.param(
            {"comparisons": [{"previousPeriod": {}}]},
            ["query.comparisons[0].previous_period"],
            id="comparison",
        ),
        pytest.param(
            {"visualization": "funnel", "conversionWindow": "60s", "funnel": {"trend": True}},
            ["query.visualization"],
            id="visualization",
        ),
        pytest.param(
            {"aggregation": "AGGREGATION_P75", "aggregationProperty": "price"},
            ["query.aggregation"],
            id="aggregation",
        ),
        pytest.param(
            {"aggregation": "AGGREGATION_P75", "timezone": "Moon", "formula": "B"},
            ["query.aggregation", "query.timezone", "query.formula"],
            id="what else is wrong",
        ),
    ],
)
def test_what_could_not_be_read_is_not_told_to_be_missing_or_unused(
    query: dict[str, object], fields: list[str]
) -> None:
    data = json.dumps({"query": {"timeRange": _RANGE, **query}}).encode()

    with pytest.raises(InvalidArgumentError) as caught:
        decode(data, Encoding.JSON, QueryRequest, violations_of_request)

    assert [found.field for found in caught.value.violations] == fields


def test_of_two_ways_to_name_an_audience_none_is_missing_when_one_cannot_be_read() -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        decode(b'{"where": []}', Encoding.JSON, EstimateSizeRequest, violations_of_size)

    assert [found.field for found in caught.value.violations] == ["where"]


def test_a_request_of_nothing_but_errors_is_bounded() -> None:
    data = json.dumps({"query": {f"{'x' * 50}{index}": 1 for index in range(50_000)}}).encode()

    assert len(_violations(data)) == 100


async def test_the_wire_tells_them_all(http: httpx.AsyncClient) -> None:
    query = {"granularity": "DAY", "formula": "A", "timeRange": {"end": 1}}

    answer = await http.post(QUERY, json={"query": query})

    body = answer.json()
    bad_request = next(detail["debug"] for detail in body["details"] if detail["type"].endswith("BadRequest"))
    assert body["code"] == "invalid_argument"
    assert body["message"].startswith('query.granularity: "DAY" is no value of this field; did you mean')
    assert body["message"].endswith("(and 3 more)")
    assert [found["field"] for found in bad_request["fieldViolations"]] == [
        "query.granularity",
        "query.time_range.end",
        "query.time_range.start",
        "query.formula",
    ]
