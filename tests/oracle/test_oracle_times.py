"""Hand-made cases of semantics 1 and 8: buckets, changes of the clock, comparison ranges."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from insights.v1.time_pb2 import Granularity
from tests.oracle import pools
from tests.oracle.buckets import Span, buckets
from tests.oracle.building import LONG_AFTER, ask, event, ms, numbers, span
from tests.oracle.comparisons import previous_period, previous_year
from tests.oracle.history import milliseconds_of
from tests.oracle.moments import moment_of
from tests.oracle.zones import DAY, first_instant, local

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("zone", "granularity", "start", "end", "edges"),
    [
        pytest.param(
            BERLIN, "DAY", "2024-03-30T23:00Z", "2024-04-01T22:00Z",
            ["2024-03-30T23:00Z", "2024-03-31T22:00Z", "2024-04-01T22:00Z"],
            id="a day of 23 hours",
        ),
        pytest.param(
            BERLIN, "DAY", "2024-10-26T22:00Z", "2024-10-28T23:00Z",
            ["2024-10-26T22:00Z", "2024-10-27T23:00Z", "2024-10-28T23:00Z"],
            id="a day of 25 hours",
        ),
        pytest.param(
            BERLIN, "HOUR", "2024-10-26T23:00Z", "2024-10-27T02:00Z",
            ["2024-10-26T23:00Z", "2024-10-27T00:00Z", "2024-10-27T01:00Z", "2024-10-27T02:00Z"],
            id="2 o'clock twice",
        ),
        pytest.param(
            "America/Santiago", "DAY", "2024-09-07T04:00Z", "2024-09-09T03:00Z",
            ["2024-09-07T04:00Z", "2024-09-08T04:00Z", "2024-09-09T03:00Z"],
            id="a day that begins at 1 o'clock",
        ),
        pytest.param(
            "America/Santiago", "DAY", "2025-04-05T03:00Z", "2025-04-06T04:00Z",
            ["2025-04-05T03:00Z", "2025-04-06T04:00Z"],
            id="a day whose last hour comes twice",
        ),
        pytest.param(
            "Australia/Lord_Howe", "HOUR", "2024-04-06T14:00Z", "2024-04-06T16:30Z",
            ["2024-04-06T14:00Z", "2024-04-06T15:00Z", "2024-04-06T15:30Z", "2024-04-06T16:30Z"],
            id="set back by half an hour: 1:00, 1:30 again, 2:00",
        ),
        pytest.param(
            "Australia/Lord_Howe", "HOUR", "2024-10-05T14:30Z", "2024-10-05T17:00Z",
            ["2024-10-05T14:30Z", "2024-10-05T15:30Z", "2024-10-05T16:00Z", "2024-10-05T17:00Z"],
            id="set forward by half an hour: 1:00, 2:30, 3:00",
        ),
        pytest.param(
            "America/St_Johns", "HOUR", "1997-10-26T01:30Z", "1997-10-26T04:30Z",
            [f"1997-10-26T{clock}Z" for clock in ("01:30", "02:30", "02:31", "03:30", "04:30")],
            id="set back a minute after midnight: 23:00, 0:00, 23:01, 0:00",
        ),
        pytest.param(
            "America/St_Johns", "DAY", "1997-10-26T02:30Z", "1997-10-28T03:30Z",
            ["1997-10-26T02:30Z", "1997-10-27T03:30Z", "1997-10-28T03:30Z"],
            id="the day has begun when the clock goes back to the day before",
        ),
        pytest.param(
            "Pacific/Apia", "DAY", "2011-12-29T10:00Z", "2012-01-01T10:00Z",
            ["2011-12-29T10:00Z", "2011-12-30T10:00Z", "2011-12-31T10:00Z", "2012-01-01T10:00Z"],
            id="30 December 2011 is left out",
        ),
        pytest.param(
            "Asia/Kathmandu", "HOUR", "2024-01-01T00:00Z", "2024-01-01T00:16Z",
            ["2023-12-31T23:15Z", "2024-01-01T00:15Z", "2024-01-01T01:15Z"],
            id="hours begin at a quarter past",
        ),
        pytest.param(
            "Asia/Kolkata", "MINUTE", "2024-01-01T00:00:59.999Z", "2024-01-01T00:01:00.001Z",
            ["2024-01-01T00:00Z", "2024-01-01T00:01Z", "2024-01-01T00:02Z"],
            id="two milliseconds in two minutes",
        ),
        pytest.param(
            "UTC", "WEEK", "2024-03-01T00:00Z", "2024-03-04T00:00Z",
            ["2024-02-26T00:00Z", "2024-03-04T00:00Z"],
            id="a week from Monday",
        ),
        pytest.param(
            "UTC", "MONTH", "2024-02-10T00:00Z", "2024-03-01T00:00:00.001Z",
            ["2024-02-01T00:00Z", "2024-03-01T00:00Z", "2024-04-01T00:00Z"],
            id="months of 29 and 31 days",
        ),
        pytest.param(
            "America/New_York", "QUARTER", "2024-01-01T05:00Z", "2024-07-01T04:00Z",
            ["2024-01-01T05:00Z", "2024-04-01T04:00Z", "2024-07-01T04:00Z"],
            id="quarters across the change of the clock",
        ),
        pytest.param(
            "Asia/Kolkata", "YEAR", "2024-12-31T18:29:59.999Z", "2024-12-31T18:30:00.001Z",
            ["2023-12-31T18:30Z", "2024-12-31T18:30Z", "2025-12-31T18:30Z"],
            id="the year is over at 18:30 UTC",
        ),
    ],
)  # fmt: skip
def test_buckets(zone: str, granularity: str, start: str, end: str, edges: list[str]) -> None:
    found = buckets(
        ZoneInfo(zone), getattr(Granularity, f"GRANULARITY_{granularity}"), "monday", span(start, end)
    )

    assert [bucket.start for bucket in found] == [ms(edge) for edge in edges[:-1]]
    assert [bucket.end for bucket in found] == [ms(edge) for edge in edges[1:]]


def test_a_week_may_begin_on_sunday() -> None:
    found = buckets(
        ZoneInfo("UTC"),
        Granularity.GRANULARITY_WEEK,
        "sunday",
        span("2024-03-01T00:00Z", "2024-03-03T00:00Z"),
    )

    assert found == [span("2024-02-25T00:00Z", "2024-03-03T00:00Z")]


@pytest.mark.parametrize(("zone_name", "anchor"), pools.SCENES)
def test_days_begin_at_the_first_instant_of_their_dates(zone_name: str, anchor: datetime) -> None:
    """The walk of the buckets and the search for a date's first instant are two ways to one end."""
    zone = ZoneInfo(zone_name)
    middle = milliseconds_of(anchor)

    found = buckets(zone, Granularity.GRANULARITY_DAY, "monday", Span(middle - 200 * DAY, middle + 200 * DAY))

    for bucket in found:
        assert bucket.start == first_instant(zone, local(zone, bucket.start).date())


