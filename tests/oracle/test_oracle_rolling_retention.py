"""Hand-made cases of semantics 12.6: periods of a fixed length from each person's own start."""

from tests.oracle.funnel_building import cells, did, on_days, partials, retention

DAY = 86_400
THREE_DAYS = {"timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-01-04T00:00:00Z"}}
ROLLING: dict[str, object] = {"retention": {"rolling": True}}


def test_rolling_periods_count_from_each_persons_own_start() -> None:
    """From noon to noon: 23:59 hours later is still period 0, 24 hours later period 1."""
    ben = on_days("a 1", user="ben")
    just_before = ben + did(f"b {DAY - 0.001}", user="ben")

    assert cells(retention({**THREE_DAYS, **ROLLING}, just_before).cohorts)[0] == [1, 0, 0]
    assert cells(retention({**THREE_DAYS, **ROLLING}, ben + did(f"b {DAY}", user="ben")).cohorts)[0] == [
        1,
        1,
        0,
    ]
    assert cells(retention(THREE_DAYS, just_before).cohorts)[0] == [1, 1, 0]


def test_rolling_on_or_after() -> None:
    spec = {**THREE_DAYS, "retention": {"rolling": True, "returning": "RETENTION_RETURNING_ON_OR_AFTER"}}

    assert cells(retention(spec, on_days("a 1, b 2.9")).cohorts)[0] == [1, 1, 0]


def test_rolling_returns_count_only_before_the_end() -> None:
    """Period 2 of somebody who started at noon reaches to noon of the fourth, the range only to its start."""
    assert cells(retention({**THREE_DAYS, **ROLLING}, on_days("a 1, b 3.4")).cohorts)[0] == [1, 0, 1]
    assert cells(retention({**THREE_DAYS, **ROLLING}, on_days("a 1, b 3.6")).cohorts)[0] == [1, 0, 0]


def test_rolling_recurring_counts_from_the_first_start_of_the_period() -> None:
    spec = {**THREE_DAYS, "retention": {"rolling": True, "cohort": "RETENTION_COHORT_RECURRING"}}

    result = retention(spec, on_days("a 1.4, a 1, a 2.2, b 3"))

    assert cells(result.cohorts) == [[1, 0, 1], [1, 0], [0]]


def test_a_rolling_cell_is_complete_when_everyone_has_lived_through_it() -> None:
    """Who starts at the end of the first day has lived through period 0 at the end of the second."""
    spec = {**THREE_DAYS, **ROLLING}

    assert partials(retention(spec).cohorts) == ["ccp", "cp", "p"]
    assert partials(retention(spec, now="2024-01-03T00:00:00Z").cohorts) == ["cpp", "pp", "p"]
    assert partials(retention(spec, now="2024-01-02T23:59:59.999Z").cohorts) == ["ppp", "pp", "p"]
