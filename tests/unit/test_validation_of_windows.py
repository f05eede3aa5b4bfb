"""The rules of rolling windows: the field that each names, its code, and a remedy."""

from typing import Any

import pytest

from eventglass.spec.validation import violations_of_request
from tests.unit.asked import MAY, only_violation, request_of

USERS = {"aggregation": "AGGREGATION_UNIQUE_USERS"}
TABLE = {"visualization": "VISUALIZATION_TABLE"}
KPI = {"visualization": "VISUALIZATION_KPI"}


def _days_of_may(first: int) -> dict[str, Any]:
    """Compare with six days."""
    range_ = {"start": f"2026-05-{first:02}T00:00:00Z", "end": f"2026-05-{first + 6:02}T00:00:00Z"}
    return {"label": str(first), "timeRange": range_}


CASES: list[tuple[dict[str, Any], str, str]] = [
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
]


@pytest.mark.parametrize(("change", "field", "code"), CASES)
def test_wrong_windows_name_field_and_remedy(change: dict[str, Any], field: str, code: str) -> None:
    found = only_violation(change)

    assert (found.field, found.code) == (field, code)


@pytest.mark.parametrize(
    "change",
    [
        {**USERS, "rollingWindow": "0.001s"},
        {**USERS, **KPI, "rollingWindow": "31622400s"},
        {"rollingWindow": "86400s", "events": [USERS, USERS]},
    ],
)
def test_right_windows_pass(change: dict[str, Any]) -> None:
    assert violations_of_request(request_of(change)) == []
