"""Ranges of centuries are planned without listing what nobody asks for."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from eventglass.catalog.project import Project, WeekStart
from eventglass.insights import funnel
from eventglass.planning import buckets
from eventglass.planning import zone as clock
from eventglass.planning.buckets import Unit
from eventglass.planning.ranges import Range
from eventglass.planning.rolling import last_window
from eventglass.planning.scope import Scope
from eventglass.spec.validation import violations_of_request
from tests.unit.asked import request_of

CENTURIES = {"start": "1900-01-01T00:00:00Z", "end": "2299-01-01T00:00:00Z"}
ZONES = ["UTC", "Europe/Berlin", "America/St_Johns", "Africa/Casablanca", "America/Havana", "Pacific/Apia"]
INSTANTS = st.integers(
    clock.instant(datetime(1960, 1, 1, tzinfo=UTC)), clock.instant(datetime(2040, 1, 1, tzinfo=UTC))
)


def test_a_funnel_without_a_trend_has_no_buckets() -> None:
    request = request_of(
        {
            "visualization": "VISUALIZATION_FUNNEL",
            "events": [{"name": "a"}],
            "granularity": "GRANULARITY_MINUTE",
            "timeRange": CENTURIES,
        }
    )
    scope = Scope(project=Project(id="p"), now=datetime(2026, 7, 1, tzinfo=UTC), watermark=None, query_id="q")
    listed = buckets.edges.cache_info().misses

    assert violations_of_request(request) == []
    assert funnel.plan(request.query, scope).edges == ()
    assert buckets.edges.cache_info().misses == listed


@given(st.sampled_from(ZONES), INSTANTS, st.integers(1, 400 * clock.DAY), st.integers(1, 60), st.booleans())
def test_the_last_window_is_that_of_the_last_day(
    name: str, start: int, length: int, of_window: int, whole_days: bool
) -> None:
    zone, end = ZoneInfo(name), start + length
    window = of_window * (clock.DAY if whole_days else clock.HOUR + 1)
    last_day_ends = buckets.edges(start, end, Unit.DAY, zone, WeekStart.MONDAY)[-1]
    first_day = clock.local(last_day_ends, zone).date() - timedelta(days=of_window)

    found = last_window(Range(label="", start=start, end=end), window, zone)

    assert found.start == (clock.first_instant(first_day, zone) if whole_days else end - window)
    assert found.end == end


def test_windows_of_the_longest_series_are_found_in_a_moment() -> None:
    """Eleven ranges of 10,000 minutes: tenths of a second; with a copy of a list for each instant ten."""
    request = request_of(
        {
            "aggregation": "AGGREGATION_UNIQUE_USERS",
            "rollingWindow": "0.5s",
            "granularity": "GRANULARITY_MINUTE",
            "timeRange": {"start": "2024-05-01T00:00:00Z", "end": "2024-05-07T22:40:00Z"},
            "comparisons": [{"previousPeriod": True, "label": str(label)} for label in range(10)],
        }
    )
    began = time.process_time()

    (found,) = violations_of_request(request)

    assert found.code == "TOO_MANY"
    assert time.process_time() - began < 4


def test_no_change_of_a_clock_is_overlooked() -> None:
    """Of all zones, Freetown's clock was changed twice within the shortest time."""
    zone = ZoneInfo("Africa/Freetown")
    first, last = (clock.instant(datetime(1939, month, 1, tzinfo=UTC)) for month in (8, 10))

    changed = [
        at
        for at in range(first, last, clock.MINUTE)
        if clock.offset(at, zone) != clock.offset(at - clock.MINUTE, zone)
    ]

    assert list(clock.changes(first, last, zone)) == changed
    assert changed[1] - changed[0] < 4 * clock.DAY
