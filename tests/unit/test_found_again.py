"""Which questions are found again among kept answers, as docs/operations.md says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from eventglass.catalog.project import Project
from eventglass.insights.registry import insight_of
from eventglass.planning.scope import Scope
from eventglass.sql.statement import Statement
from insights.v1.filter_pb2 import FilterExpression
from tests.unit.asked import request_of

_USERS = {"aggregation": "AGGREGATION_UNIQUE_USERS"}
_FUNNEL = {"visualization": "VISUALIZATION_FUNNEL", "events": [{"name": "a"}, {"name": "b"}]}
_PATHS = {"visualization": "VISUALIZATION_PATHS"}
_START = {"startingEvent": {"name": "a"}}
_NOW = datetime(2026, 7, 1, tzinfo=UTC)
_ARRIVED = datetime(2026, 6, 30, tzinfo=UTC)


def _statement(change: dict[str, Any], now: datetime, **scope: Any) -> Statement:
    spec = request_of(change).query
    insight = insight_of(spec)
    asked = Scope(**{"project": Project(id="p"), "now": now, "watermark": _ARRIVED, "query_id": "q", **scope})
    return insight.to_sql(insight.plan(spec, asked))


def _is_found_again(change: dict[str, Any], **scope: Any) -> bool:
    later = _NOW.replace(second=1)
    return _statement(change, _NOW, **scope) == _statement(change, later, **scope)


@pytest.mark.parametrize(
    "change",
    [
        {},
        _USERS,
        {**_USERS, "breakdown": {"property": "a"}, "comparisons": [{"previousYear": True}]},
        {**_USERS, "rollingWindow": "604800s"},
        {"visualization": "VISUALIZATION_KPI"},
        {"visualization": "VISUALIZATION_TABLE", "breakdown": {"property": "a"}},
        {"visualization": "VISUALIZATION_RETENTION", **_START},
        {"visualization": "VISUALIZATION_LIFECYCLE"},
        {"visualization": "VISUALIZATION_STICKINESS"},
        {"visualization": "VISUALIZATION_HEATMAP"},
        {**_PATHS, "paths": {"by": "PATHS_BY_USERS"}},
        _PATHS,
        _FUNNEL,
        {**_FUNNEL, "conversionWindow": "5184000s"},
        {"aggregation": "AGGREGATION_SESSIONS"},
        {
            "visualization": "VISUALIZATION_DISTRIBUTION",
            "distribution": {"of": "DISTRIBUTION_OF_SESSION_LENGTH"},
        },
        {"breakdown": {"property": "$session.entry.a"}},
        {"breakdown": {"property": "$session.exit.a"}},
        {"breakdown": {"property": "$user.a"}},
        {"breakdown": {"property": "$user_at_event.a"}},
        {"events": [{"name": "a", "firstTime": True}]},
        {"where": {"did": {"name": "a"}}},
        {"where": {"did": {"name": "a", "within": "86400s"}}},
    ],
)
@pytest.mark.parametrize("end", ["2026-06-01T00:00:00Z", "2026-08-01T00:00:00Z"])
def test_while_nothing_arrives(change: dict[str, Any], end: str) -> None:
    assert _is_found_again({"timeRange": {"start": "2026-05-01T00:00:00Z", "end": end}, **change})


@pytest.mark.parametrize(("within", "is_found_again"), [(None, True), ("86400s", False)])
def test_of_an_audience_by_whether_time_ends_what_is_asked(within: str | None, is_found_again: bool) -> None:
    anybody = FilterExpression()
    anybody.did.name = "a"
    if within:
        anybody.did.within.FromJsonString(within)

    assert _is_found_again({"audienceId": "any"}, audience=anybody) == is_found_again


def test_events_of_a_server_whose_clock_is_ahead_count_when_their_time_has_come() -> None:
    open_range = {"timeRange": {"start": "2026-05-01T00:00:00Z", "end": "2026-08-01T00:00:00Z"}}

    assert not _is_found_again(open_range, watermark=_NOW.replace(minute=1))
