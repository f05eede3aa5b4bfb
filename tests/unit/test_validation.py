"""Every rule of spec/: the field it names, its code, and a remedy."""

from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from eventglass.spec.validation import violations_of_request
from insights.v1.query_service_pb2 import QueryRequest

MAY = {"start": "2026-05-01T00:00:00Z", "end": "2026-06-01T00:00:00Z"}
DAY = {"start": "2026-05-01T00:00:00Z", "end": "2026-05-02T00:00:00Z"}


def _days_of_may(first: int) -> dict[str, Any]:
    """Compare with six days."""
    range_ = {"start": f"2026-05-{first:02}T00:00:00Z", "end": f"2026-05-{first + 6:02}T00:00:00Z"}
    return {"label": str(first), "timeRange": range_}


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
USERS = {"aggregation": "AGGREGATION_UNIQUE_USERS"}
TABLE = {"visualization": "VISUALIZATION_TABLE"}
KPI = {"visualization": "VISUALIZATION_KPI"}
HOURS = {"granularity": "GRANULARITY_HOUR"}
YEARS = {"granularity": "GRANULARITY_YEAR"}
ALL_YEARS = {"start": "1900-01-01T00:00:00Z", "end": "2300-01-01T00:00:00Z"}
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
    (
        {"filters": [{"property": "$session.entry.", "operator": "OPERATOR_IS_SET"}]},
        "query.filters[0].property",
        "INVALID_NAME",
    ),
    (
        {"breakdown": {"property": "a", "thenBy": ["b", "$session.exit.$session.entry.a"]}},
        "query.breakdown.then_by[1]",
        "INVALID_NAME",
    ),
    (
        {"aggregation": SUM, "aggregationProperty": "$session.entry.$user.age"},
        "query.aggregation_property",
        "INVALID_NAME",
    ),
    ({**USERS, "rollingWindow": "0s"}, "query.rolling_window", "OUT_OF_RANGE"),
    ({**USERS, "rollingWindow": "-1s"}, "query.rolling_window", "OUT_OF_RANGE"),
    ({**USERS, "rollingWindow": "31622400.001s"}, "query.rolling_window", "OUT_OF_RANGE"),
    ({**USERS, "rollingWindow": "0.0005s"}, "query.rolling_window", "TOO_FINE"),
    ({"rollingWindow": "604800s"}, "query.rolling_window", "UNUSED_FIELD"),
    (
        {**USERS, "rollingWindow": "604800s", "events": [{}, {"aggregation": "AGGREGATION_SESSIONS"}]},
        "query.rolling_window",
        "UNUSED_FIELD",
    ),
    ({**TABLE, **USERS, "rollingWindow": "604800s"}, "query.rolling_window", "UNUSED_FIELD"),
    (
        {
            **USERS,
            "granularity": "GRANULARITY_MINUTE",
            "timeRange": {**MAY, "end": "2026-05-07T00:00:00Z"},
            "rollingWindow": "90s",
            "comparisons": [_days_of_may(first) for first in (7, 13, 19)],
        },
        "query.rolling_window",
        "TOO_MANY",
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


def _request(change: dict[str, Any]) -> QueryRequest:
    query = {key: value for key, value in {"timeRange": MAY, **change}.items() if value is not None}
    return ParseDict({"query": query}, QueryRequest())


@pytest.mark.parametrize(("change", "field", "code"), CASES)
def test_a_wrong_spec_names_field_and_remedy(change: dict[str, Any], field: str, code: str) -> None:
    found = violations_of_request(_request(change))

    assert [(each.field, each.code) for each in found] == [(field, code)]
    assert len(found[0].description) > len("is wrong")


def test_all_violations_come_at_once() -> None:
    merged = {
        "timeRange": {**MAY, "start": "1899-01-01T00:00:00Z"},
        "timezone": "Europe/Berlyn",
        "aggregation": SUM,
        **_filter("IN", []),
        "formula": "A +",
    }

    found = {each.field for each in violations_of_request(_request(merged))}

    assert found == {
        "query.time_range.start",
        "query.timezone",
        "query.aggregation_property",
        "query.filters[0].value",
        "query.formula",
    }


def test_too_many_points_names_the_granularity_that_fits() -> None:
    change = {"granularity": "GRANULARITY_MINUTE", "timeRange": {**MAY, "end": "2028-05-01T00:00:00Z"}}

    (found,) = violations_of_request(_request(change))

    assert found.description.endswith("GRANULARITY_DAY fits")


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
        {**USERS, "rollingWindow": "0.001s"},
        {**USERS, **KPI, "rollingWindow": "31622400s"},
        {"rollingWindow": "86400s", "events": [USERS, USERS]},
        {"breakdown": {"property": "$session.entry.$event_name", "thenBy": ["$session.exit.a.b"]}},
        {"breakdown": {"property": "$session.entry"}},
    ],
)
def test_right_specs_pass(change: dict[str, Any]) -> None:
    assert violations_of_request(_request(change)) == []


