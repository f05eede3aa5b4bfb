"""The rules of values of sessions: the field that each names, its code, and a remedy."""

from typing import Any

import pytest

from eventglass.spec.validation import violations_of_request
from tests.unit.asked import only_violation, request_of

CASES: list[tuple[dict[str, Any], str, str]] = [
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
        {"aggregation": "AGGREGATION_SUM", "aggregationProperty": "$session.entry.$user.age"},
        "query.aggregation_property",
        "INVALID_NAME",
    ),
]


@pytest.mark.parametrize(("change", "field", "code"), CASES)
def test_wrong_session_values_name_field_and_remedy(change: dict[str, Any], field: str, code: str) -> None:
    found = only_violation(change)

    assert (found.field, found.code) == (field, code)


@pytest.mark.parametrize(
    "change",
    [
        {"breakdown": {"property": "$session.entry.$event_name", "thenBy": ["$session.exit.a.b"]}},
        {"breakdown": {"property": "$session.entry"}},
    ],
)
def test_right_session_values_pass(change: dict[str, Any]) -> None:
    assert violations_of_request(request_of(change)) == []
