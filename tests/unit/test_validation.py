"""The rules of spec/ that many kinds share: the field that each names, its code, and a remedy."""

from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration

from eventglass.spec.validation import violations_of_request
from insights.v1.query_service_pb2 import QueryBudget, QueryRequest
from tests.unit.asked import MAY, only_violation, request_of

DAY = {"start": "2026-05-01T00:00:00Z", "end": "2026-05-02T00:00:00Z"}
_IS_A = [{"property": "a", "operator": "OPERATOR_IS_SET"}]


def _where(depth: int) -> dict[str, Any]:
    tree: dict[str, Any] = {"filter": {"property": "a", "operator": "OPERATOR_IS_SET"}}
    for _ in range(depth - 1):
        tree = {"not": tree}
    return tree


def _filter(operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    given = {"property": "p", "operator": f"OPERATOR_{operator}", **more}
    return {"filters": [given if value is None else {**given, "value": value}]}


SUM = "AGGREGATION_SUM"
TABLE = {"visualization": "VISUALIZATION_TABLE"}
KPI = {"visualization": "VISUALIZATION_KPI"}
HOURS = {"granularity": "GRANULARITY_HOUR"}
BY_A = {"property": "a"}

CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"timeRange": None}, "query.time_range", "REQUIRED"),
    ({"timeRange": {"start": MAY["start"]}}, "query.time_range.end", "REQUIRED"),
    (
        {"timeRange": {"start": MAY["end"], "end": MAY["start"]}},
        "query.time_range.end",
        "END_NOT_AFTER_START",
    ),
    (
        {"timeRange": {"start": "2026-05-01T00:00:00.0001Z", "end": "2026-05-01T00:00:00.0002Z"}},
        "query.time_range.end",
        "END_NOT_AFTER_START",
    ),
    ({"timeRange": {**MAY, "start": "1899-01-01T00:00:00Z"}}, "query.time_range.start", "OUT_OF_RANGE"),
    ({"timezone": "Europe/Berlyn"}, "query.timezone", "UNKNOWN_TIMEZONE"),
    ({"timezone": "localtime"}, "query.timezone", "UNKNOWN_TIMEZONE"),
    ({"timezone": "../../etc/passwd"}, "query.timezone", "UNKNOWN_TIMEZONE"),
    ({"aggregation": SUM}, "query.aggregation_property", "REQUIRED"),
    ({"events": [{"aggregation": SUM}]}, "query.events[0].aggregation_property", "REQUIRED"),
    ({"aggregationProperty": "revenue"}, "query.aggregation_property", "UNUSED_FIELD"),
    ({"events": [{"aggregationProperty": "x"}]}, "query.events[0].aggregation_property", "UNUSED_FIELD"),
    ({"events": [{}] * 27}, "query.events", "TOO_MANY"),
    ({"events": [{"within": "5s"}]}, "query.events[0].within", "UNUSED_FIELD"),
    ({"conversionWindow": "5s"}, "query.conversion_window", "UNUSED_FIELD"),
    ({"funnel": {}}, "query.funnel", "UNUSED_FIELD"),
    ({"pageSize": 5}, "query.page_size", "UNUSED_FIELD"),
    (
        {**KPI, "breakdown": BY_A},
        "query.breakdown",
        "UNUSED_FIELD",
    ),
    ({**TABLE, "pageSize": 1001}, "query.page_size", "OUT_OF_RANGE"),
    ({**TABLE, "pageSize": -1}, "query.page_size", "OUT_OF_RANGE"),
    ({**TABLE, "pageToken": "x"}, "query.page_token", "INVALID_PAGE_TOKEN"),
    ({**TABLE, "pageToken": "W10="}, "query.page_token", "INVALID_PAGE_TOKEN"),
    ({"breakdown": {}}, "query.breakdown.property", "REQUIRED"),
    ({"breakdown": {"property": "a", "thenBy": ["a"]}}, "query.breakdown.then_by[0]", "DUPLICATE"),
    ({"breakdown": {"property": "a", "thenBy": list("bcdef")}}, "query.breakdown.then_by", "TOO_MANY"),
    ({"breakdown": {"property": "a", "limit": 1001}}, "query.breakdown.limit", "OUT_OF_RANGE"),
    ({"breakdown": {"property": "a", "limit": -1}}, "query.breakdown.limit", "OUT_OF_RANGE"),
    ({"breakdown": {"property": "a", "buckets": [2, 1]}}, "query.breakdown.buckets", "NOT_INCREASING"),
    (
        {**TABLE, "breakdown": {"property": "a", "hideOther": True}},
        "query.breakdown.hide_other",
        "UNUSED_FIELD",
    ),
    ({"filters": [{"operator": "OPERATOR_IS_SET"}]}, "query.filters[0].property", "REQUIRED"),
    ({"filters": [{"property": "a"}]}, "query.filters[0].operator", "REQUIRED"),
    (_filter("EQUALS"), "query.filters[0].value", "INVALID_VALUE"),
    (_filter("EQUALS", ""), "query.filters[0].value", "INVALID_VALUE"),
    (_filter("EQUALS", ["a"]), "query.filters[0].value", "INVALID_VALUE"),
    (_filter("IN", []), "query.filters[0].value", "INVALID_VALUE"),
    (_filter("IN", "a"), "query.filters[0].value", "INVALID_VALUE"),
    (_filter("NOT_IN", ["a", ""]), "query.filters[0].value[1]", "INVALID_VALUE"),
    (_filter("IN", ["a"] * 1001), "query.filters[0].value", "INVALID_VALUE"),
    (_filter("CONTAINS", 5), "query.filters[0].value", "INVALID_VALUE"),
    (_filter("MATCHES", "("), "query.filters[0].value", "INVALID_VALUE"),
    (_filter("MATCHES", r"(a)\1"), "query.filters[0].value", "INVALID_VALUE"),
    (_filter("GREATER_THAN", True), "query.filters[0].value", "INVALID_VALUE"),
    (_filter("BETWEEN", [1]), "query.filters[0].value", "INVALID_VALUE"),
    (_filter("BETWEEN", [2, 1]), "query.filters[0].value", "INVALID_VALUE"),
    (_filter("BETWEEN", [1, "b"]), "query.filters[0].value", "INVALID_VALUE"),
    (_filter("IS_SET", "x"), "query.filters[0].value", "INVALID_VALUE"),
    (_filter("BEFORE", "tomorrow"), "query.filters[0].value", "INVALID_VALUE"),
    (_filter("GREATER_THAN", 5, ignoreCase=True), "query.filters[0].ignore_case", "UNUSED_FIELD"),
    ({"where": {}}, "query.where", "REQUIRED"),
    ({"filters": _IS_A * 1_001}, "query.filters", "TOO_MANY"),
    ({"events": [{"filters": _IS_A * 1_001}]}, "query.events[0].filters", "TOO_MANY"),
    ({"where": {"allOf": {}}}, "query.where.all_of.expressions", "EMPTY"),
    ({"where": _where(17)}, "query.where" + ".not" * 16, "TOO_DEEP"),
    ({"events": [{"where": {"anyOf": {}}}]}, "query.events[0].where.any_of.expressions", "EMPTY"),
    ({"comparisons": [{}]}, "query.comparisons[0]", "REQUIRED"),
    ({"comparisons": [{"previousYear": False}]}, "query.comparisons[0].previous_year", "OUT_OF_RANGE"),
    ({"comparisons": [{"previousYear": True}] * 2}, "query.comparisons[1].label", "DUPLICATE_LABEL"),
    (
        {"comparisons": [{"timeRange": {"end": MAY["end"]}}]},
        "query.comparisons[0].time_range.start",
        "REQUIRED",
    ),
    (
        {**TABLE, "comparisons": [{"previousYear": True}]},
        "query.comparisons",
        "UNUSED_FIELD",
    ),
    ({"formula": "A +"}, "query.formula", "INVALID_FORMULA"),
    ({"formula": "B"}, "query.formula", "INVALID_FORMULA"),
    (
        {**HOURS, "timeRange": {**MAY, "end": "2126-05-01T00:00:00Z"}},
        "query.granularity",
        "TOO_MANY_POINTS",
    ),
    (
        {
            "granularity": "GRANULARITY_HOUR",
            "breakdown": {"property": "a", "limit": 1000},
            "events": [{}] * 2,
        },
        "query.granularity",
        "TOO_MANY_POINTS",
    ),
]


