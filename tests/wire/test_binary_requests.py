"""Binary requests: what is unknown is an error there, too."""

import pytest
from google.protobuf.message import Message

from eventglass.errors import Violation
from eventglass.transport.binary_decoder import read_binary
from eventglass.transport.ports import Ports
from events.v1.events_service_pb2 import BatchCreateRequest
from insights.v1.query_service_pb2 import QueryRequest
from tests.wire.callers import HEADERS, PROTOCOLS, Ask

_FIELD_99 = b"\x98\x06\x01"


def _violations(message: Message, extra: bytes = b"") -> list[Violation]:
    return read_binary(message.SerializeToString() + extra, type(message)).findings.violations


def test_a_known_request_has_no_findings() -> None:
    request = QueryRequest()
    request.query.events.add(name="a").filters.add(property="p", operator=1).value.string_value = "x"
    request.query.time_range.start.seconds = 1

    reading = read_binary(request.SerializeToString(), QueryRequest)

    assert reading.findings.violations == []
    assert reading.message == request


def test_unknown_fields_are_found_at_the_top() -> None:
    (violation,) = _violations(QueryRequest(), _FIELD_99)

    assert (violation.field, violation.code) == ("#99", "UNKNOWN_FIELD")
    assert violation.description == "insights.v1.QueryRequest has no field 99; renew your client"


def test_unknown_fields_are_found_however_deep() -> None:
    request = QueryRequest()
    request.query.events.add()
    request.query.events.add().filters.add().MergeFromString(_FIELD_99)
    request.query.where.all_of.expressions.add().filter.MergeFromString(_FIELD_99)

    found = [violation.field for violation in _violations(request)]

    assert found == ["query.events[1].filters[0].#99", "query.where.all_of.expressions[0].filter.#99"]


def test_unknown_fields_are_found_in_properties() -> None:
    request = BatchCreateRequest()
    request.events.add().properties.fields["price"].MergeFromString(_FIELD_99)

    (violation,) = _violations(request)

    assert violation.field == "events[0].properties.fields.price.#99"


def test_unknown_numbers_of_enums_are_found_and_read_as_unset() -> None:
    request = QueryRequest(cache=9)  # type: ignore[arg-type]
    request.query.granularity = 99  # type: ignore[assignment]
    request.query.events.add(aggregation=99)
    request.query.filters.add(operator=99)

    reading = read_binary(request.SerializeToString(), QueryRequest)

    assert {(found.field, found.code) for found in reading.findings.violations} == {
        ("query.events[0].aggregation", "UNKNOWN_VALUE"),
        ("query.granularity", "UNKNOWN_VALUE"),
        ("query.filters[0].operator", "UNKNOWN_VALUE"),
        ("cache", "UNKNOWN_VALUE"),
    }
    assert "GRANULARITY_DAY" in str(reading.findings.violations)
    assert reading.message.query.granularity == 0


@pytest.mark.parametrize("data", [b"\xff", b"\x0a\x05ab"], ids=["tag", "length"])
def test_broken_bytes(data: bytes) -> None:
    (violation,) = read_binary(data, QueryRequest).findings.violations

    assert (violation.field, violation.code) == ("", "BROKEN_MESSAGE")


def test_a_tree_that_is_too_deep() -> None:
    request = QueryRequest()
    node = request.query.where
    for _ in range(200):
        node = getattr(node, "not")
    node.filter.property = "a"

    (violation,) = _violations(request)

    assert violation.code == "BROKEN_MESSAGE"


@pytest.mark.parametrize("name", ["grpc", "grpc-web", "connect"])
async def test_the_wire_tells_them(ports: Ports, name: str) -> None:
    ask: Ask = PROTOCOLS[name]
    request = QueryRequest()
    request.query.MergeFromString(_FIELD_99)
    request.query.formula = "A"

    outcome = await ask(ports, request, HEADERS, None)

    assert outcome.code == "INVALID_ARGUMENT"
    assert outcome.violations == [
        ("query.#99", "UNKNOWN_FIELD"),
        ("query.time_range.start", "REQUIRED"),
        ("query.formula", "BAD_FORMULA"),
    ]
