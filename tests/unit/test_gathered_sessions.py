"""Which questions read what is gathered of sessions."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from eventglass.planning.people import People
from insights.v1.filter_pb2 import FilterExpression
from tests.unit.asked import NOW, statement_of

_SESSIONS = {"aggregation": "AGGREGATION_SESSIONS"}
_BOUNCES = {"aggregation": "AGGREGATION_BOUNCE_RATE"}
_LENGTHS = {
    "visualization": "VISUALIZATION_DISTRIBUTION",
    "distribution": {"of": "DISTRIBUTION_OF_SESSION_LENGTH"},
}
_KPI = {"visualization": "VISUALIZATION_KPI"}
_FILTER = {"property": "a", "operator": "OPERATOR_IS_SET"}
_ENTRY = {"property": "$session.entry.a", "operator": "OPERATOR_IS_SET"}
_DAY = {"start": "2026-05-01T00:00:00Z", "end": "2026-05-02T00:00:00Z"}


def _statement(change: dict[str, Any], **scope: Any) -> str:
    """Give the text of a question's statement."""
    return statement_of({"timeRange": _DAY, **change}, **scope).text


def _reads_gathered(change: dict[str, Any], **scope: Any) -> bool:
    return "least_late" in _statement(change, **scope)


@pytest.mark.parametrize(
    "change",
    [
        _SESSIONS,
        {"aggregation": "AGGREGATION_AVERAGE_SESSION_DURATION"},
        _BOUNCES,
        {"events": [_SESSIONS, _BOUNCES], "formula": "A * B"},
        {**_SESSIONS, "events": [{}, {"label": "all"}]},
        # Whatever stands beside them.
        {"events": [_SESSIONS, {"name": "x", "filters": [_FILTER]}]},
        {
            **_SESSIONS,
            "granularity": "GRANULARITY_MINUTE",
            "timeRange": {**_DAY, "end": "2026-05-01T01:00:00Z"},
        },
        {**_SESSIONS, "timezone": "Asia/Kolkata"},
        {**_SESSIONS, "comparisons": [{"previousYear": True}, {"previousPeriod": True}]},
        {**_KPI, **_BOUNCES},
        _LENGTHS,
        {**_LENGTHS, "events": [{}]},
    ],
)
def test_what_is_gathered_is_read_where_it_tells_the_same(change: dict[str, Any]) -> None:
    assert _reads_gathered(change)
    assert not _reads_gathered(change, rollups=False)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"aggregation": "AGGREGATION_UNIQUE_SESSIONS"},
        {"aggregation": "AGGREGATION_EVENTS_PER_SESSION"},
        {"events": [_SESSIONS, {"aggregation": "AGGREGATION_EVENTS_PER_SESSION"}]},
        {**_SESSIONS, "events": [{"name": "x"}]},
        {**_SESSIONS, "events": [{}, {"name": "x"}]},
        {**_SESSIONS, "events": [{"firstTime": True}]},
        {**_SESSIONS, "events": [{"filters": [_FILTER]}]},
        {**_SESSIONS, "events": [{"where": {"did": {"name": "x"}}}]},
        {**_SESSIONS, "filters": [_FILTER]},
        {**_SESSIONS, "filters": [_ENTRY]},
        {**_SESSIONS, "where": {"filter": _FILTER}},
        {**_SESSIONS, "breakdown": {"property": "a"}},
        {**_SESSIONS, "breakdown": {"property": "$session.entry.a"}},
        {**_SESSIONS, "visualization": "VISUALIZATION_TABLE", "breakdown": {"property": "a"}},
        {**_LENGTHS, "events": [{"name": "x"}]},
        {**_LENGTHS, "filters": [_FILTER]},
        {**_LENGTHS, "distribution": {"of": "DISTRIBUTION_OF_EVENTS_PER_USER"}},
    ],
)
def test_events_are_read_where_that_does_not_tell(change: dict[str, Any]) -> None:
    assert not _reads_gathered(change)


def test_who_is_in_an_audience_now_is_asked_of_events() -> None:
    assert not _reads_gathered(
        _SESSIONS, audience=ParseDict({"filter": {**_FILTER, "property": "$user.a"}}, FilterExpression())
    )


@pytest.mark.parametrize("is_known", [False, True])
def test_what_is_asked_of_persons_is_left_out_where_there_is_nothing_to_ask(is_known: bool) -> None:
    text = _statement(_BOUNCES, people=People(version=1, merged=is_known, erased=is_known))

    assert ("FROM erasures" in text, "FROM person_ids" in text, "min(own)" in text) == (is_known,) * 3


@pytest.mark.parametrize(
    ("newest", "is_erased", "reads"),
    [
        pytest.param(NOW, False, False, id="nothing is later"),
        pytest.param(NOW, True, True, id="somebody is erased"),
        pytest.param(NOW + timedelta(minutes=1), False, True, id="another server's clock is ahead"),
        pytest.param(None, False, True, id="unknown"),
    ],
)
def test_parts_of_rows_are_looked_for_where_there_may_be_some(
    newest: datetime | None, is_erased: bool, reads: bool
) -> None:
    people = People(version=1, merged=False, erased=is_erased)

    text = _statement(_BOUNCES, people=people, watermark=newest)

    assert ("SELECT day, session, person" in text) == reads
