"""The two public examples that every client sends as they stand, and what the demo events make of them."""

ACTIVE_USERS = (
    '{ "query": { "events": [ { "name": "page_view" } ], "timeRange": { "start": "2026-05-01T00:00:00Z", '
    '"end": "2026-06-01T00:00:00Z" }, "granularity": "GRANULARITY_DAY", "aggregation": '
    '"AGGREGATION_UNIQUE_USERS", "breakdown": { "property": "$geo.country" }, "filters": [ { "property": '
    '"plan", "operator": "OPERATOR_EQUALS", "value": "pro" } ] } }'
)
REVENUE = (
    '{ "query": { "events": [{ "name": "purchase" }], "timeRange": { "start": "2026-05-01T00:00:00Z", "end": '
    '"2026-06-01T00:00:00Z" }, "granularity": "GRANULARITY_DAY", "aggregation": "AGGREGATION_SUM", '
    '"aggregationProperty": "revenue", "breakdown": { "property": "$geo.country" } } }'
)

# Of the points that are not 0: country, day and value. There are 31 days for each of two countries.
Point = tuple[str, str, float]
EXPECTED: dict[str, list[Point]] = {
    ACTIVE_USERS: [("DE", "2026-05-01", 1), ("DE", "2026-05-02", 1), ("FR", "2026-05-01", 1)],
    REVENUE: [("FR", "2026-05-01", 7.25), ("FR", "2026-05-02", 100), ("DE", "2026-05-01", 15)],
}
EXPECTED_POINTS = 62


def points_of(answer: dict[str, object]) -> list[Point]:
    """Read an answer in the documented shape: `series[] {timestamp, value, breakdown?}`."""
    series = answer["series"]
    assert isinstance(series, list)
    assert len(series) == EXPECTED_POINTS
    return [
        (point["breakdown"], point["timestamp"][:10], point["value"]) for point in series if point["value"]
    ]
