"""Which questions read how many events there were in which hour, and which hours they read from events."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from eventglass.catalog.project import Project
from eventglass.planning.counted import Counted
from eventglass.planning.event_hours import event_hours
from eventglass.planning.scope import Scope
from eventglass.planning.selection import select
from insights.v1.filter_pb2 import FilterExpression
from tests.unit.asked import NOW, request_of, statement_of

_FILTER = {"property": "a", "operator": "OPERATOR_IS_SET"}
_NAMED = {"property": "$event_name", "operator": "OPERATOR_EQUALS", "value": "x"}
_KPI = {"visualization": "VISUALIZATION_KPI"}
_HEATMAP = {"visualization": "VISUALIZATION_HEATMAP"}
_TABLE = {"visualization": "VISUALIZATION_TABLE"}
_DAY = {"start": "2026-05-01T00:00:00Z", "end": "2026-05-02T00:00:00Z"}
_COUNTED = Counted(edition=3, calls=(5, 7), until=1_782_000_000_000)
_OF_VALUES = replace(_COUNTED, properties=frozenset("ab"), summed=frozenset("abn"))
_SUM = {"aggregation": "AGGREGATION_SUM", "aggregationProperty": "n"}


def _statement(change: dict[str, Any], **scope: Any) -> str:
    """Give the text of a question's statement."""
    circumstances = {"watermark": NOW, "counted": _COUNTED, **scope}
    return statement_of({"timeRange": _DAY, **change}, **circumstances).text


def _reads_counts(change: dict[str, Any], **scope: Any) -> bool:
    return "FROM event_hours" in _statement(change, **scope)


def _reads_values(change: dict[str, Any], **scope: Any) -> bool:
    text = _statement(change, **{"counted": _OF_VALUES, "promoted": frozenset("abn"), **scope})
    return "FROM property_hours" in text


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"events": [{"name": "x"}]},
        {"events": [{"name": "x"}, {}, {"name": "x"}], "formula": "A / B"},
        {"events": [{"name": "x", "aggregation": "AGGREGATION_COUNT"}]},
        {"granularity": "GRANULARITY_HOUR", "visualization": "VISUALIZATION_BAR"},
        {"comparisons": [{"previousYear": True}, {"previousPeriod": True}]},
        {"timezone": "Europe/Berlin", "granularity": "GRANULARITY_MONTH"},
        {"breakdown": {"property": "$event_name", "limit": 2}},
        _KPI,
        {**_KPI, "timezone": "Asia/Kolkata"},
        _HEATMAP,
        {**_HEATMAP, "events": [{"name": "x"}], "timezone": "Europe/Berlin"},
        _TABLE,
        {**_TABLE, "breakdown": {"property": "$event_name"}},
        {"filters": [_NAMED]},
    ],
)
def test_counts_are_read_where_they_tell_the_same(change: dict[str, Any]) -> None:
    assert _reads_counts(change)
    assert not _reads_counts(change, rollups=False)
    assert not _reads_counts(change, counted=None)


@pytest.mark.parametrize(
    "change",
    [
        {"aggregation": "AGGREGATION_COUNT_PER_USER"},
        {"aggregation": "AGGREGATION_UNIQUE_USERS"},
        {"events": [{}, {"aggregation": "AGGREGATION_UNIQUE_USERS"}]},
        {"events": [{"firstTime": True}]},
        {"events": [{"filters": [_FILTER]}]},
        {"events": [{"where": {"did": {"name": "x"}}}]},
        {"filters": [_FILTER]},
        {"where": {"filter": _FILTER}},
        {"breakdown": {"property": "a"}},
        {"breakdown": {"property": "$event_name", "thenBy": ["a"]}},
        {"breakdown": {"property": "$event_name", "buckets": [1]}},
        {"granularity": "GRANULARITY_MINUTE", "timeRange": {**_DAY, "end": "2026-05-01T01:00:00Z"}},
        {"timezone": "Asia/Kolkata", "timeRange": {**_DAY, "end": "2026-05-09T00:00:00Z"}},
        {**_HEATMAP, "timezone": "Asia/Kolkata"},
        {**_HEATMAP, "filters": [_FILTER]},
        {"visualization": "VISUALIZATION_STICKINESS"},
    ],
)
def test_events_are_read_where_counts_do_not_tell(change: dict[str, Any]) -> None:
    assert not _reads_counts(change)


