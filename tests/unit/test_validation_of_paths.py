"""Every rule of paths: the field it names, its code, and a remedy."""

from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from eventglass.spec.validation import violations_of_request
from insights.v1.query_service_pb2 import QueryRequest

MAY = {"start": "2026-05-01T00:00:00Z", "end": "2026-06-01T00:00:00Z"}
USERS: dict[str, Any] = {"by": "PATHS_BY_USERS"}
EVENT = {"name": "a"}


def _asked(options: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"visualization": "VISUALIZATION_PATHS", "timeRange": MAY, "paths": options, **more}


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        (_asked({"startEvent": EVENT, "endEvent": EVENT}), "query.paths.end_event", "NOT_TOGETHER"),
        (_asked({"startEvent": {"within": "5s"}}), "query.paths.start_event.within", "UNUSED_FIELD"),
        (_asked({"startEvent": {"label": "x"}}), "query.paths.start_event.label", "UNUSED_FIELD"),
        (_asked({"endEvent": {"label": "x"}}), "query.paths.end_event.label", "UNUSED_FIELD"),
        (_asked({"endEvent": {"optional": True}}), "query.paths.end_event.optional", "UNUSED_FIELD"),
        (
            _asked({"endEvent": {"aggregation": "AGGREGATION_COUNT"}}),
            "query.paths.end_event.aggregation",
            "UNUSED_FIELD",
        ),
        (
            _asked({"startEvent": {"filters": [{"property": "a"}]}}),
            "query.paths.start_event.filters[0].operator",
            "REQUIRED",
        ),
        (_asked({"endEvent": {"where": {}}}), "query.paths.end_event.where", "REQUIRED"),
        (_asked({"gap": "60s"}), "query.paths.gap", "UNUSED_FIELD"),
        (_asked({"gap": "60s", "by": "PATHS_BY_SESSIONS"}), "query.paths.gap", "UNUSED_FIELD"),
        (_asked({**USERS, "gap": "0s"}), "query.paths.gap", "OUT_OF_RANGE"),
        (_asked({**USERS, "gap": "31622400.001s"}), "query.paths.gap", "OUT_OF_RANGE"),
        (_asked({**USERS, "gap": "0.0001s"}), "query.paths.gap", "TOO_FINE"),
        (_asked({"maxSteps": 11}), "query.paths.max_steps", "OUT_OF_RANGE"),
        (_asked({"maxSteps": -1}), "query.paths.max_steps", "OUT_OF_RANGE"),
        (_asked({"maxNodes": 101}), "query.paths.max_nodes", "OUT_OF_RANGE"),
        (_asked({"maxNodes": -1}), "query.paths.max_nodes", "OUT_OF_RANGE"),
        (_asked({}, events=[EVENT]), "query.events", "UNUSED_FIELD"),
        (_asked({}, breakdown={"property": "a"}), "query.breakdown", "UNUSED_FIELD"),
        (_asked({}, visualization="VISUALIZATION_LINE"), "query.paths", "UNUSED_FIELD"),
    ],
)
def test_wrong_paths_name_field_and_remedy(query: dict[str, Any], field: str, code: str) -> None:
    found = violations_of_request(ParseDict({"query": query}, QueryRequest()))

    assert [(each.field, each.code) for each in found] == [(field, code)]
    assert len(found[0].description) > len("is wrong")


@pytest.mark.parametrize(
    "query",
    [
        _asked({}),
        _asked({"maxSteps": 10, "maxNodes": 100, "collapseRepeats": True, "nodeProperty": "page"}),
        _asked({**USERS, "gap": "31622400s", "startEvent": {"firstTime": True}}),
        _asked({"endEvent": {}}, granularity="GRANULARITY_DAY", aggregation="AGGREGATION_SUM"),
    ],
)
def test_right_paths_pass(query: dict[str, Any]) -> None:
    assert violations_of_request(ParseDict({"query": query}, QueryRequest())) == []
