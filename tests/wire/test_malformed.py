"""Malformed requests to the real server: INVALID_ARGUMENT, and every field that is wrong."""

import json

import httpx
import pytest

from tests.patience import PATIENCE
from tests.wire.callers import QUERY
from tests.wire.servers import Demo

_RANGE = {"start": "2026-05-01T00:00:00Z", "end": "2026-06-01T00:00:00Z"}


def _spec(**fields: object) -> bytes:
    return json.dumps({"query": {"events": [{"name": "page_view"}], "timeRange": _RANGE, **fields}}).encode()


def _filter(operator: str, value: object = None) -> dict[str, object]:
    return {"property": "plan", "operator": f"OPERATOR_{operator}", "value": value}


def _nested(depth: int) -> object:
    """A tree of so many nodes, one in the other."""
    leaf: dict[str, object] = {"filter": _filter("EQUALS", "pro")}
    for _ in range(depth - 1):
        leaf = {"not": leaf}
    return leaf


# What is sent, and the fields that are named.
MALFORMED: dict[str, tuple[bytes, set[str]]] = {
    "broken json": (b'{"query": {"events": [}', {""}),
    "no query": (b"{}", {"query"}),
    "no time range": (b'{"query": {}}', {"query.time_range"}),
    "unknown enum value": (_spec(granularity="GRANULARITY_DECADE"), {"query.granularity"}),
    "unknown field": (_spec(timezoen="UTC"), {"query.timezoen"}),
    "wrong type": (_spec(events="page_view"), {"query.events"}),
    "sum without property": (_spec(aggregation="AGGREGATION_SUM"), {"query.aggregation_property"}),
    "property without sum": (_spec(aggregationProperty="price"), {"query.aggregation_property"}),
    "end before start": (
        _spec(timeRange={"start": _RANGE["end"], "end": _RANGE["start"]}),
        {"query.time_range.end"},
    ),
    "no instant": (_spec(timeRange={"start": "May", "end": _RANGE["end"]}), {"query.time_range.start"}),
    "unknown zone": (_spec(timezone="Europe/Atlantis"), {"query.timezone"}),
    "tree 17 deep": (_spec(where=_nested(17)), {"query.where" + ".not" * 16}),
    "empty tree node": (_spec(where={}), {"query.where"}),
    "empty in": (_spec(filters=[_filter("IN", [])]), {"query.filters[0].value"}),
    "in of no list": (_spec(filters=[_filter("IN", "pro")]), {"query.filters[0].value"}),
    "between of three": (_spec(filters=[_filter("BETWEEN", [1, 2, 3])]), {"query.filters[0].value"}),
    "broken pattern": (_spec(filters=[_filter("MATCHES", "(")]), {"query.filters[0].value"}),
    "filter without property": (
        _spec(filters=[{"operator": "OPERATOR_IS_SET"}]),
        {"query.filters[0].property"},
    ),
    "filter without operator": (_spec(filters=[{"property": "plan"}]), {"query.filters[0].operator"}),
    "hours over 100 years": (
        _spec(
            granularity="GRANULARITY_HOUR",
            timeRange={"start": "1926-01-01T00:00:00Z", "end": "2026-01-01T00:00:00Z"},
        ),
        {"query.granularity"},
    ),
    "broken formula": (_spec(formula="A +"), {"query.formula"}),
    "formula of what is not there": (_spec(formula="A / B"), {"query.formula"}),
    "edges out of order": (
        _spec(breakdown={"property": "price", "buckets": [3, 2]}),
        {"query.breakdown.buckets"},
    ),
    "limit too large": (_spec(breakdown={"property": "plan", "limit": 1001}), {"query.breakdown.limit"}),
    "27 series": (_spec(events=[{"name": "a"}] * 27), {"query.events"}),
    "options of another kind": (_spec(funnel={"withinRange": True}), {"query.funnel"}),
    "two comparisons of one label": (
        _spec(comparisons=[{"previousPeriod": True}, {"previousPeriod": True}]),
        {"query.comparisons[1].label"},
    ),
    "everything at once": (
        _spec(
            granularity="DAY",
            timezone="Europe/Atlantis",
            formula="A +",
            filters=[_filter("IN", []), {"property": 7, "operator": "OPERATOR_IS_SET"}],
        ),
        {
            "query.granularity",
            "query.timezone",
            "query.formula",
            "query.filters[0].value",
            "query.filters[1].property",
        },
    ),
}


@pytest.mark.parametrize(("body", "fields"), MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_malformed_request(demo: Demo, body: bytes, fields: set[str]) -> None:
    async with httpx.AsyncClient(base_url=demo.url, headers=demo.headers, timeout=PATIENCE) as client:
        answer = await client.post(QUERY, content=body, headers={"content-type": "application/json"})

    error = answer.json()
    assert (answer.status_code, error["code"]) == (400, "invalid_argument"), answer.text
    details = {detail["type"]: detail["debug"] for detail in error["details"]}
    violations = details["google.rpc.BadRequest"]["fieldViolations"]
    assert {violation.get("field", "") for violation in violations} == fields
    assert details["google.rpc.ErrorInfo"]["reason"] == violations[0]["reason"]
    assert all(len(violation["description"]) > 10 for violation in violations)
