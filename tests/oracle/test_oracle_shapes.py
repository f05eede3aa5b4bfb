"""Hand-made cases of semantics 6, 9 and 10: breakdowns and other, ranks, tables, KPIs, and of compare.py."""

from collections.abc import Sequence

import pytest

from insights.v1.query_service_pb2 import QueryResponse
from tests.oracle.building import ask, content, event, numbers, values
from tests.oracle.compare import differences
from tests.oracle.history import Json, StoredEvent

TWO_DAYS = {"timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-01-03T00:00:00Z"}}
TABLE = {"visualization": "VISUALIZATION_TABLE"}


def _by_p(**options: object) -> dict[str, object]:
    return {"breakdown": {"property": "p", **options}}


def _with(contents: Sequence[Json]) -> list[StoredEvent]:
    return [event(p=content) for content in contents]


def test_values_are_typed_and_ranked_by_total_then_by_value() -> None:
    response = ask(_by_p(), *_with(["1", 1.0, True, None, "", "b", "b", "a", False]))

    assert values(response) == ["missing", "b", False, True, 1.0, "1", "a"]
    assert numbers(response) == [2, 2, 1, 1, 1, 1, 1]
    assert [point.breakdown for point in response.series] == ["", "b", "false", "true", "1", "1", "a"]


def test_other_is_computed_of_its_events() -> None:
    """Anna is in b and in c: she is two persons by value but one in other."""
    spec = {**_by_p(limit=1), "aggregation": "AGGREGATION_UNIQUE_USERS"}
    events = [
        *[event(user=user, p="a") for user in ("anna", "ben", "cleo")],
        event(user="anna", p="b"),
        event(user="anna", p="c"),
        event(user="ben", p="c"),
    ]

    response = ask(spec, *events)

    assert values(response) == ["a", "other"]
    assert numbers(response) == [3, 2]
    assert numbers(ask({**spec, **_by_p(limit=1, hideOther=True)}, *events)) == [3]


def test_totals_are_of_the_whole_range_whatever_the_granularity() -> None:
    """a has one person on each day, the same; b has two on one day."""
    spec = {**TWO_DAYS, **_by_p(limit=1), "aggregation": "AGGREGATION_UNIQUE_USERS"}
    events = [
        event("2024-01-01T10:00:00Z", user="x", p="a"),
        event("2024-01-02T10:00:00Z", user="x", p="a"),
        event("2024-01-01T10:00:00Z", user="x", p="b"),
        event("2024-01-01T10:00:00Z", user="y", p="b"),
    ]

    response = ask(spec, *events)

    assert values(response) == ["b", "b", "other", "other"]
    assert numbers(response) == [2, 0, 1, 1]


def test_no_total_ranks_last_even_after_negative_ones() -> None:
    spec = {**_by_p(), "aggregation": "AGGREGATION_AVERAGE", "aggregationProperty": "x"}

    response = ask(spec, event(p="a"), event(p="b", x=-5.0), event(p="c", x=-5.0), event(p="d", x=-4.0))

    assert values(response) == ["d", "b", "c", "a"]
    assert numbers(response) == [-4, -5, -5, None]


def test_tuples_rank_as_one_value() -> None:
    response = ask(
        {"breakdown": {"property": "p", "thenBy": ["q"], "limit": 2}},
        event(p="b", q=1.0),
        event(p="a", q="x"),
        event(p="a"),
        event(p="c"),
    )

    tuples = [[content(dimension) for dimension in point.dimensions] for point in response.series]
    assert tuples == [["a", "missing"], ["a", "x"], ["other", "other"]]


def test_buckets_come_in_the_order_of_their_edges() -> None:
    response = ask(
        _by_p(buckets=[10, 20.5], limit=3),
        *_with([20.5, 99.0, 99.0, 20.4, 10.0, "15", 9.9, -1.0, "abc", True, None, None]),
    )

    # 4 missing, 3 in the middle and above, 2 below: below is left to other.
    assert values(response) == ["missing", (10, 20.5), (20.5, None), "other"]
    assert [point.breakdown for point in response.series] == ["", "[10, 20.5)", "[20.5, ..)", ""]
    assert numbers(response) == [4, 3, 3, 2]


def test_each_series_keeps_its_own_values_without_a_formula() -> None:
    spec = {"events": [{"name": "buy"}, {"name": "view"}, {"name": "never"}], **_by_p(limit=1)}
    events = [event(p="a"), event(p="a"), event(p="b"), event(name="view", p="b"), event(name="view", p="b")]

    response = ask(spec, *events)

    found = [(point.event, content(point.dimensions[0]), point.value) for point in response.series]
    assert found == [("buy", "a", 2), ("buy", "other", 1), ("view", "b", 2)]


def test_all_series_share_the_values_with_a_formula() -> None:
    """a and b tie in A, so B decides; c is only in B."""
    spec = {"events": [{"name": "buy"}, {"name": "view"}], "formula": "A / B", **_by_p(limit=2)}
    events = [event(p="a"), event(p="b"), event(name="view", p="b"), event(name="view", p="c")]

    response = ask(spec, *events)

    found = [(point.event, content(point.dimensions[0])) for point in response.series]
    assert found == [(name, value) for name in ("buy", "view", "A / B") for value in ("b", "a", "other")]
    assert numbers(response) == [1, 1, 0, 1, 0, 1, 1, None, 0]


