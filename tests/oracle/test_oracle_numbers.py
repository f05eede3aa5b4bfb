"""Hand-made cases of semantics 2, 4 and 5: aggregations, persons, firsts, sessions, formulas, windows."""

from fractions import Fraction
from itertools import combinations

import pytest

from tests.oracle.aggregations import percentile
from tests.oracle.building import ask, event, ms, numbers
from tests.oracle.formula import evaluate
from tests.oracle.history import Json, StoredEvent
from tests.oracle.pools import AMOUNTS

KPI = {"visualization": "VISUALIZATION_KPI"}


def _of(aggregation: str, *events: StoredEvent) -> float | None:
    """An aggregation of the property p, as a KPI."""
    spec = {**KPI, "aggregation": f"AGGREGATION_{aggregation}", "aggregationProperty": "p"}
    return numbers(ask(spec, *events))[0]


def _with(*contents: Json) -> list[StoredEvent]:
    return [event(p=content) for content in contents]


@pytest.mark.parametrize(
    ("aggregation", "contents", "expected"),
    [
        ("SUM", [1.0, "2.5", "abc", True, None, "1e1", [4.0]], 13.5),
        ("SUM", ["abc"], 0),
        ("SUM", [], 0),
        ("AVERAGE", [1.0, 2.0, "6", "x"], 3),
        ("AVERAGE", ["x"], None),
        ("MIN", [3.0, "-4", "-5x"], -4),
        ("MAX", [3.0, "1e1", True], 10),
        ("MIN", [], None),
        ("MEDIAN", [4.0, 1.0, 2.0], 2),
        ("MEDIAN", [4.0, 1.0, 2.0, 10.0], 3),
        ("MEDIAN", [], None),
        ("P90", [float(number) for number in range(1, 12)], 10),
        ("P90", [0.0, 10.0], 9),
        ("P95", [0.0, 100.0], 95),
        ("P99", [0.0, 0.0, 100.0], 98),  # rank 1.98: 0 + 0.98 * 100
        ("P99", [7.0], 7),
        ("DISTINCT_VALUES", [1.0, "1", True, "true", 1.0, None, "", [1.0], "[1]", -0.0, 0.0], 6),
        ("DISTINCT_VALUES", [None, ""], 0),
        ("COUNT", [None, 1.0], 2),
    ],
)
def test_aggregations_of_a_property(aggregation: str, contents: list[Json], expected: float | None) -> None:
    assert _of(aggregation, *_with(*contents)) == expected


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [("COUNT", 6), ("UNIQUE_USERS", 2), ("COUNT_PER_USER", 2), ("UNIQUE_SESSIONS", 2)],
)
def test_aggregations_of_persons(aggregation: str, expected: float) -> None:
    """Anna's and "x"'s four events (an anonymous x is the user x), two of nobody; the sessions s and t."""
    events = [
        event(user="anna", session="s"),
        event(user="anna", session="t"),
        event(user="x", session="s"),
        StoredEvent(name="buy", time=ms("2024-01-01T10:00:00Z"), properties={}, anonymous_id="x"),
        event(session="s"),
        event(),
    ]

    assert _of(aggregation, *events) == expected


def test_nobody_has_no_events_per_person() -> None:
    assert _of("COUNT_PER_USER", event()) is None


def test_no_two_percentiles_of_the_pool_coincide() -> None:
    """So that no rank in the random tests hangs on how a percentile is rounded (see pools.AMOUNTS)."""
    between = [
        Fraction(lower) + (Fraction(upper) - Fraction(lower)) * part / 100
        for lower, upper in combinations(sorted(AMOUNTS), 2)
        for part in range(1, 100)
    ]

    assert len({*between, *map(Fraction, AMOUNTS)}) == len(between) + len(AMOUNTS)
    assert percentile(90, list(AMOUNTS)) == 239.3046875 + (1000.0078125 - 239.3046875) / 2


@pytest.mark.parametrize(
    ("formula", "operands", "expected"),
    [
        ("A + B * 2", [1.0, 3.0], 7),
        ("(A + B) * 2", [1.0, 3.0], 8),
        ("A - B - 1", [1.0, 3.0], -3),
        ("A / B / 2", [12.0, 3.0], 2),
        ("-A + -(B)", [1.0, 3.0], -4),
        ("A*-B", [2.0, 3.0], -6),
        (".5*A + 1.", [3.0], 2.5),
        ("A / B", [1.0, 0.0], None),
        ("0 * (A / B)", [1.0, 0.0], None),
        ("A + B", [1.0, None], None),
        ("A", [1.0, None], 1),
        ("A / (B - B)", [0.0, 1.0], None),
        ("A * A", [1e200], None),
    ],
)
def test_formulas(formula: str, operands: list[float | None], expected: float | None) -> None:
    assert evaluate(formula, operands) == expected


def test_a_formula_is_one_more_series_bucket_by_bucket() -> None:
    spec = {
        "events": [{"name": "buy"}, {"name": "view", "aggregation": "AGGREGATION_UNIQUE_USERS"}],
        "formula": "A / B",
        "timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-01-03T00:00:00Z"},
    }

    response = ask(spec, event(), event(), event(name="view", user="u"), event("2024-01-02T00:00:00Z"))

    assert numbers(response) == [2, 1, 1, 0, 2, None]
    assert [point.series_index for point in response.series] == [0, 0, 1, 1, 2, 2]
    assert [point.event for point in response.series] == ["buy", "buy", "view", "view", "A / B", "A / B"]


def test_without_events_there_is_one_series_of_any_event() -> None:
    response = ask({}, event(name="a"), event(name="b"))

    assert [(point.event, point.value) for point in response.series] == [("any event", 2)]


