"""Dates that a calendar skips are no days: Samoa went from 29 to 31 December 2011."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from eventglass.planning import zone as clock
from eventglass.planning.ranges import Range, compared
from insights.v1.time_pb2 import Comparison

SAMOA = ZoneInfo("Pacific/Apia")


def begin(day: str) -> int:
    return clock.first_instant(date.fromisoformat(day), SAMOA)


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        ("2011-12-31", 0, "2011-12-31"),
        ("2011-12-31", 1, "2011-12-29"),
        ("2012-01-02", 2, "2011-12-31"),
        ("2012-01-02", 3, "2011-12-29"),
        ("2012-01-02", 33, "2011-11-29"),
        ("2011-12-29", 1, "2011-12-28"),
        # Days of 23 and 25 hours are days.
        ("2011-10-01", 8, "2011-09-23"),
        ("2011-04-10", 8, "2011-04-02"),
    ],
)
def test_days_before(day: str, days: int, expected: str) -> None:
    assert clock.days_before(begin(day), days, SAMOA) == begin(expected)


def test_a_date_that_lasts_longer_is_one_day() -> None:
    """Kwajalein set its clock back by 23 hours."""
    zone = ZoneInfo("Pacific/Kwajalein")
    days = [clock.first_instant(date(1969, 9, day), zone) for day in (28, 30)]
    after = clock.first_instant(date(1969, 10, 1), zone)

    assert clock.days_between(days[0], after, zone) == 3
    assert clock.days_before(after, 1, zone) == days[1]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param("1960-01-01", "2001-01-02", "1918-12-31", id="both in the range"),
        pytest.param("1993-08-22", "2025-08-21", "1961-08-22", id="both in the time before"),
    ],
)
def test_a_date_that_lasted_longer_makes_up_for_none_that_was_skipped(
    start: str, end: str, expected: str
) -> None:
    """Kwajalein skipped 21 August 1993, 24 years after its day of 47 hours."""
    zone = ZoneInfo("Pacific/Kwajalein")
    edges = [clock.first_instant(date.fromisoformat(day), zone) for day in (start, end)]
    main = Range(label="", start=edges[0], end=edges[1])

    before = compared(Comparison(previous_period=True), main, zone)

    assert before.start == clock.first_instant(date.fromisoformat(expected), zone)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2011-12-31", "2012-01-02", "2011-12-28"),
        ("2011-12-31", "2012-01-01", "2011-12-29"),
        ("2011-12-29", "2012-01-02", "2011-12-26"),
        ("2012-01-02", "2012-01-05", "2011-12-29"),
    ],
)
def test_the_period_before_has_as_many_days(start: str, end: str, expected: str) -> None:
    main = Range(label="", start=begin(start), end=begin(end))

    before = compared(Comparison(previous_period=True), main, SAMOA)

    assert (before.start, before.end) == (begin(expected), main.start)
