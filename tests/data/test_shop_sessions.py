"""The shop's sessions: figures that were counted by other means, and the oracle's."""

from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import datetime
from statistics import fmean

import numpy as np
import pytest

from tests.data.conftest import Imported
from tests.data.test_shop import FIRST_HALF
from tests.oracle.history import StoredEvent


def ways_from_home(shop: Imported) -> list[list[str]]:
    """The names of each session's events, from its first home on, in order."""
    sessions: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for event in shop.events:
        sessions[event.user_id, event.session_id].append((event.time, event.name))
    names = [[name for _, name in sorted(session)] for session in sessions.values()]
    return [each[each.index("home") :] for each in names if "home" in each]


async def test_session_paths_from_home(shop: Imported) -> None:
    spec: dict[str, object] = {
        "timeRange": FIRST_HALF,
        "visualization": "VISUALIZATION_PATHS",
        "paths": {"startEvent": {"name": "home"}, "maxNodes": 5},
    }

    paths = (await shop.ask(spec)).paths

    ways = ways_from_home(shop)
    assert paths.total == len(ways) == 2_099
    by_step = [
        [(node.node.text or "other", node.count) for node in paths.nodes if node.step == step]
        for step in range(5)
    ]
    assert by_step == [
        [("home", 2_099)],
        [
            *(("catalog", 556), ("search", 378), ("product_view", 321), ("filter_results", 143)),
            *(("promo_page", 138), ("other", 417)),
        ],
        [
            *(("catalog", 450), ("product_view", 386), ("search", 285), ("filter_results", 163)),
            *(("promo_page", 97), ("other", 380)),
        ],
        [
            *(("product_view", 404), ("catalog", 380), ("search", 247), ("filter_results", 156)),
            *(("home", 72), ("other", 362)),
        ],
        [
            *(("product_view", 357), ("catalog", 332), ("search", 175), ("filter_results", 130)),
            *(("home", 85), ("other", 386)),
        ],
    ]
    for step, nodes in enumerate(by_step):
        counted = Counter(way[step] for way in ways if len(way) > step)
        assert sum(counted.values()) == sum(count for _, count in nodes)
        assert {name: counted[name] for name, _ in nodes[:5]} == dict(nodes[:5])
    left = [
        (node.drop_offs, node.continues) for node in paths.nodes if node.node.text in ("home", "product_view")
    ]
    assert left == [(146, 0), (9, 0), (34, 0), (42, 0), (13, 0), (37, 320), (7, 78)]
    assert sum(node.continues for node in paths.nodes) == sum(len(way) > 5 for way in ways) == 1_317


def lengths_of_sessions(shop: Imported) -> list[float]:
    """The seconds of each session that begins in the first half of the year."""
    times: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for event in shop.events:
        times[event.user_id, event.session_id].append(event.time)
    begin, end = (datetime.fromisoformat(FIRST_HALF[edge]).timestamp() * 1000 for edge in ("start", "end"))
    return [(max(each) - min(each)) / 1000 for each in times.values() if begin <= min(each) < end]


async def test_session_lengths(shop: Imported) -> None:
    edges = [1, 60, 300, 600, 1800, 3600]
    spec: dict[str, object] = {
        "timeRange": FIRST_HALF,
        "visualization": "VISUALIZATION_DISTRIBUTION",
        "distribution": {"of": "DISTRIBUTION_OF_SESSION_LENGTH", "edges": edges},
    }

    result = (await shop.ask(spec)).distribution

    lengths = lengths_of_sessions(shop)
    counted = [bisect_right(edges, length) for length in lengths]
    assert [each.count for each in result.bins] == [counted.count(at) for at in range(7)]
    assert [each.count for each in result.bins] == [232, 98, 383, 565, 1_678, 633, 16]
    assert result.total == len(lengths) == 3_605
    found = (result.median, result.p90, result.p95, result.p99)
    assert found == pytest.approx(np.percentile(lengths, (50, 90, 95, 99)).tolist())
    assert found == pytest.approx((869, 2_225.6, 2_625.4, 3_392.92))
    assert (result.minimum, result.maximum) == (0, 3_988)
    assert result.average == pytest.approx(fmean(lengths))


async def test_session_lengths_in_equal_bins(shop: Imported) -> None:
    spec: dict[str, object] = {
        "timeRange": FIRST_HALF,
        "visualization": "VISUALIZATION_DISTRIBUTION",
        "distribution": {"of": "DISTRIBUTION_OF_SESSION_LENGTH"},
    }

    bins = (await shop.ask(spec)).distribution.bins

    counted, begins = np.histogram(lengths_of_sessions(shop), 10)
    assert [each.count for each in bins] == counted.tolist()
    assert [each.count for each in bins] == [877, 792, 647, 463, 326, 215, 149, 73, 45, 18]
    assert [each.start for each in bins] == pytest.approx(begins[:-1].tolist())


async def test_bounce_rate_by_platform(shop: Imported) -> None:
    spec: dict[str, object] = {
        "timeRange": FIRST_HALF,
        "visualization": "VISUALIZATION_TABLE",
        "breakdown": {"property": "platform"},
        "events": [
            {"aggregation": f"AGGREGATION_{name}"}
            for name in ("BOUNCE_RATE", "SESSIONS", "AVERAGE_SESSION_DURATION", "EVENTS_PER_SESSION")
        ],
    }

    rows = (await shop.ask(spec)).rows

    sessions: defaultdict[tuple[str, str], list[StoredEvent]] = defaultdict(list)
    for event in shop.events:
        sessions[event.user_id, event.session_id].append(event)
    of_platform: defaultdict[object, list[list[StoredEvent]]] = defaultdict(list)
    for session in sessions.values():
        session.sort(key=lambda event: event.time)
        of_platform[session[0].properties["platform"]].append(session)
    for row in rows:
        whole = of_platform[row.dimensions[0].text]
        assert [number.value for number in row.values] == pytest.approx(
            [
                sum(len(session) == 1 for session in whole) / len(whole),
                len(whole),
                sum(session[-1].time - session[0].time for session in whole) / len(whole) / 1000,
                sum(map(len, whole)) / len(whole),
            ]
        )
    assert [
        (row.dimensions[0].text, round(row.value, 4), row.values[1].value, round(row.values[2].value, 1))
        for row in rows
    ] == [
        ("mobile", 0.0695, 1_295, 1058.5),
        ("tablet", 0.0643, 420, 1024.6),
        ("desktop", 0.0603, 1_890, 1029.9),
    ]


async def test_where_sessions_with_a_purchase_begin(shop: Imported) -> None:
    spec: dict[str, object] = {
        "events": [{"name": "purchase"}],
        "timeRange": FIRST_HALF,
        "visualization": "VISUALIZATION_TABLE",
        "breakdown": {"property": "$session.entry.$event_name", "limit": 3},
    }

    rows = (await shop.ask(spec)).rows

    assert [(row.dimensions[0].text, row.value) for row in rows] == [
        *(("catalog", 123), ("home", 117), ("product_view", 72)),
        ("", 158),
    ]
    assert rows[-1].dimensions[0].is_other
