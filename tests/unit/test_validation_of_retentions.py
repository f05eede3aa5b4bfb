"""The rules of retentions: the field that each names, its code, and a remedy."""

from typing import Any

import pytest

from eventglass.spec.validation import violations_of_request
from tests.unit.asked import MAY, only_violation, request_of

RETENTION = {"visualization": "VISUALIZATION_RETENTION"}
START = {"startingEvent": {"name": "a"}}
HOURS = {"granularity": "GRANULARITY_HOUR"}
MINUTES = {"granularity": "GRANULARITY_MINUTE"}

CASES: list[tuple[dict[str, Any], str, str]] = [
    (RETENTION, "query.starting_event", "REQUIRED"),
    ({**RETENTION, **START, "events": [{}]}, "query.events", "UNUSED_FIELD"),
    ({**RETENTION, **START, "comparisons": [{"previousPeriod": True}]}, "query.comparisons", "UNUSED_FIELD"),
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
    ({**RETENTION, "startingEvent": {"label": "x"}}, "query.starting_event.label", "UNUSED_FIELD"),
    ({**RETENTION, **START, "returnEvent": {"label": "x"}}, "query.return_event.label", "UNUSED_FIELD"),
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
    (
        {**RETENTION, **START, **MINUTES, "retention": {"periods": 5}},
        "query.granularity",
        "TOO_MANY_POINTS",
    ),
]


@pytest.mark.parametrize(("change", "field", "code"), CASES)
def test_wrong_retentions_name_field_and_remedy(change: dict[str, Any], field: str, code: str) -> None:
    found = only_violation(change)

    assert (found.field, found.code) == (field, code)


def test_too_many_cohorts_name_the_granularity_that_fits() -> None:
    found = only_violation({**RETENTION, **START, **MINUTES, "retention": {"periods": 5}})

    assert found.description == "makes 44,640 cohorts; at most 10,000 are possible; GRANULARITY_HOUR fits"


def test_too_many_cells_name_no_granularity_that_has_no_rolling_periods() -> None:
    two_years = {"start": "2024-01-01T00:00:00Z", "end": "2026-01-01T00:00:00Z"}
    values = {"property": "a", "limit": 1_000}

    found = only_violation(
        {**RETENTION, **START, "timeRange": two_years, "breakdown": values, "retention": {"rolling": True}}
    )

    assert found.description.endswith("possible; shorten the range, or lower breakdown.limit")


@pytest.mark.parametrize(
    "change",
    [
        {**RETENTION, **START, "retention": {"rolling": True, "periods": 1000}},
    ],
)
def test_right_retentions_pass(change: dict[str, Any]) -> None:
    assert violations_of_request(request_of(change)) == []
