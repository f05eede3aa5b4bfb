"""CDNOW: 69,659 purchases of 23,570 customers in 1997 and 1998, a data set with published totals."""

from datetime import UTC, datetime

import pytest

from tests.data.conftest import Imported

RANGE = {"start": "1997-01-01T00:00:00Z", "end": "1998-07-01T00:00:00Z"}
REVENUE = 2_500_315.63


def spec_of(visualization: str, **fields: object) -> dict[str, object]:
    return {
        "events": [{"name": "purchase"}],
        "timeRange": RANGE,
        "visualization": f"VISUALIZATION_{visualization}",
        **fields,
    }


async def test_every_row_is_an_event_equal_ones_too(cdnow: Imported) -> None:
    assert (cdnow.summary.accepted, cdnow.summary.known, cdnow.summary.refused) == (69_659, 0, ())
    assert (cdnow.again.accepted, cdnow.again.known) == (0, 69_659)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, 69_659, id="purchases"),
        pytest.param({"aggregation": "AGGREGATION_UNIQUE_USERS"}, 23_570, id="users"),
        pytest.param(
            {"aggregation": "AGGREGATION_SUM", "aggregationProperty": "dollar_value"}, REVENUE, id="revenue"
        ),
    ],
)
async def test_totals(cdnow: Imported, fields: dict[str, object], expected: float) -> None:
    response = await cdnow.ask(spec_of("KPI", **fields))

    assert response.kpis[0].value == pytest.approx(expected, rel=1e-12)


async def test_monthly_revenue_sums_to_the_whole(cdnow: Imported) -> None:
    response = await cdnow.ask(
        spec_of(
            "BAR",
            granularity="GRANULARITY_MONTH",
            aggregation="AGGREGATION_SUM",
            aggregationProperty="dollar_value",
        )
    )

    assert len(response.series) == 18
    assert round(sum(point.value for point in response.series), 2) == REVENUE


async def test_percentiles_of_what_is_spent(cdnow: Imported) -> None:
    numbers = sorted(float(str(event.properties["dollar_value"])) for event in cdnow.events)

    response = await cdnow.ask(
        spec_of("KPI", aggregation="AGGREGATION_MEDIAN", aggregationProperty="dollar_value")
    )

    assert response.kpis[0].value == numbers[len(numbers) // 2]


async def test_monthly_repurchase_of_the_first_quarter(cdnow: Imported) -> None:
    spec: dict[str, object] = {
        "startingEvent": {"name": "purchase"},
        "timeRange": RANGE,
        "granularity": "GRANULARITY_MONTH",
        "visualization": "VISUALIZATION_RETENTION",
    }

    retention = (await cdnow.ask(spec)).retention

    counts = [[cell.count for cell in cohort.periods] for cohort in retention.cohorts]
    assert counts[:3] == [
        [7846, 1157, 964, 810, 679, 736, 720, 582, 559, 594, 673, 634, 528, 511, 664, 472, 497, 498],
        [8476, 1312, 980, 783, 847, 786, 626, 619, 666, 721, 661, 545, 568, 718, 545, 548, 551],
        [7248, 1032, 752, 756, 674, 564, 561, 579, 634, 569, 464, 472, 678, 420, 443, 457],
    ]
    # Everybody in the data set bought first in that quarter; the cohorts after it are there and empty.
    assert counts[3:] == [[0] * (18 - month) for month in range(3, 18)]
    assert counts[0][1] == len(buyers_of(cdnow, "1997-01") & buyers_of(cdnow, "1997-02"))
    assert retention.average_rates[1].rate == (1157 + 1312 + 1032) / 23_570


def buyers_of(cdnow: Imported, month: str) -> set[str]:
    return {
        event.user_id
        for event in cdnow.events
        if datetime.fromtimestamp(event.time / 1_000, UTC).isoformat().startswith(month)
    }
