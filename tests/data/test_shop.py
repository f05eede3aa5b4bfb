"""31,106 events of a shop: figures that were counted by other means, and the oracle's."""

from collections import Counter

from tests.data.conftest import Imported

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
