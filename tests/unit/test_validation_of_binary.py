"""The rules of numbers that only binary requests can hold."""

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from eventglass.spec.live import violations_of_list, violations_of_stream
from eventglass.spec.validation import violations_of_request
from events.v1.list_pb2 import ListRequest
from events.v1.stream_pb2 import StreamRequest
from tests.unit.asked import request_of

NO_NANOS = [-1, 1_000_000_000]


@pytest.mark.parametrize("nanos", NO_NANOS)
@pytest.mark.parametrize("name", ["start", "end"])
def test_the_nanos_of_an_edge_are_part_of_a_second(name: str, nanos: int) -> None:
    request = request_of({})
    getattr(request.query.time_range, name).nanos = nanos

    (found,) = violations_of_request(request)

    assert (found.field, found.code) == (f"query.time_range.{name}", "OUT_OF_RANGE")
    assert "nanos" in found.description


@pytest.mark.parametrize("nanos", NO_NANOS)
def test_the_nanos_of_a_comparison_are_part_of_a_second(nanos: int) -> None:
    request = request_of({})
    compared = request.query.comparisons.add().time_range
    compared.CopyFrom(request.query.time_range)
    compared.start.nanos = nanos

    (found,) = violations_of_request(request)

    assert (found.field, found.code) == ("query.comparisons[0].time_range.start", "OUT_OF_RANGE")


@pytest.mark.parametrize("nanos", NO_NANOS)
def test_the_nanos_of_events_asked_for_are_part_of_a_second(nanos: int) -> None:
    at = Timestamp(seconds=1_800_000_000, nanos=nanos)
    log, stream = ListRequest(arrived_after=at), StreamRequest(arrived_after=at)
    log.time_range.start.CopyFrom(at)
    log.time_range.end.seconds = at.seconds + 2

    in_log = [(each.field, each.code) for each in violations_of_list(log)]
    in_stream = [(each.field, each.code) for each in violations_of_stream(stream)]

    assert in_log == [("time_range.start", "OUT_OF_RANGE"), ("arrived_after", "OUT_OF_RANGE")]
    assert in_stream == [("arrived_after", "OUT_OF_RANGE")]


@pytest.mark.parametrize("nanos", NO_NANOS)
def test_the_nanos_of_a_length_are_part_of_a_second(nanos: int) -> None:
    request = request_of({"aggregation": "AGGREGATION_UNIQUE_USERS", "rollingWindow": "86400s"})
    request.query.rolling_window.nanos = nanos

    (found,) = violations_of_request(request)

    assert (found.field, found.code) == ("query.rolling_window", "OUT_OF_RANGE")
