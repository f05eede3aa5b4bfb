"""What was once wrong with retention, each as a case."""

from itertools import pairwise

import pytest

from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from tests.insights.asking import IN_ORDER, ask, did, store, value_of

HOUR = 3_600_000
NOON = "2026-05-01T12:00:00Z"
RETENTION = {
    "visualization": "VISUALIZATION_RETENTION",
    "startingEvent": {"name": "a"},
    "granularity": "GRANULARITY_HOUR",
}
RECURRING = "RETENTION_COHORT_RECURRING"
ON = "RETENTION_RETURNING_ON"
ON_OR_AFTER = "RETENTION_RETURNING_ON_OR_AFTER"

FIRST_IN_RANGE = "RETENTION_COHORT_FIRST_IN_RANGE"
FIRST_EVER = "RETENTION_COHORT_FIRST_EVER"
# Who returns after one period and after four, by how many cells are shown.
COUNTS = [
    (ON, 1, [1]),
    (ON, 3, [1, 1, 0]),
    (ON, 5, [1, 1, 0, 0, 1]),
    (ON_OR_AFTER, 1, [1]),
    (ON_OR_AFTER, 2, [1, 1]),
    (ON_OR_AFTER, 3, [1, 1, 1]),
    (ON_OR_AFTER, 6, [1, 1, 1, 1, 1, 0]),
]


@pytest.mark.parametrize("rolling", [False, True])
async def test_only_the_cells_that_are_shown_are_counted(
    rolling: bool, engine: Engine, writer: Writer, project_id: str
) -> None:
    """2,100 cohorts have over two million pairs with later periods, more than an answer may have rows."""
    await store(writer, project_id, [did("a", at * HOUR) for at in range(-720, 1_380)])
    spec = {
        **RETENTION,
        "timeRange": {"start": "2026-04-01T12:00:00Z", "end": "2026-06-28T00:00:00Z"},
        "retention": {"cohort": RECURRING, "periods": 3, "rolling": rolling},
    }

    response = await ask(engine, project_id, spec)

    cohorts = response.retention.cohorts
    assert len(cohorts) == 2_100
    assert {cell.count for cohort in cohorts for cell in cohort.periods} == {1}
    assert {len(cohort.periods) for cohort in cohorts[:-2]} == {3}


@pytest.mark.parametrize("rolling", [False, True])
async def test_returns_after_the_last_cell_count_where_they_should(
    rolling: bool, engine: Engine, writer: Writer, project_id: str
) -> None:
    """Anna returns after one hour and after four; the periods of the longer range are too many for a mask."""
    await store(writer, project_id, [did("a", at * HOUR) for at in (0, 1, 4)])

    for end, hours in (("2026-05-02T00:00:00Z", 12), ("2026-05-04T20:00:00Z", 80)):
        for returning, periods, counts in COUNTS:
            options = {"returning": returning, "periods": periods, "rolling": rolling}
            spec = {**RETENTION, "timeRange": {"start": NOON, "end": end}, "retention": options}

            cohorts = (await ask(engine, project_id, spec)).retention.cohorts

            assert len(cohorts) == hours
            assert [cell.count for cell in cohorts[0].periods] == counts, options


@pytest.mark.parametrize("cohort", [FIRST_EVER, FIRST_IN_RANGE, RECURRING])
@pytest.mark.parametrize("shape", [("01T14", False), ("04T20", False), ("01T14", True)])
async def test_of_starts_in_one_millisecond_the_smallest_value_counts(
    shape: tuple[str, bool], cohort: str, engine: Engine, writer: Writer, project_id: str
) -> None:
    """Each pair of values is a person's; the periods of the longer range are too many for a mask."""
    last, rolling = shape
    pairs = list(enumerate(pairwise(IN_ORDER)))
    events = [did("a", 5, user=f"{of}", p=value) for of, pair in pairs for value in reversed(pair)]
    # Later, or in the next period, the smallest of all; and only those have a value of the other property.
    events += [did("a", at, user=f"{of}", q="q") for of, _ in pairs for at in (6, HOUR + 1)]
    await store(writer, project_id, events)
    spec = {
        **RETENTION,
        "timeRange": {"start": NOON, "end": f"2026-05-{last}:00:00Z"},
        "retention": {"cohort": cohort, "rolling": rolling},
        "breakdown": {"property": "p", "thenBy": ["q"], "limit": 100},
    }

    retention = (await ask(engine, project_id, spec)).retention

    found = [
        ([value_of(of) for of in each.dimensions], [cohort.size for cohort in each.cohorts[:2]])
        for each in retention.breakdowns
    ]
    first = [([smaller, ""], [1, 0]) for _, (smaller, _) in pairs]
    assert found == ([(["", "q"], [0, len(pairs)])] if cohort == RECURRING else []) + first
