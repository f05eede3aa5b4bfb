"""Ranges of centuries are planned without listing what nobody asks for."""

from datetime import UTC, datetime

from eventglass.catalog.project import Project
from eventglass.insights import funnel
from eventglass.planning import buckets
from eventglass.planning.scope import Scope
from eventglass.spec.validation import violations_of_request
from tests.unit.asked import request_of

CENTURIES = {"start": "1900-01-01T00:00:00Z", "end": "2299-01-01T00:00:00Z"}


def test_a_funnel_without_a_trend_has_no_buckets() -> None:
    request = request_of(
        {
            "visualization": "VISUALIZATION_FUNNEL",
            "events": [{"name": "a"}],
            "granularity": "GRANULARITY_MINUTE",
            "timeRange": CENTURIES,
        }
    )
    scope = Scope(project=Project(id="p"), now=datetime(2026, 7, 1, tzinfo=UTC), watermark=None, query_id="q")
    listed = buckets.edges.cache_info().misses

    assert violations_of_request(request) == []
    assert funnel.plan(request.query, scope).edges == ()
    assert buckets.edges.cache_info().misses == listed
