"""Bucket edges, by hand (semantics 1.5)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventglass.catalog.project import WeekStart
from eventglass.planning import zone as clock
from eventglass.planning.buckets import Unit, edges


def at(text: str) -> int:
    return clock.instant(datetime.fromisoformat(text))


def shown(instants: tuple[int, ...]) -> list[str]:
    return [clock.moment(each).strftime("%m-%d %H:%M") for each in instants]


@pytest.mark.parametrize(
    ("zone", "unit", "start", "end", "expected"),
    [
        pytest.param(
            "Europe/Berlin",
            Unit.DAY,
            "2026-03-28T12:00+00:00",
            "2026-03-30T00:00+00:00",
            ["03-27 23:00", "03-28 23:00", "03-29 22:00", "03-30 22:00"],
            id="a day of 23 hours; the first bucket begins before the range",
        ),
        pytest.param(
            "America/Santiago",
            Unit.DAY,
            "2026-09-05T04:00+00:00",
            "2026-09-07T03:00+00:00",
            ["09-05 04:00", "09-06 04:00", "09-07 03:00"],
            id="midnight is skipped: the date begins at one o'clock",
        ),
        pytest.param(
            "Europe/Berlin",
            Unit.HOUR,
            "2026-10-25T00:00+00:00",
            "2026-10-25T02:00+00:00",
            ["10-25 00:00", "10-25 01:00", "10-25 02:00"],
            id="the hour that is shown twice is two buckets",
        ),
        pytest.param(
            "Australia/Lord_Howe",
            Unit.HOUR,
            "2026-04-04T14:00+00:00",
            "2026-04-04T16:00+00:00",
            ["04-04 14:00", "04-04 15:00", "04-04 15:30", "04-04 16:30"],
            id="set back by half an hour: an edge where the clock goes back",
        ),
        pytest.param(
            "Australia/Lord_Howe",
            Unit.HOUR,
            "2025-10-04T14:30+00:00",
            "2025-10-04T16:30+00:00",
            ["10-04 14:30", "10-04 15:30", "10-04 16:00", "10-04 17:00"],
            id="set forward by half an hour: a bucket of half an hour",
        ),
        pytest.param(
            "Asia/Kolkata",
            Unit.HOUR,
            "2026-01-01T00:00+00:00",
            "2026-01-01T01:00+00:00",
            ["12-31 23:30", "01-01 00:30", "01-01 01:30"],
            id="hours begin at half past in UTC",
        ),
        pytest.param(
            "Pacific/Apia",
            Unit.DAY,
            "2011-12-29T10:00+00:00",
            "2011-12-31T10:00+00:00",
            ["12-29 10:00", "12-30 10:00", "12-31 10:00"],
            id="a date that never was has no bucket",
        ),
        pytest.param(
            "UTC",
            Unit.QUARTER,
            "2026-02-01T00:00+00:00",
            "2026-04-02T00:00+00:00",
            ["01-01 00:00", "04-01 00:00", "07-01 00:00"],
            id="quarters",
        ),
    ],
)
def test_edges(zone: str, unit: Unit, start: str, end: str, expected: list[str]) -> None:
    found = edges(at(start), at(end), unit, ZoneInfo(zone), WeekStart.MONDAY)

    assert shown(found) == expected


@pytest.mark.parametrize(
    ("week_start", "expected"), [(WeekStart.MONDAY, "11-16"), (WeekStart.SUNDAY, "11-15")]
)
def test_weeks_begin_when_the_project_says(week_start: WeekStart, expected: str) -> None:
    start = at("2026-11-21T00:00+00:00")

    found = edges(start, start + clock.HOUR, Unit.WEEK, ZoneInfo("UTC"), week_start)

    assert clock.moment(found[0]).strftime("%m-%d") == expected


@given(
    st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Africa/Casablanca", "America/Havana"]),
    st.sampled_from(Unit),
    st.integers(at("1960-01-01T00:00+00:00"), at("2040-01-01T00:00+00:00")),
    st.integers(1, 300),
)
def test_edges_cover_the_range_and_nothing_more(zone: str, unit: Unit, start: int, units: int) -> None:
    end = start + units * unit.value // 7 + 1

    found = edges(start, end, unit, ZoneInfo(zone), WeekStart.MONDAY)

    assert found[0] <= start < found[1]
    assert found[-2] < end <= found[-1]
    assert list(found) == sorted(set(found))