def test_a_budget_must_be_positive() -> None:
    request = _request({})
    request.budget.max_rows_read = -1
    request.budget.max_time.seconds = 0

    assert [each.field for each in violations_of_request(request)] == [
        "budget.max_rows_read",
        "budget.max_time",
    ]


FUNNEL = {"visualization": "VISUALIZATION_FUNNEL"}
RETENTION = {"visualization": "VISUALIZATION_RETENTION"}
STEPS = [{"name": "a"}, {"name": "b"}, {"name": "c"}]
START = {"startingEvent": {"name": "a"}}


def _funnel(steps: list[dict[str, Any]] | None = None, **options: Any) -> dict[str, Any]:
    given = {"events": STEPS if steps is None else steps, **FUNNEL}
    return {**given, "funnel": options} if options else given


def _excluding(**exclusion: Any) -> dict[str, Any]:
    return _funnel(exclusions=[{"event": {"name": "x"}, **exclusion}])


OPTIONAL: list[dict[str, Any]] = [{"name": "a"}, {"name": "b", "optional": True}, {"name": "c"}]
EXCLUSION = "query.funnel.exclusions[0]"
STRICT = "FUNNEL_ORDER_STRICT"

STEP_CASES: list[tuple[dict[str, Any], str, str]] = [
    (_funnel([]), "query.events", "OUT_OF_RANGE"),
    (_funnel([{}] * 31), "query.events", "OUT_OF_RANGE"),
    ({**_funnel(), "conversionWindow": "0s"}, "query.conversion_window", "OUT_OF_RANGE"),
    ({**_funnel(), "conversionWindow": "-5s"}, "query.conversion_window", "OUT_OF_RANGE"),
    ({**_funnel(), "conversionWindow": "12622780800s"}, "query.conversion_window", "OUT_OF_RANGE"),
    ({**_funnel(), "conversionWindow": "0.0001s"}, "query.conversion_window", "TOO_FINE"),
    (_funnel([{}, {"within": "0s"}]), "query.events[1].within", "OUT_OF_RANGE"),
    (_funnel([{"within": "5s"}, {}]), "query.events[0].within", "UNUSED_FIELD"),
    (_funnel([{"optional": True}, {}]), "query.events[0].optional", "NOT_OPTIONAL"),
    (_funnel([{}, {"optional": True}]), "query.events[1].optional", "NOT_OPTIONAL"),
    (_funnel(OPTIONAL, order="FUNNEL_ORDER_UNORDERED"), "query.events[1].optional", "UNUSED_FIELD"),
    (_funnel([{}, {"within": "5s"}], order=STRICT), "query.events[1].within", "UNUSED_FIELD"),
    (
        _funnel([{}, {"aggregation": "AGGREGATION_COUNT"}]),
        "query.events[1].aggregation",
        "UNUSED_FIELD",
    ),
    (_funnel(exclusions=[{}]), f"{EXCLUSION}.event", "REQUIRED"),
    (_excluding(fromStep=4), f"{EXCLUSION}.from_step", "NO_SUCH_STEP"),
    (_excluding(toStep=-1), f"{EXCLUSION}.to_step", "NO_SUCH_STEP"),
    (_excluding(fromStep=2, toStep=2), f"{EXCLUSION}.to_step", "NOT_AFTER_FROM_STEP"),
    (
        _funnel([{}], exclusions=[{"event": {"name": "x"}}]),
        f"{EXCLUSION}.to_step",
        "NOT_AFTER_FROM_STEP",
    ),
    (
        _funnel(OPTIONAL, exclusions=[{"event": {"name": "x"}, "toStep": 2}]),
        f"{EXCLUSION}.to_step",
        "NO_SUCH_STEP",
    ),
    (
        _funnel(exclusions=[{"event": {"name": "x", "optional": True}}]),
        f"{EXCLUSION}.event.optional",
        "UNUSED_FIELD",
    ),
    (
        _funnel(exclusions=[{"event": {"filters": [{"operator": "OPERATOR_IS_SET"}]}}]),
        f"{EXCLUSION}.event.filters[0].property",
        "REQUIRED",
    ),
    (_funnel(exclusions=[{"event": {"name": "x"}}] * 11), "query.funnel.exclusions", "TOO_MANY"),
    (_funnel(holdConstant=["a"], order=STRICT), "query.funnel.hold_constant", "UNUSED_FIELD"),
    (_funnel(holdConstant=["a", "a"]), "query.funnel.hold_constant[1]", "DUPLICATE"),
    (_funnel(holdConstant=[""]), "query.funnel.hold_constant[0]", "REQUIRED"),
    (_funnel(holdConstant=list("abcdef")), "query.funnel.hold_constant", "TOO_MANY"),
    (
        _funnel(attribution="FUNNEL_ATTRIBUTION_LAST_STEP"),
        "query.funnel.attribution",
        "UNUSED_FIELD",
    ),
    (
        {**_funnel(attribution="FUNNEL_ATTRIBUTION_STEP"), "breakdown": BY_A},
        "query.funnel.attribution_step",
        "NO_SUCH_STEP",
    ),
    ({**_funnel(attributionStep=2), "breakdown": BY_A}, "query.funnel.attribution_step", "UNUSED_FIELD"),
    ({**_funnel(), "formula": "A"}, "query.formula", "UNUSED_FIELD"),
    ({**_funnel(), "retention": {"rolling": True}}, "query.retention", "UNUSED_FIELD"),
    (
        {**_funnel(trend=True), **HOURS, "timeRange": {**MAY, "end": "2036-05-01T00:00:00Z"}},
        "query.granularity",
        "TOO_MANY_POINTS",
    ),
    (RETENTION, "query.starting_event", "REQUIRED"),
    ({**RETENTION, **START, "events": [{}]}, "query.events", "UNUSED_FIELD"),
    ({**RETENTION, **START, "retention": {"periods": -1}}, "query.retention.periods", "OUT_OF_RANGE"),
    ({**RETENTION, **START, "retention": {"periods": 1001}}, "query.retention.periods", "OUT_OF_RANGE"),
    (
        {**RETENTION, **START, "retention": {"rolling": True}, "granularity": "GRANULARITY_MONTH"},
        "query.retention.rolling",
        "UNUSED_FIELD",
    ),
    (
        {**RETENTION, "startingEvent": {"within": "5s"}},
        "query.starting_event.within",
        "UNUSED_FIELD",
    ),
    (
        {**RETENTION, **START, "returnEvent": {"filters": [{"property": "a"}]}},
        "query.return_event.filters[0].operator",
        "REQUIRED",
    ),
    (
        {**RETENTION, **START, **HOURS, "timeRange": {**MAY, "end": "2026-09-01T00:00:00Z"}},
        "query.granularity",
        "TOO_MANY_POINTS",
    ),
]


@pytest.mark.parametrize(("change", "field", "code"), STEP_CASES)
def test_a_wrong_funnel_or_retention_names_field_and_remedy(
    change: dict[str, Any], field: str, code: str
) -> None:
    found = violations_of_request(_request(change))

    assert [(each.field, each.code) for each in found] == [(field, code)]
    assert len(found[0].description) > len("is wrong")


@pytest.mark.parametrize(
    "change",
    [
        _funnel(),
        _funnel([{}] * 30),
        {**_funnel(), "conversionWindow": "31622400s"},
        _funnel(OPTIONAL, exclusions=[{"event": {"name": "x"}}]),
        {**_funnel(attribution="FUNNEL_ATTRIBUTION_STEP", attributionStep=3), "breakdown": BY_A},
        {**RETENTION, **START, "retention": {"rolling": True, "periods": 1000}},
    ],
)
def test_right_funnels_and_retentions_pass(change: dict[str, Any]) -> None:
    assert violations_of_request(_request(change)) == []
