"""Which questions read who was active in which hour, and which hours of it are read from events."""

from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from insights.v1.filter_pb2 import FilterExpression
from tests.unit.asked import NOW, statement_of

_USERS = {"aggregation": "AGGREGATION_UNIQUE_USERS"}
_FILTER = {"property": "a", "operator": "OPERATOR_IS_SET"}
_RETENTION: dict[str, Any] = {"visualization": "VISUALIZATION_RETENTION", "startingEvent": {}}
_STICKINESS = {"visualization": "VISUALIZATION_STICKINESS"}
_HEATMAP = {"visualization": "VISUALIZATION_HEATMAP", **_USERS}
_KPI = {"visualization": "VISUALIZATION_KPI", **_USERS}
_DAY = {"start": "2026-05-01T00:00:00Z", "end": "2026-05-02T00:00:00Z"}


def _statement(change: dict[str, Any], **scope: Any) -> tuple[str, set[datetime]]:
    """Give the text of a question's statement, and the instants in it."""
    statement = statement_of({"timeRange": _DAY, **change}, **scope)
    found = {each for each in statement.parameters.values() if isinstance(each, int) and each > 2**40}
    return statement.text, {datetime.fromtimestamp(each / 1_000, UTC) for each in found}


def _reads_hours(change: dict[str, Any], **scope: Any) -> bool:
    return "FROM active_hours" in _statement(change, **scope)[0]


@pytest.mark.parametrize(
    "change",
    [
        _USERS,
        {**_USERS, "events": [{}, {"label": "all"}], "formula": "A / B"},
        {**_USERS, "granularity": "GRANULARITY_HOUR"},
        {**_USERS, "comparisons": [{"previousYear": True}, {"previousPeriod": True}]},
        {**_USERS, "timezone": "Europe/Berlin", "granularity": "GRANULARITY_MONTH"},
        {**_USERS, "rollingWindow": "604800s"},
        {**_USERS, "rollingWindow": "10800s"},
        _KPI,
        {**_KPI, "rollingWindow": "2592000s"},
        # Of one day no bucket begins in its middle.
        {**_KPI, "timezone": "Asia/Kolkata"},
        {"visualization": "VISUALIZATION_LIFECYCLE"},
        _STICKINESS,
        {**_STICKINESS, "stickiness": {"minEvents": 1}},
        _RETENTION,
        {**_RETENTION, "retention": {"cohort": "RETENTION_COHORT_RECURRING"}},
        _HEATMAP,
        {**_HEATMAP, "timezone": "Europe/Berlin"},
    ],
)
def test_hours_are_read_where_they_tell_the_same(change: dict[str, Any]) -> None:
    assert _reads_hours(change)
    assert not _reads_hours(change, rollups=False)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {**_USERS, "events": [{"name": "x"}]},
        {**_USERS, "events": [{}, {"name": "x"}]},
        {**_USERS, "events": [{}, {"aggregation": "AGGREGATION_COUNT"}]},
        {**_USERS, "events": [{"firstTime": True}]},
        {**_USERS, "events": [{"filters": [_FILTER]}]},
        {**_USERS, "events": [{"where": {"did": {"name": "x"}}}]},
        {**_USERS, "filters": [_FILTER]},
        {**_USERS, "where": {"filter": _FILTER}},
        {**_USERS, "breakdown": {"property": "a"}},
        {**_USERS, "granularity": "GRANULARITY_MINUTE", "timeRange": {**_DAY, "end": "2026-05-01T01:00:00Z"}},
        {**_USERS, "timezone": "Asia/Kolkata", "timeRange": {**_DAY, "end": "2026-05-09T00:00:00Z"}},
        {**_USERS, "rollingWindow": "3660s", "granularity": "GRANULARITY_HOUR"},
        {"aggregation": "AGGREGATION_COUNT_PER_USER", "visualization": "VISUALIZATION_KPI"},
        {**_STICKINESS, "stickiness": {"minEvents": 2}},
        {"visualization": "VISUALIZATION_LIFECYCLE", "events": [{"name": "x"}]},
        {**_RETENTION, "retention": {"rolling": True}},
        {**_RETENTION, "breakdown": {"property": "a"}},
        {**_RETENTION, "startingEvent": {"name": "x"}},
        {**_RETENTION, "returnEvent": {"name": "x"}},
        {**_HEATMAP, "aggregation": "AGGREGATION_COUNT"},
        {**_HEATMAP, "timezone": "Asia/Kolkata"},
    ],
)
def test_events_are_read_where_hours_do_not_tell(change: dict[str, Any]) -> None:
    assert not _reads_hours(change)


def test_who_is_in_an_audience_now_is_asked_of_events() -> None:
    assert not _reads_hours(
        _USERS, audience=ParseDict({"filter": {**_FILTER, "property": "$user.a"}}, FilterExpression())
    )


def test_what_arrived_lately_is_read_once() -> None:
    until_now = {**_KPI, "timeRange": {"start": "2026-07-01T00:00:00Z", "end": "2026-07-02T00:00:00Z"}}

    text, _ = _statement(until_now, watermark=NOW)

    assert text.count("FROM events") == 1


@pytest.mark.parametrize(
    ("start", "end", "cut"),
    [
        pytest.param("2026-05-01T00:00", "2026-05-02T00:00", [], id="whole hours"),
        pytest.param("2026-05-01T00:10", "2026-05-02T00:00", ["2026-05-01T00:00"], id="a start"),
        pytest.param(
            "2026-05-01T00:10", "2026-05-02T00:50", ["2026-05-01T00:00", "2026-05-02T00:00"], id="both"
        ),
        pytest.param("2026-07-01T00:00", "2026-07-01T09:00", [], id="until the hour of now"),
        pytest.param("2026-07-01T00:00", "2026-07-01T12:34", ["2026-07-01T09:00"], id="until later than now"),
    ],
)
def test_hours_inside_which_time_is_told_apart_are_read_from_events(
    start: str, end: str, cut: list[str]
) -> None:
    text, instants = _statement({**_KPI, "timeRange": {"start": f"{start}:00Z", "end": f"{end}:00Z"}})

    # Of each, the instant at which it ends is named nowhere else.
    begins = [datetime.fromisoformat(f"{each}+00:00") for each in cut]
    assert text.count("FROM events") == (2 if cut else 1)
    assert {each.replace(hour=each.hour + 1) for each in begins} <= instants
