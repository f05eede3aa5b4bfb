"""The rules of numbers that only binary requests can hold."""

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from eventglass.errors import InvalidArgumentError, Violation
from eventglass.spec.live import violations_of_list, violations_of_stream
from eventglass.spec.profiles import violations_of_identify
from eventglass.spec.validation import violations_of_request
from eventglass.transport.decoding import Encoding
from eventglass.transport.sent_batch import read_batch
from events.v1.events_service_pb2 import BatchCreateRequest
from events.v1.list_pb2 import ListRequest
from events.v1.stream_pb2 import StreamRequest
from profiles.v1.profiles_sdk_service_pb2 import IdentifyRequest
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


@pytest.mark.parametrize("nanos", NO_NANOS)
def test_the_nanos_of_times_that_are_told_are_part_of_a_second(nanos: int) -> None:
    at = Timestamp(seconds=1_800_000_000, nanos=nanos)

    (of_traits,) = violations_of_identify(IdentifyRequest(external_id="ann", timestamp=at))
    of_batch = _of_sent_at(at)

    assert (of_traits.field, of_traits.code) == ("timestamp", "OUT_OF_RANGE")
    assert "nanos" in of_traits.description
    assert (of_batch.field, of_batch.code) == ("sent_at", "INVALID_TIMESTAMP")
    assert "nanos" in of_batch.description


@pytest.mark.parametrize("seconds", [-2_208_988_801, 253_402_300_800])
def test_the_years_of_traits_are_named_at_both_ends(seconds: int) -> None:
    request = IdentifyRequest(external_id="ann", timestamp=Timestamp(seconds=seconds))

    (found,) = violations_of_identify(request)

    assert (found.field, found.code) == ("timestamp", "OUT_OF_RANGE")
    assert "1900 to 9999" in found.description


def test_the_years_of_a_batch_are_named_at_both_ends() -> None:
    assert "1 to 9999" in _of_sent_at(Timestamp(seconds=253_402_300_800)).description


def _of_sent_at(at: Timestamp) -> Violation:
    request = BatchCreateRequest(sent_at=at)
    request.events.add(name="view")
    with pytest.raises(InvalidArgumentError) as refused:
        read_batch(request.SerializeToString(), Encoding.PROTO)
    (found,) = refused.value.violations
    return found