@pytest.mark.parametrize(
    "change",
    [
        {"filters": [_FILTER]},
        {"where": {"not": {"anyOf": {"expressions": [{"filter": _FILTER}, {"filter": _NAMED}]}}}},
        {"events": [{"filters": [_FILTER]}, {"name": "x"}], "formula": "A / B"},
        {"breakdown": {"property": "a"}},
        {"breakdown": {"property": "a", "buckets": [1, 2], "thenBy": ["$event_name"]}, "filters": [_FILTER]},
        {**_TABLE, "breakdown": {"property": "a"}},
        {**_KPI, "filters": [_FILTER], "comparisons": [{"previousPeriod": True}]},
        {**_HEATMAP, "filters": [_FILTER]},
        {**_SUM, "breakdown": {"property": "a"}},
        {**_SUM, **_KPI, "filters": [_FILTER]},
        {
            "events": [{"filters": [_FILTER]}, {**_SUM, "aggregation": "AGGREGATION_AVERAGE"}],
            "formula": "A / B",
        },
        {**_SUM, "aggregationProperty": "a", "breakdown": {"property": "b"}},
    ],
)
def test_counts_of_values_are_read_where_one_property_is_asked_for(change: dict[str, Any]) -> None:
    assert _reads_values(change)
    assert not _reads_values(change, rollups=False)
    assert not _reads_values(change, counted=_COUNTED)
    assert not _reads_values(change, promoted=frozenset("b"))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"filters": [_FILTER, {**_FILTER, "property": "b"}]},
        {"filters": [_FILTER], "breakdown": {"property": "b"}},
        {"filters": [{**_FILTER, "property": "c"}]},
        {"filters": [{**_FILTER, "property": "$user.a"}]},
        {"filters": [{**_FILTER, "property": "$session.entry.a"}]},
        {"filters": [_FILTER, {**_FILTER, "property": "$person_id"}]},
        {"filters": [_FILTER], "where": {"did": {"name": "x"}}},
        {**_SUM, "filters": [_FILTER], "aggregationProperty": "c"},
        {**_SUM, "filters": [_FILTER], "aggregationProperty": "$user.a"},
        {**_SUM, "filters": [_FILTER], "aggregation": "AGGREGATION_MAX"},
        {"events": [{"filters": [_FILTER]}, {"filters": [{**_FILTER, "property": "b"}]}]},
        {"breakdown": {"property": "$event_name", "thenBy": ["a"], "buckets": [1]}},
    ],
)
def test_counts_of_values_are_not_read_for_more_than_one_property(change: dict[str, Any]) -> None:
    assert not _reads_values(change)


@pytest.mark.parametrize("aggregation", ["SUM", "AVERAGE"])
def test_sums_are_read_where_numbers_are_summed(aggregation: str) -> None:
    asked = {**_SUM, "aggregation": f"AGGREGATION_{aggregation}"}
    promoted = frozenset("n")

    assert _reads_counts(asked, counted=_OF_VALUES, promoted=promoted)
    assert not _reads_counts(asked, promoted=promoted)
    assert not _reads_counts(asked, counted=_OF_VALUES)


@pytest.mark.parametrize(
    ("first_page", "newest", "reads"),
    [
        (0, 5, True),
        (-1, 5, True),
        (-2, 5, False),
        (-2, -1, False),
        (-2, -2, True),
        (-9, -9, True),
        (-9, 9, False),
    ],
)
def test_a_table_reads_no_counts_of_what_came_after_its_first_page(
    first_page: int, newest: int, *, reads: bool
) -> None:
    """Counts are of what arrived before their mark; arrivals here are told in milliseconds after that."""
    watermark = datetime.fromtimestamp(_COUNTED.until // 1000, UTC) + timedelta(milliseconds=newest)
    scope = Scope(project=Project(id="p"), query_id="q", now=NOW, watermark=watermark, counted=_COUNTED)
    selection = select(request_of({"timeRange": _DAY, **_TABLE}).query, scope)
    instants = [selection.ranges[0].start, selection.ranges[0].end]

    found = event_hours(selection, instants, arrived_until=_COUNTED.until + first_page)

    assert (found is not None) == reads


def test_who_is_in_an_audience_now_is_asked_of_events() -> None:
    audience = ParseDict({"filter": {**_FILTER, "property": "$user.a"}}, FilterExpression())

    assert not _reads_counts({}, audience=audience)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param("2026-05-01T00:00", "2026-05-02T00:00", 0, id="whole hours"),
        pytest.param("2026-05-01T00:10", "2026-05-02T00:00", 1, id="a start"),
        pytest.param("2026-05-01T00:10", "2026-05-02T00:50", 2, id="both"),
        pytest.param("2026-07-01T00:00", "2026-07-01T09:00", 0, id="until the hour of now"),
        pytest.param("2026-07-01T00:00", "2026-07-01T09:29", 1, id="until shortly before now"),
        pytest.param("2026-07-01T00:00", "2026-07-01T12:34", 0, id="until later than now"),
    ],
)
def test_hours_inside_which_time_is_told_apart_are_read_from_events(start: str, end: str, hours: int) -> None:
    text = _statement({**_KPI, "timeRange": {"start": f"{start}:00Z", "end": f"{end}:00Z"}})

    # What came late is read from events, too, but for these hours.
    assert text.count("FROM events\n") == (2 if hours else 1)
    assert text.count("NOT (toDate32(time) = ") == hours


@pytest.mark.parametrize(
    ("newest", "hours"),
    [
        pytest.param(NOW - timedelta(minutes=5), 0, id="nothing is later"),
        pytest.param(NOW, 0, id="just now"),
        pytest.param(NOW + timedelta(minutes=1), 1, id="another server's clock is ahead"),
    ],
)
def test_the_latest_hour_is_read_as_it_is_gathered_where_nothing_is_later(
    newest: datetime, hours: int
) -> None:
    until_now = {"start": "2026-07-01T00:00:00Z", "end": "2026-07-02T00:00:00Z"}

    text = _statement({**_KPI, "timeRange": until_now}, watermark=newest)

    assert text.count("NOT (toDate32(time) = ") == hours
