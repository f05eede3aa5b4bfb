"""Every kind of insight has its pieces, so that one cannot be forgotten."""

from pathlib import Path

import pytest

from eventglass.insights.insight import Insight
from eventglass.insights.registry import INSIGHTS
from eventglass.spec.fields import USED
from insights.v1.query_spec_pb2 import QuerySpec, Visualization

PAGES = Path(__file__).parents[2] / "docs" / "insights"


def test_every_visualization_says_what_it_uses() -> None:
    assert set(USED) == set(Visualization.values())


def test_every_visualization_is_answered() -> None:
    assert set(INSIGHTS) == set(Visualization.values())


def test_every_field_of_a_spec_is_used_by_some_visualization() -> None:
    always = {"time_range", "granularity", "aggregation", "filters", "where", "visualization"}
    used = {name for uses in USED.values() for name in uses.fields}

    assert set(QuerySpec.DESCRIPTOR.fields_by_name) == used | always | {"timezone", "audience_id"}


@pytest.mark.parametrize("insight", INSIGHTS.values(), ids=map(Visualization.Name, INSIGHTS))
def test_every_kind_is_a_file_with_a_page(insight: Insight[object]) -> None:
    modules = {each.__module__ for each in (insight.plan, insight.to_sql, insight.shape)}

    assert len(modules) == 1
    assert (PAGES / f"{modules.pop().rpartition('.')[2]}.md").exists()
