"""The rules of the other shapes: the field that each names, its code, and a remedy."""

from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from eventglass.spec.fields import used
from eventglass.spec.validation import violations_of_request
from insights.v1.query_service_pb2 import QueryRequest
from insights.v1.query_spec_pb2 import Visualization

MAY = {"start": "2026-05-01T00:00:00Z", "end": "2026-06-01T00:00:00Z"}
TEN_YEARS = {"timeRange": {**MAY, "end": "2036-05-01T00:00:00Z"}, "granularity": "GRANULARITY_HOUR"}
HOURS = {"granularity": "GRANULARITY_HOUR"}
LIFECYCLE = {"visualization": "VISUALIZATION_LIFECYCLE"}
STICKINESS = {"visualization": "VISUALIZATION_STICKINESS"}
HEATMAP = {"visualization": "VISUALIZATION_HEATMAP"}

CASES: list[tuple[dict[str, Any], str, str]] = [
    ({**LIFECYCLE, "events": [{}, {}]}, "query.events", "TOO_MANY"),
    ({**LIFECYCLE, "breakdown": {"property": "a"}}, "query.breakdown", "UNUSED_FIELD"),
    ({**LIFECYCLE, "comparisons": [{"previousYear": True}]}, "query.comparisons", "UNUSED_FIELD"),
    (
        {**LIFECYCLE, **HOURS, "comparisons": [{"timeRange": TEN_YEARS["timeRange"]}]},
        "query.comparisons",
        "UNUSED_FIELD",
    ),
    ({**LIFECYCLE, "stickiness": {}}, "query.stickiness", "UNUSED_FIELD"),
    (
        {**LIFECYCLE, "events": [{"aggregation": "AGGREGATION_COUNT"}]},
        "query.events[0].aggregation",
        "UNUSED_FIELD",
    ),
    ({**LIFECYCLE, "events": [{"within": "5s"}]}, "query.events[0].within", "UNUSED_FIELD"),
    (
        {**LIFECYCLE, "events": [{"filters": [{"property": "a"}]}]},
        "query.events[0].filters[0].operator",
        "REQUIRED",
    ),
    ({**LIFECYCLE, **TEN_YEARS}, "query.granularity", "TOO_MANY_POINTS"),
    ({**STICKINESS, "stickiness": {"minEvents": -1}}, "query.stickiness.min_events", "OUT_OF_RANGE"),
    ({**STICKINESS, "events": [{}] * 27}, "query.events", "TOO_MANY"),
    ({**STICKINESS, "breakdown": {"property": "a"}}, "query.breakdown", "UNUSED_FIELD"),
    ({**STICKINESS, "formula": "A"}, "query.formula", "UNUSED_FIELD"),
    ({**STICKINESS, "aggregationProperty": "a"}, "query.aggregation_property", "UNUSED_FIELD"),
    ({**STICKINESS, **TEN_YEARS}, "query.granularity", "TOO_MANY_POINTS"),
    ({**HEATMAP, "aggregation": "AGGREGATION_SUM"}, "query.aggregation", "NOT_TOGETHER"),
    (
        {**HEATMAP, "events": [{"aggregation": "AGGREGATION_SESSIONS"}]},
        "query.events[0].aggregation",
        "NOT_TOGETHER",
    ),
    (
        {**HEATMAP, "events": [{"aggregationProperty": "a"}]},
        "query.events[0].aggregation_property",
        "UNUSED_FIELD",
    ),
    ({**HEATMAP, "aggregationProperty": "a"}, "query.aggregation_property", "UNUSED_FIELD"),
    ({**HEATMAP, "events": [{}, {}]}, "query.events", "TOO_MANY"),
    ({**HEATMAP, "breakdown": {"property": "a"}}, "query.breakdown", "UNUSED_FIELD"),
]

# What dashboards keep when they switch between charts: of every kind something.
EVERYTHING: dict[str, Any] = {
    "events": [{"name": "a"}],
    "aggregation": "AGGREGATION_UNIQUE_USERS",
    "breakdown": {"property": "a"},
    "conversionWindow": "60s",
    "startingEvent": {"name": "a"},
    "returnEvent": {"name": "b"},
    "comparisons": [{"previousPeriod": True}, {"previousYear": True}],
    "formula": "A * 2",
    "rollingWindow": "86400s",
    "pageSize": 10,
    "funnel": {"trend": True},
    "retention": {"periods": 3},
    "paths": {"maxSteps": 3},
    "stickiness": {"minEvents": 2},
    "distribution": {"of": "DISTRIBUTION_OF_EVENTS_PER_USER"},
}


def _request(change: dict[str, Any]) -> QueryRequest:
    return ParseDict({"query": {"timeRange": MAY, **change}}, QueryRequest())


@pytest.mark.parametrize(("change", "field", "code"), CASES)
def test_a_wrong_spec_names_field_and_remedy(change: dict[str, Any], field: str, code: str) -> None:
    found = violations_of_request(_request(change))

    assert [(each.field, each.code) for each in found] == [(field, code)]
    assert len(found[0].description) > len("is wrong")


@pytest.mark.parametrize("kind", Visualization.keys())
def test_a_switched_chart_is_told_all_that_it_does_not_use(kind: str) -> None:
    request = _request({**EVERYTHING, "visualization": kind})
    uses = used(request.query).fields

    found = {each.field for each in violations_of_request(request) if each.code == "UNUSED_FIELD"}

    assert found == {
        f"query.{field.name}"
        for field, _ in request.query.ListFields()
        if field.name not in uses | {"time_range", "aggregation", "visualization"}
    }


@pytest.mark.parametrize(
    "change",
    [
        {**STICKINESS, "events": [{}] * 26, "stickiness": {"cumulative": True, "minEvents": 2147483647}},
        HEATMAP,
        {**HEATMAP, "aggregation": "AGGREGATION_UNIQUE_USERS", "granularity": "GRANULARITY_DAY"},
        {**HEATMAP, "events": [{"name": "a", "aggregation": "AGGREGATION_COUNT", "firstTime": True}]},
        {**HEATMAP, **TEN_YEARS},
        LIFECYCLE,
        {**LIFECYCLE, "events": [{"name": "a", "firstTime": True}], "aggregation": "AGGREGATION_SUM"},
        {**LIFECYCLE, "timeRange": {**MAY, "end": "2027-05-01T00:00:00Z"}, "granularity": "GRANULARITY_HOUR"},
    ],
)
def test_right_specs_pass(change: dict[str, Any]) -> None:
    assert violations_of_request(_request(change)) == []
