"""Hand-made cases of semantics 4.6: unique users over rolling windows."""

import pytest

from tests.oracle.building import ask, event, numbers, values

ROLLING: dict[str, object] = {"aggregation": "AGGREGATION_UNIQUE_USERS", "rollingWindow": "172800s"}
FOUR_DAYS = {"timeRange": {"start": "2024-01-03T00:00:00Z", "end": "2024-01-07T00:00:00Z"}}


def test_a_window_ends_with_its_bucket_and_sees_events_before_the_start() -> None:
    events = [
        event("2024-01-01T23:59:59.999Z", user="too early for all"),
        event("2024-01-02T00:00:00Z", user="ben"),
        event("2024-01-03T12:00:00Z", user="cleo"),
        event("2024-01-04T12:00:00Z", user="cleo"),
        event("2024-01-07T00:00:00Z", user="too late"),
    ]

    assert numbers(ask({**FOUR_DAYS, **ROLLING}, *events)) == [2, 1, 1, 0]


def test_no_event_from_the_end_on_counts_though_the_last_bucket_goes_on() -> None:
    spec = {**ROLLING, "timeRange": {"start": "2024-01-03T00:00:00Z", "end": "2024-01-04T12:00:00Z"}}

    response = ask(
        spec, event("2024-01-04T11:59:59.999Z", user="ben"), event("2024-01-04T12:00:00Z", user="eve")
    )

    assert numbers(response) == [0, 1]
    assert [point.partial for point in response.series] == [False, True]


@pytest.mark.parametrize(
    ("granularity", "first", "before"),
    [
        pytest.param("DAY", "2026-03-28T23:00:00Z", "2026-03-28T22:59:59.999Z", id="a local day"),
        pytest.param("HOUR", "2026-03-28T22:00:00Z", "2026-03-28T21:59:59.999Z", id="24 hours"),
    ],
)
def test_whole_days_are_local_but_for_hours_and_minutes(granularity: str, first: str, before: str) -> None:
    """29 March 2026 has 23 hours in Berlin: it begins at 23:00 and ends at 22:00 in UTC."""
    spec = {
        **ROLLING,
        "rollingWindow": "86400s",
        "granularity": f"GRANULARITY_{granularity}",
        "timezone": "Europe/Berlin",
        "timeRange": {"start": "2026-03-29T21:00:00Z", "end": "2026-03-29T22:00:00Z"},
    }

    assert numbers(ask(spec, event(first, user="in"))) == [1]
    assert numbers(ask(spec, event(before, user="out"))) == [0]


def test_a_window_may_be_shorter_than_its_bucket() -> None:
    spec = {**FOUR_DAYS, **ROLLING, "rollingWindow": "3600s"}

    response = ask(
        spec, event("2024-01-03T22:59:59.999Z", user="early"), event("2024-01-04T23:00:00Z", user="late")
    )

    assert numbers(response) == [0, 1, 0, 0]


def test_a_value_that_only_windows_before_the_range_see_takes_a_free_place() -> None:
    """b is in the range with nobody in it; z is only before it, and seen; y is before all windows."""
    spec = {**FOUR_DAYS, **ROLLING, "breakdown": {"property": "p", "limit": 2}}
    events = [
        event("2024-01-03T12:00:00Z", p="b"),
        event("2024-01-02T12:00:00Z", user="ben", p="z"),
        event("2024-01-01T12:00:00Z", user="ben", p="y"),
    ]

    response = ask(spec, *events)

    assert values(response) == ["b"] * 4 + ["z"] * 4
    assert numbers(response) == [0, 0, 0, 0, 1, 0, 0, 0]


def test_a_person_with_two_values_is_one_in_other() -> None:
    spec = {**FOUR_DAYS, **ROLLING, "breakdown": {"property": "p", "limit": 1}}
    events = [
        *[event("2024-01-03T12:00:00Z", user=user, p="a") for user in ("ben", "cleo")],
        event("2024-01-03T12:00:00Z", user="ben", p="b"),
        event("2024-01-04T12:00:00Z", user="ben", p="c"),
    ]

    response = ask(spec, *events)

    assert values(response)[4:] == ["other"] * 4
    assert numbers(response)[4:] == [1, 1, 1, 0]


def test_a_kpi_is_the_last_point_of_the_line_by_days() -> None:
    range_ = {"timeRange": {"start": "2024-01-03T00:00:00Z", "end": "2024-01-06T12:00:00Z"}}
    kpi = {
        **range_,
        **ROLLING,
        "visualization": "VISUALIZATION_KPI",
        "comparisons": [{"previousPeriod": True}],
    }
    events = [
        event("2024-01-04T23:59:59.999Z", user="before"),
        event("2024-01-05T00:00:00Z", user="ben"),
        event("2024-01-06T11:00:00Z", user="cleo"),
        event("2024-01-06T12:00:00Z", user="after"),
        event("2024-01-01T00:00:00Z", user="in the window of the period before"),
    ]

    response = ask(kpi, *events)

    assert numbers(response) == [numbers(ask({**range_, **ROLLING}, *events))[-1]] == [2]
    assert [each.value for each in response.kpis[0].comparisons] == [1]


def test_a_kpi_over_a_window_of_another_length_ends_with_the_range() -> None:
    range_ = {"timeRange": {"start": "2024-01-03T00:00:00Z", "end": "2024-01-06T12:00:00Z"}}
    kpi = {**range_, **ROLLING, "visualization": "VISUALIZATION_KPI", "rollingWindow": "3600s"}

    response = ask(
        kpi, event("2024-01-06T11:00:00Z", user="in"), event("2024-01-06T10:59:59.999Z", user="out")
    )

    assert numbers(response) == [1]
