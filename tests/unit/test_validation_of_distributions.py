"""Every rule of distributions: the field it names, its code, and a remedy."""

from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from eventglass.spec.validation import violations_of_request
from insights.v1.query_service_pb2 import QueryRequest

MAY = {"start": "2026-05-01T00:00:00Z", "end": "2026-06-01T00:00:00Z"}
PER_USER: dict[str, Any] = {"of": "DISTRIBUTION_OF_EVENTS_PER_USER"}
LENGTH: dict[str, Any] = {"of": "DISTRIBUTION_OF_SESSION_LENGTH"}
OF_P = {"aggregationProperty": "p"}


def _asked(options: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "visualization": "VISUALIZATION_DISTRIBUTION",
        "timeRange": MAY,
        "distribution": options,
        **more,
    }


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        (_asked({}), "query.aggregation_property", "REQUIRED"),
        (_asked({"of": "DISTRIBUTION_OF_PROPERTY"}), "query.aggregation_property", "REQUIRED"),
        (_asked(PER_USER, **OF_P), "query.aggregation_property", "UNUSED_FIELD"),
        (_asked(LENGTH, events=[OF_P]), "query.events[0].aggregation_property", "UNUSED_FIELD"),
        (_asked({}, events=[OF_P], **OF_P), "query.aggregation_property", "UNUSED_FIELD"),
        (_asked(PER_USER, events=[{}, {}]), "query.events", "TOO_MANY"),
        (
            _asked(PER_USER, events=[{"aggregation": "AGGREGATION_SUM"}]),
            "query.events[0].aggregation",
            "UNUSED_FIELD",
        ),
        (_asked({**PER_USER, "edges": [1, 2], "bins": 2}), "query.distribution.bins", "NOT_TOGETHER"),
        (_asked({**PER_USER, "edges": [2, 1]}), "query.distribution.edges", "NOT_INCREASING"),
        (_asked({**PER_USER, "edges": [1, 1]}), "query.distribution.edges", "NOT_INCREASING"),
        (_asked({**PER_USER, "edges": ["NaN"]}), "query.distribution.edges[0]", "NOT_FINITE"),
        (_asked({**PER_USER, "edges": [1, "Infinity"]}), "query.distribution.edges[1]", "NOT_FINITE"),
        (_asked({**PER_USER, "edges": list(range(1001))}), "query.distribution.edges", "TOO_MANY"),
        (_asked({**PER_USER, "bins": 1001}), "query.distribution.bins", "OUT_OF_RANGE"),
        (_asked({**PER_USER, "bins": -1}), "query.distribution.bins", "OUT_OF_RANGE"),
        (_asked(PER_USER, breakdown={"property": "a"}), "query.breakdown", "UNUSED_FIELD"),
        (_asked(PER_USER, visualization="VISUALIZATION_KPI"), "query.distribution", "UNUSED_FIELD"),
    ],
)
def test_wrong_distributions_name_field_and_remedy(query: dict[str, Any], field: str, code: str) -> None:
    found = violations_of_request(ParseDict({"query": query}, QueryRequest()))

    assert [(each.field, each.code) for each in found] == [(field, code)]
    assert len(found[0].description) > len("is wrong")


@pytest.mark.parametrize(
    "query",
    [
        _asked({}, **OF_P),
        _asked({"bins": 1000}, events=[OF_P]),
        _asked({**PER_USER, "edges": list(range(1000))}, aggregation="AGGREGATION_SUM"),
        _asked({**LENGTH, "edges": [-1.5]}, events=[{"firstTime": True}], granularity="GRANULARITY_DAY"),
    ],
)
def test_right_distributions_pass(query: dict[str, Any]) -> None:
    assert violations_of_request(ParseDict({"query": query}, QueryRequest())) == []