@pytest.mark.parametrize(
    ("zone", "start", "end", "expected"),
    [
        pytest.param(
            "UTC", "2024-02-01T00:00Z", "2024-03-01T00:00Z", ("2024-01-01T00:00Z", "2024-02-01T00:00Z"),
            id="a month",
        ),
        pytest.param(
            "UTC", "2024-01-01T00:00Z", "2024-04-01T00:00Z", ("2023-10-01T00:00Z", "2024-01-01T00:00Z"),
            id="three months",
        ),
        pytest.param(
            "UTC", "2024-03-11T00:00Z", "2024-03-18T00:00Z", ("2024-03-04T00:00Z", "2024-03-11T00:00Z"),
            id="seven days",
        ),
        pytest.param(
            BERLIN, "2024-03-31T22:00Z", "2024-04-07T22:00Z", ("2024-03-24T23:00Z", "2024-03-31T22:00Z"),
            id="seven local days of which one has 23 hours",
        ),
        pytest.param(
            "America/Santiago", "2024-09-08T04:00Z", "2024-09-09T03:00Z",
            ("2024-09-07T04:00Z", "2024-09-08T04:00Z"),
            id="a day that begins at 1 o'clock is a day",
        ),
        pytest.param(
            BERLIN, "2024-03-11T00:00Z", "2024-03-12T00:00Z", ("2024-03-10T00:00Z", "2024-03-11T00:00Z"),
            id="no local midnights: the same length",
        ),
        pytest.param(
            "UTC", "2024-03-11T10:00Z", "2024-03-11T12:30Z", ("2024-03-11T07:30Z", "2024-03-11T10:00Z"),
            id="the same length",
        ),
    ],
)  # fmt: skip
def test_previous_period(zone: str, start: str, end: str, expected: tuple[str, str]) -> None:
    assert previous_period(span(start, end), ZoneInfo(zone)) == span(*expected)


