"""Which questions read when persons first did something."""

from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from eventglass.planning.people import People
from insights.v1.filter_pb2 import FilterExpression
from tests.unit.asked import NOW, statement_of

_FIRST = {"name": "x", "firstTime": True}
_NEW = {"events": [_FIRST], "aggregation": "AGGREGATION_UNIQUE_USERS"}
_KPI = {"visualization": "VISUALIZATION_KPI"}
_FILTER = {"property": "a", "operator": "OPERATOR_IS_SET"}
_RETENTION: dict[str, Any] = {"visualization": "VISUALIZATION_RETENTION", "startingEvent": {"name": "x"}}


def _statement(change: dict[str, Any], **scope: Any) -> str:
    """Give the text of a question's statement."""
    return statement_of(change, **{"watermark": NOW, **scope}).text


def _reads_first_times(change: dict[str, Any], **scope: Any) -> bool:
    return "FROM first_times" in _statement(change, **scope)


@pytest.mark.parametrize(
    "change",
    [
        _NEW,
        {"events": [_FIRST]},
        {"events": [{"firstTime": True}]},
        {"events": [_FIRST, {**_FIRST, "aggregation": "AGGREGATION_UNIQUE_USERS"}], "formula": "A / B"},
        {**_NEW, "timezone": "Asia/Kolkata", "comparisons": [{"previousYear": True}]},
        {**_NEW, "rollingWindow": "604800s"},
        {**_NEW, **_KPI},
        _RETENTION,
        {**_RETENTION, "startingEvent": {}, "returnEvent": {"name": "y"}},
        {**_RETENTION, "returnEvent": {"name": "y", "filters": [_FILTER]}},
        {**_RETENTION, "returnEvent": {}, "retention": {"rolling": True}},
        {**_RETENTION, "retention": {"cohort": "RETENTION_COHORT_FIRST_EVER"}},
    ],
)
def test_first_times_are_read_where_they_tell_the_same(change: dict[str, Any]) -> None:
    assert _reads_first_times(change)
    assert not _reads_first_times(change, rollups=False)


@pytest.mark.parametrize(
    "change",
    [
        {"events": [_FIRST, {"name": "x"}]},
        {"events": [_FIRST, {"firstTime": True}]},
        {**_NEW, "filters": [_FILTER]},
        {**_NEW, "where": {"filter": _FILTER}},
        {**_NEW, "breakdown": {"property": "a"}},
        {**_NEW, "aggregation": "AGGREGATION_SUM", "aggregationProperty": "a"},
        {**_NEW, "visualization": "VISUALIZATION_TABLE"},
    ],
)
def test_first_times_tell_where_first_events_are_of_which_more_is_asked(change: dict[str, Any]) -> None:
    assert "time) IN (\n" in _statement(change)
    assert "event_id IN (\n" in _statement(change)
    assert not _reads_first_times(change, rollups=False)


def test_who_is_in_an_audience_now_is_asked_of_events() -> None:
    audience = ParseDict({"filter": {**_FILTER, "property": "$user.a"}}, FilterExpression())

    assert "event_id IN (\n" in _statement(_NEW, audience=audience)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"events": [{**_FIRST, "filters": [_FILTER]}]},
        {"events": [{**_FIRST, "where": {"did": {"name": "y"}}}]},
        {"events": [_FIRST], "aggregation": "AGGREGATION_SESSIONS"},
        {"events": [_FIRST, {"name": "y"}], "visualization": "VISUALIZATION_FUNNEL"},
        {**_RETENTION, "startingEvent": {}},
        {**_RETENTION, "startingEvent": {"name": "x", "filters": [_FILTER]}},
        {**_RETENTION, "startingEvent": _FIRST},
        {**_RETENTION, "filters": [_FILTER]},
        {**_RETENTION, "breakdown": {"property": "a"}},
        {**_RETENTION, "retention": {"cohort": "RETENTION_COHORT_FIRST_IN_RANGE"}},
        {**_RETENTION, "retention": {"cohort": "RETENTION_COHORT_RECURRING"}},
    ],
)
def test_events_are_read_where_first_times_do_not_tell(change: dict[str, Any]) -> None:
    assert not _reads_first_times(change)


@pytest.mark.parametrize(
    ("scope", "of_events"),
    [
        pytest.param({"gathered": {"first_times": 2**41}}, 0, id="nothing came since"),
        pytest.param({"gathered": {"first_times": 2**40}}, 1, id="something came since"),
        pytest.param({}, 1, id="it must be asked what came"),
        pytest.param(
            {"gathered": {"first_times": 2**41}, "people": People(version=1, merged=False, erased=True)},
            1,
            id="somebody is erased",
        ),
    ],
)
def test_events_are_read_besides_where_they_are_not_gathered(scope: dict[str, Any], of_events: int) -> None:
    assert _statement({**_NEW, **_KPI}, **scope).count("FROM events\n") == of_events


def test_a_page_looks_for_first_times_among_what_the_first_page_saw() -> None:
    text = _statement({**_NEW, "visualization": "VISUALIZATION_TABLE"})

    assert text.count("received_at <= ") == text.count("FROM events\n") == 3
