"""31,106 events of a shop: figures that were counted by other means, and the oracle's."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import pytest

from insights.v1.funnel_pb2 import FunnelStep
from tests.data.conftest import Imported

DAY = 86_400_000
MAY = 1_714_521_600_000  # its first instant
FIRST_HALF = {"start": "2024-01-01T00:00:00Z", "end": "2024-07-01T00:00:00Z"}
PURCHASES: dict[str, object] = {"events": [{"name": "purchase"}], "timeRange": FIRST_HALF}


async def test_every_row_is_an_event_and_none_is_doubled(shop: Imported) -> None:
    assert (shop.summary.accepted, shop.summary.known, shop.summary.refused) == (31_106, 0, ())
    assert (shop.again.accepted, shop.again.known, shop.again.refused) == (0, 31_106, ())


async def test_purchases(shop: Imported) -> None:
    response = await shop.ask(PURCHASES | {"visualization": "VISUALIZATION_KPI"})

    assert [kpi.value for kpi in response.kpis] == [470]


async def test_purchases_per_month_sum_to_all(shop: Imported) -> None:
    response = await shop.ask(PURCHASES | {"granularity": "GRANULARITY_MONTH"})

    assert [point.value for point in response.series] == [11, 31, 53, 108, 104, 163]


async def test_unique_users_of_product_view_per_week_by_platform(shop: Imported) -> None:
    spec: dict[str, object] = {
        "events": [{"name": "product_view"}],
        "timeRange": FIRST_HALF,
        "granularity": "GRANULARITY_WEEK",
        "aggregation": "AGGREGATION_UNIQUE_USERS",
        "breakdown": {"property": "platform"},
    }

    response = await shop.ask(spec)

    points = Counter(point.breakdown for point in response.series)
    assert points == {"desktop": 26, "mobile": 26, "tablet": 26}
    users = {
        (event.properties["platform"], event.user_id)
        for event in shop.events
        if event.name == "product_view" and event.time < 1_704_672_000_000  # the week of 1 January
    }
    first_week = {point.breakdown: point.value for point in response.series if point.aligned_index == 0}
    assert first_week == {
        platform: len([pair for pair in users if pair[0] == platform])
        for platform in ("desktop", "mobile", "tablet")
    }


async def test_top_three_channels_and_an_exact_other(shop: Imported) -> None:
    spec = PURCHASES | {
        "visualization": "VISUALIZATION_TABLE",
        "breakdown": {"property": "acquisition_channel", "limit": 3},
    }

    response = await shop.ask(spec)

    named = [(row.dimensions[0].text, row.value) for row in response.rows[:3]]
    assert named == [("organic", 161), ("paid_search", 161), ("email", 75)]
    assert response.rows[3].dimensions[0].is_other
    assert sum(row.value for row in response.rows) == 470


async def test_users_in_other_are_counted_once(shop: Imported) -> None:
    spec: dict[str, object] = {
        "timeRange": FIRST_HALF,
        "visualization": "VISUALIZATION_TABLE",
        "aggregation": "AGGREGATION_UNIQUE_USERS",
        "breakdown": {"property": "$event_name", "limit": 2},
    }

    response = await shop.ask(spec)

    top = {row.dimensions[0].text for row in response.rows[:2]}
    others = {event.user_id for event in shop.events if event.name not in top}
    assert response.rows[2].value == len(others)


async def test_sessions(shop: Imported) -> None:
    spec: dict[str, object] = {
        "timeRange": FIRST_HALF,
        "visualization": "VISUALIZATION_KPI",
        "aggregation": "AGGREGATION_SESSIONS",
    }

    response = await shop.ask(spec)

    assert response.kpis[0].value == len({(event.user_id, event.session_id) for event in shop.events})


def funnel_of(*names: str, **fields: object) -> dict[str, object]:
    """Ask for a funnel with the default window of 7 days."""
    return {
        "events": [{"name": name} for name in names],
        "timeRange": FIRST_HALF,
        "visualization": "VISUALIZATION_FUNNEL",
        **fields,
    }


def counts(steps: Iterable[FunnelStep]) -> list[float]:
    return [step.count for step in steps]


def medians(steps: Iterable[FunnelStep]) -> list[float]:
    """The median times of all steps but the first, in seconds."""
    return [step.median_time.ToMilliseconds() / 1_000 for step in list(steps)[1:]]


async def test_the_way_to_a_purchase_by_platform(shop: Imported) -> None:
    spec = funnel_of(
        "home",
        "product_view",
        "add_to_cart",
        "purchase",
        conversionWindow="604800s",
        breakdown={"property": "platform"},
    )

    funnel = (await shop.ask(spec)).funnel

    assert (counts(funnel.steps), medians(funnel.steps)) == ([586, 569, 357, 119], [260, 576, 746])
    assert [step.average_time.ToMilliseconds() for step in funnel.steps[1:]] == [
        36_256_395,
        60_642_338,
        38_438_495,
    ]
    assert [bin_.count for bin_ in funnel.steps[3].histogram] == [1, 9, 13, 45, 38, 0, 0, 4, 9, 0, 0, 0]
    assert {
        each.dimensions[0].text: (counts(each.steps), medians(each.steps)) for each in funnel.breakdowns
    } == {
        "desktop": ([305, 298, 183, 73], [243, 648, 740]),
        "mobile": ([213, 206, 134, 30], [262.5, 523.5, 735]),
        "tablet": ([68, 65, 40, 16], [328, 528, 794.5]),
    }


async def test_buying_again_needs_another_purchase(shop: Imported) -> None:
    times = purchase_times(shop)
    gaps = [[after - before for before, after in pairwise(each)] for each in times.values()]
    again = sum(any(gap <= 7 * DAY for gap in each) for each in gaps)

    funnel = (await shop.ask(funnel_of("purchase", "purchase"))).funnel

    assert counts(funnel.steps) == [328, 28] == [len(times), again]
    assert funnel.overall_conversion_rate == 28 / 328


async def test_buying_again_at_any_time(shop: Imported) -> None:
    times = purchase_times(shop)

    funnel = (await shop.ask(funnel_of("purchase", "purchase", conversionWindow="31622400s"))).funnel

    assert counts(funnel.steps) == [328, 104] == [len(times), sum(len(each) > 1 for each in times.values())]


def purchase_times(shop: Imported) -> dict[str, list[int]]:
    """The purchases of each user, in order, in milliseconds."""
    times: dict[str, list[int]] = {}
    for event in sorted(shop.events, key=lambda event: event.time):
        if event.name == "purchase":
            times.setdefault(event.user_id, []).append(event.time)
    return times


async def test_catalog_and_then_at_once_a_product(shop: Imported) -> None:
    strict = funnel_of("catalog", "product_view", funnel={"order": "FUNNEL_ORDER_STRICT"})

    funnel = (await shop.ask(strict)).funnel
    loose = (await shop.ask(funnel_of("catalog", "product_view"))).funnel

    assert (counts(funnel.steps), medians(funnel.steps)) == ([600, 541], [91])
    assert counts(loose.steps) == [600, 591]


async def test_weekly_retention_of_the_first_purchase(shop: Imported) -> None:
    spec: dict[str, object] = {
        "startingEvent": {"name": "purchase"},
        "timeRange": FIRST_HALF,
        "granularity": "GRANULARITY_WEEK",
        "visualization": "VISUALIZATION_RETENTION",
    }

    retention = (await shop.ask(spec)).retention

    rows = {
        cohort.cohort_date.ToDatetime().date().isoformat(): [cell.count for cell in cohort.periods]
        for cohort in retention.cohorts
    }
    assert len(rows) == 26
    assert sum(row[0] for row in rows.values()) == 328
    assert rows["2024-01-01"] == [0] * 26
    assert rows["2024-04-08"] == [26, 2, 0, 3, 1, 0, 1, 0, 1, 3, 2, 1]
    assert rows["2024-06-17"] == [29, 6]
    averages = [(average.rate, average.size) for average in retention.average_rates]
    assert averages[:3] == [(1, 328), (16 / 305, 305), (16 / 276, 276)]
    assert not retention.average_rates[25].HasField("rate")


async def test_weekly_lifecycle_of_all_events(shop: Imported) -> None:
    spec: dict[str, object] = {
        "timeRange": FIRST_HALF,
        "granularity": "GRANULARITY_WEEK",
        "visualization": "VISUALIZATION_LIFECYCLE",
    }

    buckets = (await shop.ask(spec)).lifecycle.buckets

    rows = {
        bucket.timestamp.ToDatetime().date().isoformat(): (
            *(bucket.new_users, bucket.returning),
            *(bucket.resurrecting, bucket.dormant),
        )
        for bucket in buckets
    }
    assert len(rows) == 26
    assert rows["2024-01-01"] == (3, 0, 0, 0)
    assert rows["2024-04-01"] == (37, 44, 74, 86)
    assert rows["2024-06-24"] == (0, 63, 103, 138)
    assert sum(new_users for new_users, *_ in rows.values()) == 600


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param(7, [202, 203, 197, 204, 201, 207, 206], id="weekly active users"),
        pytest.param(30, [457, 461, 464, 469, 473, 472, 475], id="monthly active users"),
    ],
)
async def test_active_users_per_day(shop: Imported, days: int, expected: list[int]) -> None:
    """For each day of a week, who was there in the days up to it."""
    ends = [MAY + (day + 1) * DAY for day in range(7)]
    users = [
        len({event.user_id for event in shop.events if end - days * DAY <= event.time < end}) for end in ends
    ]

    response = await shop.ask(
        {
            "timeRange": {"start": "2024-05-01T00:00:00Z", "end": "2024-05-08T00:00:00Z"},
            "aggregation": "AGGREGATION_UNIQUE_USERS",
            "rollingWindow": f"{days * 86_400}s",
        }
    )

    assert users == expected
    assert [point.value for point in response.series] == users


async def test_days_and_weeks_of_activity_in_march(shop: Imported) -> None:
    march = {"start": "2024-03-01T00:00:00Z", "end": "2024-04-01T00:00:00Z"}
    spec: dict[str, object] = {"timeRange": march, "visualization": "VISUALIZATION_STICKINESS"}
    begin, end = 1_709_251_200_000, 1_711_929_600_000
    days = {(event.user_id, event.time // DAY) for event in shop.events if begin <= event.time < end}
    of_users = Counter(Counter(user for user, _ in days).values())

    daily = (await shop.ask(spec)).stickiness.series[0].points
    weekly = (await shop.ask(spec | {"granularity": "GRANULARITY_WEEK"})).stickiness.series[0].points

    assert [point.count for point in daily] == [of_users[number] for number in range(1, 32)]
    assert [point.count for point in daily[:6]] == [172, 98, 30, 6, 3, 0]
    assert [point.count for point in weekly] == [197, 90, 19, 3, 0]


async def test_purchases_by_hour_of_the_week(shop: Imported) -> None:
    times = [event.time for event in shop.events if event.name == "purchase"]
    shown = Counter((time // DAY + 3) % 7 * 24 + time % DAY // 3_600_000 for time in times)  # from Monday on

    heatmap = (await shop.ask(PURCHASES | {"visualization": "VISUALIZATION_HEATMAP"})).heatmap

    assert [cell.value for cell in heatmap.cells] == [shown[cell] for cell in range(168)]
    assert sum(cell.value for cell in heatmap.cells) == 470
    assert (heatmap.peak.weekday, heatmap.peak.hour, heatmap.peak.value) == (6, 9, 12)
    assert {cell.hours_in_range for cell in heatmap.cells} == {26}
