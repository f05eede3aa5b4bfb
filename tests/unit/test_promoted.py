"""A plan names promoted properties as such, wherever it names them, and stays itself where it names none."""

from datetime import UTC, datetime

import pytest
from google.protobuf.json_format import ParseDict

from eventglass.catalog.project import Project
from eventglass.insights.registry import insight_of
from eventglass.planning.promoted import with_promoted
from eventglass.planning.properties import EventProperty, Fact, SessionEnd, SessionValue, Trait
from eventglass.planning.scope import Scope
from insights.v1.query_spec_pb2 import QuerySpec

PLAN, PROMOTED = EventProperty("plan"), EventProperty("plan", promoted=True)
NAMES = frozenset({"plan"})
RANGE = {"start": "2026-05-01T00:00:00Z", "end": "2026-05-31T00:00:00Z"}


@pytest.mark.parametrize(
    ("part", "promoted"),
    [
        (PLAN, PROMOTED),
        ((Fact.EVENT_NAME, PLAN), (Fact.EVENT_NAME, PROMOTED)),
        (((EventProperty("other"),), (PLAN,)), ((EventProperty("other"),), (PROMOTED,))),
        (SessionValue(SessionEnd.ENTRY, PLAN), SessionValue(SessionEnd.ENTRY, PROMOTED)),
    ],
)
def test_properties_are_found_wherever_they_are(part: object, promoted: object) -> None:
    assert with_promoted(part, NAMES) == promoted


@pytest.mark.parametrize(
    "part", [EventProperty("other"), Trait("plan", at_event=False), ("plan", "pro"), (1, 2), (), None, "plan"]
)
def test_all_else_stays_itself(part: object) -> None:
    assert with_promoted(part, NAMES) is part


@pytest.mark.parametrize(
    "spec",
    [
        {"breakdown": {"property": "other", "thenBy": ["plan"]}},
        {"where": {"not": {"filter": {"property": "plan", "operator": "OPERATOR_IS_SET"}}}},
        {"events": [{"name": "a", "aggregation": "AGGREGATION_SUM", "aggregationProperty": "plan"}]},
        {"visualization": "VISUALIZATION_PATHS", "paths": {"nodeProperty": "plan"}},
        {
            "visualization": "VISUALIZATION_FUNNEL",
            "events": [{"name": "a"}, {"name": "b"}],
            "funnel": {"holdConstant": ["plan"]},
        },
    ],
)
def test_every_place_of_a_spec_is_read_from_its_column(spec: dict[str, object]) -> None:
    asked = ParseDict({"timeRange": RANGE, **spec}, QuerySpec())
    scope = Scope(
        project=Project(id="p"), now=datetime(2026, 7, 1, tzinfo=UTC), watermark=None, query_id="test"
    )
    insight = insight_of(asked)
    plan = insight.plan(asked, scope)

    read = insight.to_sql(with_promoted(plan, NAMES)).text

    assert "promoted_plan" in read
    assert "properties.`plan`" not in read
    assert "properties.`plan`" in insight.to_sql(plan).text
    assert with_promoted(plan, frozenset({"nobody asks"})) is plan