def test_values_of_a_comparison_take_free_places() -> None:
    """The day before has d, c, c and a; two of three places are taken by the main range."""
    events = [
        *_with("abb"),
        *[event("2023-12-31T12:00:00Z", p=content) for content in ("d", "c", "c", "a")],
    ]

    response = ask({**_by_p(limit=3), "comparisons": [{"previousPeriod": True}]}, *events)

    found = [(content(point.dimensions[0]), point.comparison, point.value) for point in response.series]
    assert found == [
        ("b", "", 2), ("b", "previous_period", 0),
        ("a", "", 1), ("a", "previous_period", 1),
        ("c", "", 0), ("c", "previous_period", 2),
        ("other", "", 0), ("other", "previous_period", 1),
    ]  # fmt: skip


def test_without_a_matching_event_a_breakdown_has_no_series() -> None:
    assert not ask(_by_p(), event("2023-12-31T12:00:00Z", p="a")).series
    assert numbers(ask({}, event("2023-12-31T12:00:00Z", p="a"))) == [0]


def test_a_table_has_all_values_by_number_then_by_value() -> None:
    contents = [*"abcdefghijkl", "l", None]

    response = ask({**TABLE, **_by_p()}, *_with(contents))

    assert values(response) == ["l", "missing", *"abcdefghijk"]
    assert response.total_rows == 13
    assert not response.rows[0].dimensions[0].is_other


def test_a_table_with_a_limit_ends_with_other() -> None:
    response = ask({**TABLE, **_by_p(limit=1)}, *_with("aabcd"))

    assert [(value, row.value) for value, row in zip(values(response), response.rows, strict=True)] == [
        ("a", 2),
        ("other", 3),
    ]


def test_a_table_is_sorted_by_its_formula() -> None:
    spec = {**TABLE, **_by_p(), "events": [{"name": "buy"}, {"name": "view"}], "formula": "A - B"}
    events = [event(p="a"), event(p="a"), event(name="view", p="a"), event(name="view", p="a"), event(p="b")]

    response = ask(spec, *events)

    rows = [(row.value, [number.value for number in row.values]) for row in response.rows]
    assert values(response) == ["b", "a"]
    assert rows == [(1, [1, 0, 1]), (0, [2, 2, 0])]


def test_a_table_without_a_breakdown_is_one_row() -> None:
    response = ask(TABLE, event())

    assert [(list(row.dimensions), row.value) for row in response.rows] == [([], 1)]


def test_rows_of_buckets_keep_the_order_of_the_edges() -> None:
    spec = {**TABLE, "breakdown": {"property": "p", "buckets": [0], "thenBy": ["q"]}}
    events = [
        event(p=1.0, q="x"),
        event(p=1.0, q="y"),
        event(p=2.0, q="y"),
        event(p=-1.0, q="z"),
        event(q="z"),
    ]

    response = ask(spec, *events)

    rows = [[content(dimension) for dimension in row.dimensions] for row in response.rows]
    assert rows == [["missing", "z"], [(None, 0), "z"], [(0, None), "y"], [(0, None), "x"]]


@pytest.mark.parametrize(
    ("before", "now", "change", "relative"),
    [
        ([2.0], [3.0], 1, 0.5),
        ([-2.0], [1.0], 3, 1.5),  # of the absolute other
        ([0.0], [3.0], 3, None),
        ([], [3.0], None, None),
        ([3.0], [], None, None),
    ],
)
def test_changes(before: list[float], now: list[float], change: float | None, relative: float | None) -> None:
    spec = {
        "visualization": "VISUALIZATION_KPI",
        "aggregation": "AGGREGATION_AVERAGE",
        "aggregationProperty": "p",
        "comparisons": [{"previousPeriod": True}],
    }
    events = [event("2023-12-31T12:00:00Z", p=content) for content in before] + _with(now)

    comparison = ask(spec, *events).kpis[0].comparisons[0]

    assert (comparison.change if comparison.HasField("change") else None) == change
    assert (comparison.relative_change if comparison.HasField("relative_change") else None) == relative
    assert comparison.label == "previous_period"
    assert comparison.time_range.start.ToJsonString() == "2023-12-31T00:00:00Z"


def test_a_kpi_is_partial_until_its_range_is_over() -> None:
    kpi = {"visualization": "VISUALIZATION_KPI"}

    assert ask(kpi, now="2024-01-01T23:59:59.999Z").kpis[0].partial
    assert not ask(kpi, now="2024-01-02T00:00:00Z").kpis[0].partial


@pytest.mark.parametrize(
    ("expected", "actual", "different"),
    [
        (3.0, 3.0, False),
        (3.0, 3.0 + 2e-9, False),
        (3.0, 3.00001, True),
        (1e8, 1e8 + 1, True),
        (None, 0.0, True),
        (0.0, None, True),
        (0.0, 5e-17, False),
        (1e-7, 0.0, True),
        (1e21, 1e21 + 131072, False),
    ],
)
def test_compare(expected: float | None, actual: float | None, *, different: bool) -> None:
    found = differences(_one_row(expected), _one_row(actual))

    assert bool(found) == different


def test_compare_says_where() -> None:
    one = ask(_by_p(), event(p="a"))
    two = ask(_by_p(), event(p="b"), event(p="b"))

    where = 'series[0](any event · text: "a" · 2024-01-01T00:00:00.000+00:00)'
    assert differences(one, two) == [
        f"{where}.value: expected 1.0, got 2.0",
        f"{where}.breakdown: expected 'a', got 'b'",
        f"{where}.dimensions[0].text: expected 'a', got 'b'",
    ]


def _one_row(value: float | None) -> QueryResponse:
    response = QueryResponse()
    row = response.rows.add()
    if value is not None:
        row.value = value
    return response