@pytest.mark.parametrize(
    ("zone", "start", "end", "expected"),
    [
        pytest.param(
            "UTC", "2024-02-29T00:00Z", "2024-03-01T00:00Z", ("2023-02-28T00:00Z", "2023-03-01T00:00Z"),
            id="29 February as a start",
        ),
        pytest.param(
            "UTC", "2024-02-01T00:00Z", "2024-02-29T00:00Z", ("2023-02-01T00:00Z", "2023-03-01T00:00Z"),
            id="29 February as an end",
        ),
        pytest.param(
            "UTC", "2024-02-29T10:00Z", "2024-02-29T11:00Z", ("2023-02-28T10:00Z", "2023-03-01T11:00Z"),
            id="hours of 29 February",
        ),
        pytest.param(
            BERLIN, "2025-03-30T10:00Z", "2025-03-30T22:00Z", ("2024-03-30T11:00Z", "2024-03-30T23:00Z"),
            id="noon and midnight of the local clock",
        ),
        pytest.param(
            BERLIN, "2025-03-31T00:30Z", "2025-03-31T01:30Z", ("2024-03-31T01:30Z", "2024-03-31T01:30Z"),
            id="half past two was skipped a year before",
        ),
    ],
)  # fmt: skip
def test_previous_year(zone: str, start: str, end: str, expected: tuple[str, str]) -> None:
    assert previous_year(span(start, end), ZoneInfo(zone)) == span(*expected)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-03-31", "2024-03-30T23:00Z"),
        ("2024-03-31T02:30", "2024-03-31T01:30Z"),  # skipped: read with the offset before
        ("2024-10-27 02:30:00", "2024-10-27T00:30Z"),  # shown twice: the first time
        ("2024-06-01T12:00:00.1239", "2024-06-01T10:00:00.123Z"),
        ("2024-06-01T12:00:00Z", "2024-06-01T12:00Z"),
        ("2024-06-01 12:00:00.5-05:30", "2024-06-01T17:30:00.500Z"),
        ("2024-06-01T12:00Z", None),
        ("2024-02-30", None),
        ("2024-06-01T24:00", None),
        ("2024-06-01T12:00:60", None),
        ("2024-06-01T12:00:00+24:00", None),
        ("2024-06-01T12:00:00.1234567890", None),
        ("2024-06-01t12:00:00z", None),
        ("1899-12-31", None),
        ("2300-01-01", None),
        (" 2024-06-01", None),
        ("2024-06-01\n", None),
        ("٢٠٢٤-06-01", None),
    ],
)
def test_moments_in_berlin(text: str, instant: str | None) -> None:
    assert moment_of(text, ZoneInfo(BERLIN)) == (None if instant is None else ms(instant))


def test_points_carry_the_begin_of_their_buckets_and_whether_they_are_whole() -> None:
    response = ask(
        {"timeRange": {"start": "2024-01-01T06:00:00Z", "end": "2024-01-04T06:00:00Z"}},
        event("2024-01-01T05:59:59.999Z"),
        event("2024-01-01T06:00:00Z"),
        event("2024-01-04T05:59:59.999Z"),
        event("2024-01-04T06:00:00Z"),
        now="2024-01-03T00:00:00Z",
    )

    assert [point.timestamp.ToJsonString() for point in response.series] == [
        "2024-01-01T00:00:00Z",
        "2024-01-02T00:00:00Z",
        "2024-01-03T00:00:00Z",
        "2024-01-04T00:00:00Z",
    ]
    assert [point.partial for point in response.series] == [True, False, True, True]
    assert [point.aligned_index for point in response.series] == [0, 1, 2, 3]
    assert numbers(response) == [1, 0, 0, 0]  # the third event is later than now


@pytest.mark.parametrize(("now", "counted"), [("2024-01-01T11:59:59.999Z", 0), ("2024-01-01T12:00:00Z", 1)])
def test_an_event_of_this_millisecond_is_not_later_than_now(now: str, counted: int) -> None:
    assert numbers(ask({}, event("2024-01-01T12:00:00Z"), now=now)) == [counted]


def test_comparisons_have_their_own_instants() -> None:
    response = ask(
        {"comparisons": [{"previousPeriod": True}, {"previousYear": True, "label": "last year"}]},
        event("2024-01-01T12:00:00Z"),
        event("2023-12-31T12:00:00Z"),
        event("2023-12-31T13:00:00Z"),
        now=LONG_AFTER,
    )

    points = [
        (point.comparison, point.timestamp.ToJsonString()[:10], point.value) for point in response.series
    ]
    assert points == [
        ("", "2024-01-01", 1),
        ("previous_period", "2023-12-31", 2),
        ("last year", "2023-01-01", 0),
    ]
