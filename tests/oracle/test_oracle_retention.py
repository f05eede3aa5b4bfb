"""Hand-made cases of semantics 12: cohorts, cells, averages and breakdowns."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.v1.retention_pb2 import Cohort
from tests.oracle.answer import answer
from tests.oracle.building import content, ms
from tests.oracle.funnel_building import cells, clock, did, on_days, partials, retention
from tests.oracle.funnel_worlds import retention_worlds
from tests.oracle.history import StoredEvent, milliseconds, stored
from tests.oracle.retention_specs import retention_specs

DAY = 86_400

FIRST_IN_RANGE: dict[str, object] = {"retention": {"cohort": "RETENTION_COHORT_FIRST_IN_RANGE"}}
RECURRING: dict[str, object] = {"retention": {"cohort": "RETENTION_COHORT_RECURRING"}}
ON_OR_AFTER: dict[str, object] = {"retention": {"returning": "RETENTION_RETURNING_ON_OR_AFTER"}}


def _range(start: str, end: str) -> dict[str, object]:
    return {"timeRange": {"start": f"{start}T00:00:00Z", "end": f"{end}T00:00:00Z"}}


THREE_DAYS = _range("2024-01-01", "2024-01-04")


def _sizes(cohorts: Sequence[Cohort]) -> list[float]:
    return [cohort.size for cohort in cohorts]


def test_every_period_is_a_cohort_and_every_period_up_to_the_end_a_cell() -> None:
    result = retention(THREE_DAYS, on_days("a 1, b 3"), on_days("a 1, b 2, b 2.1, b 3", user="ben"))

    assert cells(result.cohorts) == [[2, 1, 2], [0, 0], [0]]
    first, empty, _ = result.cohorts
    assert milliseconds(empty.cohort_date) == ms("2024-01-02T00:00:00Z")
    assert [period.period for period in first.periods] == [0, 1, 2]
    assert [period.rate for period in first.periods] == [1, 0.5, 1]
    assert not any(period.HasField("rate") for period in empty.periods)


def test_nobody_is_in_no_cohort() -> None:
    assert cells(retention(THREE_DAYS, on_days("a 1, b 2", user="")).cohorts) == [[0, 0, 0], [0, 0], [0]]


def test_period_0_is_the_cohort_whether_or_not_somebody_returned_in_it() -> None:
    result = retention(THREE_DAYS, on_days("a 1"), on_days("a 1, b 1.1", user="ben"))

    assert cells(result.cohorts)[0] == [2, 0, 0]


def test_a_cohort_without_a_return_stays() -> None:
    assert cells(retention(THREE_DAYS, on_days("a 2")).cohorts) == [[0, 0, 0], [1, 0], [0]]


def test_first_ever_looks_at_all_history() -> None:
    old = on_days("a -30, a 1, b 2")

    assert _sizes(retention(THREE_DAYS, old).cohorts) == [0, 0, 0]
    assert cells(retention({**THREE_DAYS, **FIRST_IN_RANGE}, old).cohorts)[0] == [1, 1, 0]


def test_first_ever_is_of_the_events_that_pass_the_filters() -> None:
    spec = {**THREE_DAYS, "filters": [{"property": "p", "operator": "OPERATOR_EQUALS", "value": "x"}]}
    events = on_days("a -30", p="y") + on_days("a 1, b 2", p="x") + on_days("b 3", p="y")

    assert cells(retention(spec, events).cohorts) == [[1, 1, 0], [0, 0], [0]]


def test_a_first_event_later_than_the_range_is_in_no_cohort() -> None:
    assert _sizes(retention(THREE_DAYS, on_days("a 9, b 2")).cohorts) == [0, 0, 0]


def test_recurring_is_every_period_with_a_start() -> None:
    """Twice on the first day, once on the second; back on the third."""
    events = on_days("a 1, a 1.2, a 2, b 3")

    assert cells(retention({**THREE_DAYS, **RECURRING}, events).cohorts) == [[1, 0, 1], [1, 1], [0]]
    assert cells(retention({**THREE_DAYS, **FIRST_IN_RANGE}, events).cohorts) == [[1, 0, 1], [0, 0], [0]]


def test_the_return_event_is_the_starting_event_by_default() -> None:
    spec = {**THREE_DAYS, "returnEvent": None}

    assert cells(retention(spec, on_days("a 1, a 3, b 2")).cohorts) == [[1, 0, 1], [0, 0], [0]]


def test_returns_count_only_before_the_end_and_up_to_now() -> None:
    spec = {"timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-01-03T12:00:00Z"}}

    assert cells(retention(spec, on_days("a 1, b 3")).cohorts)[0] == [1, 0, 0]
    assert cells(retention(spec, on_days("a 1, b 2.9")).cohorts)[0] == [1, 0, 1]
    assert cells(retention(spec, on_days("a 1, b 2.9"), now=clock(1.9 * DAY - 1)).cohorts)[0] == [1, 0, 0]


def test_on_or_after_counts_earlier_periods_too() -> None:
    result = retention({**THREE_DAYS, **ON_OR_AFTER}, on_days("a 1, b 3"), on_days("a 1, b 2", user="ben"))

    assert cells(result.cohorts)[0] == [2, 2, 1]


def test_on_or_after_is_before_the_end() -> None:
    assert cells(retention({**THREE_DAYS, **ON_OR_AFTER}, on_days("a 1, b 4")).cohorts)[0] == [1, 0, 0]


def test_the_number_of_cells_can_be_limited() -> None:
    result = retention({**THREE_DAYS, "retention": {"periods": 2}}, on_days("a 1, b 2, b 3"))

    assert cells(result.cohorts) == [[1, 1], [0, 0], [0]]
    assert [rate.period for rate in result.average_rates] == [0, 1]


def test_cells_are_partial_until_their_period_is_over() -> None:
    noon_of_the_second = retention(THREE_DAYS, now="2024-01-02T12:00:00Z")
    over = retention(THREE_DAYS, now="2024-01-04T00:00:00Z")

    assert partials(noon_of_the_second.cohorts) == ["cpp", "pp", "p"]
    assert partials(over.cohorts) == ["ccc", "cc", "c"]


def test_cells_that_the_range_cuts_are_partial() -> None:
    spec = {"timeRange": {"start": "2024-01-01T06:00:00Z", "end": "2024-01-03T12:00:00Z"}}

    result = retention(spec, on_days("a 0.6, b 1.6"), on_days("a 1, b 2", user="ben"))

    assert partials(result.cohorts) == ["pcp", "cp", "p"]
    assert cells(result.cohorts) == [[1, 1, 0], [0, 0], [0]]


def test_averages_are_weighted_by_size_over_complete_cells() -> None:
    """Three started on the first day, one of whom returned next day; one on the second, who did."""
    people = (
        on_days("a 1, b 2"),
        on_days("a 1, b 3", user="ben"),
        on_days("a 1", user="cleo"),
        on_days("a 2, b 3", user="dora"),
    )

    over = retention(THREE_DAYS, *people)
    assert [(rate.period, rate.rate, rate.size) for rate in over.average_rates] == [
        (0, 1, 4),
        (1, 0.5, 4),
        (2, 1 / 3, 3),
    ]

    during_the_third = retention(THREE_DAYS, *people, now="2024-01-03T13:00:00Z")
    assert [(rate.rate, rate.size) for rate in during_the_third.average_rates][:2] == [(1, 4), (1 / 3, 3)]
    last = during_the_third.average_rates[2]
    assert not last.HasField("rate")
    assert last.size == 0


def test_periods_are_of_the_calendar() -> None:
    """February ends with the 29th; a return on 1 March is in the second period."""
    spec = {**_range("2024-01-01", "2024-04-01"), "granularity": "GRANULARITY_MONTH"}

    result = retention(spec, on_days("a 31, b 61"), on_days("a 31, b 60", user="ben"))

    assert cells(result.cohorts) == [[2, 1, 1], [0, 0], [0]]


def test_days_are_local() -> None:
    """In Berlin 31 March has 23 hours: 22:30 in UTC is the next day."""
    spec = {
        "timezone": "Europe/Berlin",
        "timeRange": {"start": "2024-03-30T23:00:00Z", "end": "2024-04-02T22:00:00Z"},
    }
    days = (ms("2024-03-31T00:00:00Z") - ms("2024-01-01T12:00:00Z")) / 86_400_000 + 1

    result = retention(
        spec, on_days(f"a {days}, b {days + 21.9 / 24}"), on_days(f"a {days + 22.5 / 24}", user="b")
    )

    assert cells(result.cohorts) == [[1, 0, 0], [1, 0], [0]]


HOURS = {
    "timeRange": {"start": "2024-01-01T12:00:00Z", "end": "2024-01-05T12:00:00Z"},
    "granularity": "GRANULARITY_HOUR",
}


def test_more_than_64_periods() -> None:
    result = retention(HOURS, did("a 0, b 280800"), did(f"a 0, b {95 * 3600}", user="ben"))

    first = cells(result.cohorts)[0]
    assert len(result.cohorts) == len(first) == 96
    assert [at for at, count in enumerate(first) if count] == [0, 78, 95]


def test_the_value_is_that_of_the_start() -> None:
    events = on_days("a 1", p="x") + on_days("a 1.1", p="y") + on_days("b 2", p="z")

    [only] = retention({**THREE_DAYS, "breakdown": {"property": "p"}}, events).breakdowns

    assert content(only.dimensions[0]) == "x"
    assert cells(only.cohorts) == [[1, 1, 0], [0, 0], [0]]


def test_of_starts_of_one_millisecond_the_smallest_value_counts() -> None:
    events = on_days("a 1", p="x") + on_days("a 1", p=5.0) + on_days("a 1", p="b")

    [only] = retention({**THREE_DAYS, "breakdown": {"property": "p"}}, events).breakdowns

    assert content(only.dimensions[0]) == 5


def test_a_recurring_person_has_the_value_of_each_cohort() -> None:
    events = on_days("a 1, b 2", p="x") + on_days("a 2, b 3", p="y")

    result = retention({**THREE_DAYS, **RECURRING, "breakdown": {"property": "p"}}, events)

    by_value = [(content(it.dimensions[0]), cells(it.cohorts)) for it in result.breakdowns]
    assert by_value == [("x", [[1, 1, 1], [0, 0], [0]]), ("y", [[0, 0, 0], [1, 1], [0]])]


def test_values_are_ranked_by_the_sum_of_sizes() -> None:
    people = [
        on_days(f"a {day}, b {day + 1}", user=f"u{at}", p=value)
        for at, (value, day) in enumerate([("a", 1), ("b", 1), ("b", 2), ("c", 1), ("c", 2), ("c", 2)])
    ]
    spec = {**THREE_DAYS, "breakdown": {"property": "p", "limit": 1}}

    result = retention(spec, *people)

    by_value = [(content(it.dimensions[0]), _sizes(it.cohorts)) for it in result.breakdowns]
    assert by_value == [("c", [1, 2, 0]), ("other", [2, 1, 0])]
    assert [rate.size for rate in result.breakdowns[1].average_rates] == [3, 3, 2]
    hidden = {**spec, "breakdown": {"property": "p", "limit": 1, "hideOther": True}}
    assert len(retention(hidden, *people).breakdowns) == 1


@pytest.mark.parametrize("first_time", [False, True])
def test_first_time_starts_only_once(*, first_time: bool) -> None:
    spec = {**THREE_DAYS, **RECURRING, "startingEvent": {"name": "a", "firstTime": first_time}}

    result = retention(spec, on_days("a 1, a 2"))

    assert _sizes(result.cohorts) == ([1, 0, 0] if first_time else [1, 1, 0])


@settings(max_examples=60)
@given(data=st.data())
def test_all_retentions_add_up(data: st.DataObject) -> None:
    world = data.draw(retention_worlds(all_have_ids=True))
    spec = data.draw(retention_specs(world, first_time=True))
    events: list[StoredEvent] = stored(world.events, world.now)

    result = answer(spec, events, now=world.now, timezone=world.timezone).retention

    for cohort in result.cohorts:
        assert cohort.periods[0].count == cohort.size
        assert all(period.count <= cohort.size for period in cohort.periods)
    assert all(0 <= rate.rate <= 1 for rate in result.average_rates)
    if spec.HasField("breakdown") and not spec.breakdown.hide_other and result.breakdowns:
        by_value = [_sizes(it.cohorts) for it in result.breakdowns]
        assert [sum(column) for column in zip(*by_value, strict=True)] == _sizes(result.cohorts)