@pytest.mark.parametrize(("change", "field", "code"), CASES)
def test_a_wrong_spec_names_field_and_remedy(change: dict[str, Any], field: str, code: str) -> None:
    found = only_violation(change)

    assert (found.field, found.code) == (field, code)


@pytest.mark.parametrize(
    ("change", "remedy"),
    [
        (_filter("EQUALS", ["a"]), "for a list choose OPERATOR_IN or OPERATOR_NOT_IN"),
        (
            {"filters": [{"property": "a", "operator": "OPERATOR_EQUALS", "value": None}]},
            "use OPERATOR_IS_NOT_SET",
        ),
        (_filter("IN", [None]), "null equals a missing value; use OPERATOR_IS_NOT_SET"),
        (_filter("IN", "a"), 'such as ["a", "b"]'),
        ({"formula": "B"}, "add an event or use A"),
        ({"formula": "C", "events": [{}] * 2}, "add an event or use A to B"),
    ],
)
def test_the_remedy_says_what_else_may_be_meant(change: dict[str, Any], remedy: str) -> None:
    description = only_violation(change).description

    assert remedy in description
    assert "A to A" not in description


def test_all_violations_come_at_once() -> None:
    merged = {
        "timeRange": {**MAY, "start": "1899-01-01T00:00:00Z"},
        "timezone": "Europe/Berlyn",
        "aggregation": SUM,
        **_filter("IN", []),
        "formula": "A +",
    }

    found = {each.field for each in violations_of_request(request_of(merged))}

    assert found == {
        "query.time_range.start",
        "query.timezone",
        "query.aggregation_property",
        "query.filters[0].value",
        "query.formula",
    }


