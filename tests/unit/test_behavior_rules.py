"""What a query may ask about people's past: the field that is wrong, the code, and a remedy."""

from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from eventglass.spec.live import violations_of_stream
from eventglass.spec.validation import violations_of_request
from events.v1.stream_pb2 import StreamRequest
from insights.v1.query_service_pb2 import QueryRequest

MAY = {"start": "2026-05-01T00:00:00Z", "end": "2026-06-01T00:00:00Z"}
IS_SET = {"filter": {"property": "a", "operator": "OPERATOR_IS_SET"}}


def _did(**more: Any) -> dict[str, Any]:
    return {"where": {"did": {"name": "buy", **more}}}


def _different(number: int) -> dict[str, Any]:
    return {"anyOf": {"expressions": [_did(atLeast=at)["where"] for at in range(1, number + 1)]}}


def _nots(depth: int, leaf: dict[str, Any]) -> dict[str, Any]:
    return leaf if depth == 0 else {"not": _nots(depth - 1, leaf)}


CASES = [
    (_did(atLeast=-1), "query.where.did.at_least", "OUT_OF_RANGE"),
    (_did(atLeast=10_001), "query.where.did.at_least", "OUT_OF_RANGE"),
    (_did(atLeast=2, firstTime=True), "query.where.did.at_least", "OUT_OF_RANGE"),
    (_did(within="0s"), "query.where.did.within", "OUT_OF_RANGE"),
    (_did(within="-5s"), "query.where.did.within", "OUT_OF_RANGE"),
    (_did(within="316224000.001s"), "query.where.did.within", "OUT_OF_RANGE"),
    (_did(within="0.0005s"), "query.where.did.within", "TOO_FINE"),
    (_did(filters=[{"property": "a"}]), "query.where.did.filters[0].operator", "REQUIRED"),
    (_did(where={}), "query.where.did.where", "REQUIRED"),
    (_did(where={"not": _did()["where"]}), "query.where.did.where.not.did", "TOO_DEEP"),
    (_did(where=_nots(15, IS_SET)), "query.where.did.where" + ".not" * 15, "TOO_DEEP"),
    ({"events": [_did(atLeast=-1)]}, "query.events[0].where.did.at_least", "OUT_OF_RANGE"),
    (
        {"visualization": "VISUALIZATION_RETENTION", "startingEvent": _did(within="0s")},
        "query.starting_event.where.did.within",
        "OUT_OF_RANGE",
    ),
    (
        {"events": [{"where": _different(16)}, _did(), _did(atLeast=16)]},
        "query.events[1].where.did",
        "TOO_MANY",
    ),
    (
        {"where": {"anyOf": {"expressions": [_did(filters=[IS_SET["filter"]] * 500)["where"]] * 2}}},
        "query.where",
        "TOO_MANY",
    ),
]


@pytest.mark.parametrize(("change", "field", "code"), CASES)
def test_a_wrong_behaviour_names_field_and_remedy(change: dict[str, Any], field: str, code: str) -> None:
    found = violations_of_request(_request(change))

    assert [(each.field, each.code) for each in found] == [(field, code)]
    assert len(found[0].description) > len("is wrong")


@pytest.mark.parametrize(
    "change",
    [
        {"where": {"did": {}}},
        _did(atLeast=10_000, within="316224000s"),
        _did(firstTime=True, atLeast=1, within="0.001s"),
        _did(where=_nots(14, IS_SET)),
        {"where": _different(16)},
        {"visualization": "VISUALIZATION_FUNNEL", "events": [_did()] * 30},
    ],
)
def test_right_behaviours_pass(change: dict[str, Any]) -> None:
    assert violations_of_request(_request(change)) == []


def test_a_stream_does_not_ask_what_people_did() -> None:
    request = ParseDict({"where": {"not": _did(within="60s")["where"]}}, StreamRequest())

    found = violations_of_stream(request)

    assert [(each.field, each.code) for each in found] == [("where.not.did", "UNUSED_FIELD")]


def test_a_stream_does_not_ask_what_sessions_hold() -> None:
    named = {"property": "$session.entry.page", "operator": "OPERATOR_IS_SET"}
    request = ParseDict({"where": {"not": {"filter": named}}}, StreamRequest())

    found = violations_of_stream(request)

    assert [(each.field, each.code) for each in found] == [("where.not.filter.property", "UNUSED_FIELD")]


def _request(change: dict[str, Any]) -> QueryRequest:
    return ParseDict({"query": {"timeRange": MAY, **change}}, QueryRequest())
