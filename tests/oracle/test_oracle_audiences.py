"""Who is in an audience (semantics 7.13 to 7.17), by hand."""

from zoneinfo import ZoneInfo

import pytest
from google.protobuf.json_format import ParseDict

from insights.v1.filter_pb2 import FilterExpression
from tests.oracle.audiences import members
from tests.oracle.building import ask, event, ms, numbers

NOW = "2024-01-10T12:00:00Z"
EVENTS = (
    event("2024-01-01T12:00:00Z", user="ann", price=5),
    event("2024-01-10T11:00:00Z", user="ann", price=50),
    event(NOW, user="bob"),
    event("2024-01-10T12:00:00.001Z", user="cyd"),
    event("2024-01-09T12:00:00Z", name="view", user="dan"),
    event("2024-01-09T12:00:00Z", name="view"),
)
CHEAP = {"property": "price", "operator": "OPERATOR_LESS_THAN", "value": 10}
BOUGHT = {"did": {"name": "buy"}}


@pytest.mark.parametrize(
    ("where", "people"),
    [
        (BOUGHT, "ann bob"),
        ({"not": BOUGHT}, "dan"),
        ({"did": {}}, "ann bob dan"),
        ({"did": {"name": "buy", "atLeast": 2}}, "ann"),
        ({"did": {"name": "buy", "atLeast": 2, "within": "3600s"}}, ""),
        ({"did": {"name": "view", "within": "86400s"}}, "dan"),
        ({"did": {"name": "view", "within": "86399.999s"}}, ""),
        ({"did": {"name": "buy", "within": "86400s"}}, "ann bob"),
        ({"did": {"name": "buy", "within": "86400s", "firstTime": True}}, "bob"),
        ({"did": {"name": "buy", "filters": [CHEAP]}}, "ann"),
        ({"did": {"where": {"not": {"filter": CHEAP}}}}, "ann bob dan"),
        ({"allOf": {"expressions": [BOUGHT, {"not": {"did": {"filters": [CHEAP]}}}]}}, "bob"),
        ({"anyOf": {"expressions": [{"did": {"name": "view"}}, {"did": {"filters": [CHEAP]}}]}}, "ann dan"),
    ],
)
def test_who_is_in_it(where: dict[str, object], people: str) -> None:
    tree = ParseDict(where, FilterExpression())

    assert members(EVENTS, tree, now=ms(NOW), zone=ZoneInfo("UTC")) == set(people.split())


def test_a_question_is_about_their_events_whenever_they_were() -> None:
    spec = {
        "timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-01-11T00:00:00Z"},
        "visualization": "VISUALIZATION_KPI",
    }
    twice = ParseDict({"did": {"name": "buy", "atLeast": 2}}, FilterExpression())

    assert numbers(ask(spec, *EVENTS, now=NOW, audience=twice)) == [2]
    assert numbers(ask({**spec, "where": {"did": {"name": "buy"}}}, *EVENTS, now=NOW)) == [1]