def test_too_many_points_names_the_granularity_that_fits() -> None:
    change = {"granularity": "GRANULARITY_MINUTE", "timeRange": {**MAY, "end": "2028-05-01T00:00:00Z"}}

    (found,) = violations_of_request(request_of(change))

    assert found.description.endswith("GRANULARITY_DAY fits")


TEN_YEARS = {"start": "2015-01-01T00:00:00Z", "end": "2025-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("change", "fitting"),
    [
        # Days fit a series, and make 3,656,653 points of 1,001 values.
        ({"breakdown": {"property": "a", "limit": 1_000}}, "GRANULARITY_WEEK"),
        # Three series of days are 10,958 points, which no limit forbids.
        ({"comparisons": [{"previousPeriod": True}, {"previousYear": True}]}, "GRANULARITY_DAY"),
    ],
)
def test_the_granularity_that_fits_a_series_fits_the_answer_too(change: dict[str, Any], fitting: str) -> None:
    whole = {**change, "granularity": "GRANULARITY_HOUR", "timeRange": TEN_YEARS}

    (found,) = violations_of_request(request_of(whole))

    assert found.description == (f"makes 87,672 points a series; at most 10,000 are possible; {fitting} fits")
    assert not violations_of_request(request_of({**whole, "granularity": fitting}))


def test_a_missing_query_is_one_violation() -> None:
    (found,) = violations_of_request(QueryRequest())

    assert (found.field, found.code) == ("query", "REQUIRED")


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"where": _where(16)},
        {"timeRange": DAY, "granularity": "GRANULARITY_MINUTE"},
        {
            "timeRange": {"start": "1900-01-01T00:00:00Z", "end": "2300-01-01T00:00:00Z"},
            "granularity": "GRANULARITY_YEAR",
        },
        {
            "aggregation": SUM,
            "aggregationProperty": "a",
            "events": [{}, {"aggregation": "AGGREGATION_COUNT"}],
        },
        _filter("MATCHES", "^a.*$", ignoreCase=True),
        _filter("IS_SET"),
        _filter("BETWEEN", ["1", 2]),
        _filter("CONTAINS", ""),
    ],
)
def test_right_specs_pass(change: dict[str, Any]) -> None:
    assert violations_of_request(request_of(change)) == []


@pytest.mark.parametrize(
    "budget",
    [
        {"max_rows_read": -1},
        {"max_rows_read": 0.5},
        {"max_time": Duration()},
        {"max_time": Duration(seconds=-1)},
        {"max_time": Duration(seconds=10**15)},
    ],
)
def test_a_budget_is_positive_and_no_eternity(budget: dict[str, Any]) -> None:
    request = request_of({})
    request.budget.MergeFrom(QueryBudget(**budget))

    (found,) = violations_of_request(request)

    assert (found.field, found.code) == (f"budget.{next(iter(budget))}", "OUT_OF_RANGE")


def test_a_budget_of_rows_is_a_whole_number() -> None:
    """As in JSON, where it is a double so that callers can write more than 32 bits as a number."""
    request = request_of({})
    request.budget.max_rows_read = 1.5

    (found,) = violations_of_request(request)

    assert (found.field, found.code) == ("budget.max_rows_read", "WRONG_TYPE")
    assert "whole number" in found.description


@pytest.mark.parametrize(
    "budget",
    [{"max_rows_read": 1}, {"max_rows_read": 1e300}, {"max_time": Duration(nanos=1)}],
)
def test_a_right_budget_passes(budget: dict[str, Any]) -> None:
    request = request_of({})
    request.budget.MergeFrom(QueryBudget(**budget))

    assert violations_of_request(request) == []


def test_groups_and_nots_count_as_conditions() -> None:
    """Each costs the engine time, and there could be fifteen around every condition."""
    most = {"anyOf": {"expressions": [{"not": _where(1)}] * 499 + [_where(1)]}}
    one_more = {"anyOf": {"expressions": [{"not": _where(1)}] * 500}}

    assert violations_of_request(request_of({"where": most})) == []
    (found,) = violations_of_request(request_of({"where": one_more}))

    assert (found.field, found.code) == ("query.where", "TOO_MANY")
    assert found.description == (
        "holds 1,001 conditions, groups and nots; at most 1,000 are possible, use IN"
    )