def test_first_time_is_the_first_of_all_history_before_the_spec_is_asked() -> None:
    selector = {
        "name": "buy",
        "firstTime": True,
        "filters": [{"property": "p", "operator": "OPERATOR_IS_SET"}],
    }
    spec = {**KPI, "filters": [{"property": "p", "operator": "OPERATOR_EQUALS", "value": "good"}]}
    events = [
        event("2023-12-31T00:00:00Z", user="early", p="good"),  # first, but before the range
        event("2024-01-01T01:00:00Z", user="early", p="good"),
        event("2024-01-01T01:00:00Z", user="late", event_id="b", p="good"),  # not the smallest id
        event("2024-01-01T01:00:00Z", user="late", event_id="a", p="bad"),
        event("2024-01-01T01:00:00Z", user="counts", event_id="b", p="bad"),
        event("2024-01-01T01:00:00Z", user="counts", event_id="B", p="good"),
        event("2024-01-01T00:00:00Z", user="counts"),  # does not pass the selector
        event("2024-01-01T01:00:00Z", p="good"),  # nobody's
    ]

    assert numbers(ask({**spec, "events": [selector]}, *events)) == [1]


SESSION_EVENTS = [
    # s of u begins before the range: it does not count in it, whole as it is.
    event("2023-12-31T23:59:00Z", user="u", session="s"),
    event("2024-01-01T00:01:00Z", user="u", session="s"),
    # s of v: 90 s, three events, two of them buys; the first buy has p = 2.
    event("2024-01-01T10:00:00Z", user="v", session="s", name="view", p="view"),
    event("2024-01-01T10:01:00Z", user="v", session="s", p=2.0),
    event("2024-01-01T10:01:30Z", user="v", session="s", p=1.0),
    # t of v: a bounce of one buy.
    event("2024-01-01T23:59:59.999Z", user="v", session="t", p=2.0),
    # r of v begins in the range and goes on after it; its buy is after it.
    event("2024-01-01T23:59:59Z", user="v", session="r", name="view"),
    event("2024-01-02T00:00:29Z", user="v", session="r", p=3.0),
    # Without a buy, a person or a session.
    event("2024-01-01T12:00:00Z", user="w", session="s", name="view"),
    event("2024-01-01T12:00:00Z", session="s"),
    event("2024-01-01T12:00:00Z", user="w"),
]


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [
        ("SESSIONS", 3),
        ("AVERAGE_SESSION_DURATION", (90 + 0 + 30) / 3),
        ("BOUNCE_RATE", 1 / 3),
        ("EVENTS_PER_SESSION", (2 + 1 + 1) / 3),
    ],
)
def test_sessions(aggregation: str, expected: float) -> None:
    spec = {**KPI, "events": [{"name": "buy"}], "aggregation": f"AGGREGATION_{aggregation}"}

    assert numbers(ask(spec, *SESSION_EVENTS)) == [expected]


def test_a_session_has_the_value_of_its_first_passing_event() -> None:
    spec = {
        "events": [{"name": "buy"}],
        "aggregation": "AGGREGATION_SESSIONS",
        "breakdown": {"property": "p"},
    }

    response = ask(spec, *SESSION_EVENTS)

    assert [(point.breakdown, point.value) for point in response.series] == [("2", 2), ("3", 1)]


def test_nothing_comes_of_no_sessions() -> None:
    kinds = ("SESSIONS", "AVERAGE_SESSION_DURATION", "BOUNCE_RATE", "EVENTS_PER_SESSION")

    assert [_of(kind, event(user="u")) for kind in kinds] == [0, None, None, None]


@pytest.mark.parametrize(
    ("granularity", "window", "expected"),
    [
        # Windows of two days end at 2, 3 and 4 January; the last is cut at the range's end, 12:00.
        ("DAY", "172800s", [2, 2, 1]),
        ("DAY", "3600s", [0, 1, 0]),
    ],
)
def test_rolling_windows(granularity: str, window: str, expected: list[float]) -> None:
    spec = {
        "aggregation": "AGGREGATION_UNIQUE_USERS",
        "granularity": f"GRANULARITY_{granularity}",
        "rollingWindow": window,
        "timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-01-03T12:00:00Z"},
    }
    events = [
        event("2023-12-30T23:59:59.999Z", user="too early"),
        event("2023-12-31T00:00:00Z", user="a"),
        event("2024-01-01T12:00:00Z", user="b"),
        event("2024-01-01T12:00:00Z", user="b"),
        event("2024-01-02T23:30:00Z", user="c"),
        event("2024-01-03T12:00:00Z", user="at the end"),
    ]

    assert numbers(ask(spec, *events)) == expected


def test_whole_days_of_a_rolling_window_are_local_ones() -> None:
    """1 April in Berlin ends at 22:00 UTC; the two days before that end began at 23:00, 47 hours earlier."""
    spec = {
        "aggregation": "AGGREGATION_UNIQUE_USERS",
        "rollingWindow": "172800s",
        "timezone": "Europe/Berlin",
        "timeRange": {"start": "2024-03-31T22:00:00Z", "end": "2024-04-01T22:00:00Z"},
    }
    events = [event("2024-03-30T22:59:59Z", user="early"), event("2024-03-30T23:00:00Z", user="in")]

    assert numbers(ask(spec, *events)) == [1]
    # Other lengths are no days: they begin at 21:59:59, 23:00:00 and 23:00:01.
    assert numbers(ask({**spec, "rollingWindow": "172801s"}, *events)) == [2]
    assert numbers(ask({**spec, "rollingWindow": "169200s"}, *events)) == [1]
    assert numbers(ask({**spec, "rollingWindow": "169199s"}, *events)) == [0]
