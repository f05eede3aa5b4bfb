"""Snapshots over the wire. Their numbers are compared with the oracle in tests/agreement/test_snapshot.py."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from eventglass.catalog.project import Access
from eventglass.spec.live import violations_of_snapshot
from events.v1.snapshot_pb2 import SnapshotRequest
from tests.live.served import Served, Tenant
from tests.patience import PATIENCE

SNAPSHOT = "/events.v1.EventsService/Snapshot"


async def _post(served: Served, tenant: Tenant, path: str, body: object) -> Any:
    async with httpx.AsyncClient(base_url=served.url, headers=tenant.headers, timeout=PATIENCE) as client:
        return (await client.post(path, json=body)).json()


def _event(name: str, user: str, page: str, *, seconds_ago: float = 5) -> dict[str, Any]:
    at = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    ids = {"anonymousId": user, "sessionId": f"s-{user}"}
    return {"name": name, **ids, "properties": {"$url": page}, "timestamp": at.isoformat()}


async def test_what_goes_on_right_now(served: Served, tenant: Tenant) -> None:
    events = [
        _event("view", "ada-phone", "https://a/"),
        _event("view", "ada-laptop", "https://a/", seconds_ago=4),
        _event("view", "bob", "https://b/", seconds_ago=3),
        _event("buy", "bob", "https://b/pay", seconds_ago=2),
        _event("view", "eve", "https://a/", seconds_ago=60),
    ]
    await _post(served, tenant, "/events.v1.EventsService/BatchCreate", {"events": events})
    for device in ("ada-phone", "ada-laptop"):
        told = {"externalId": "ada", "anonymousId": device}
        await _post(served, tenant, "/profiles.v1.ProfilesSDKService/Identify", told)

    found = await _post(served, tenant, SNAPSHOT, {"window": "30s", "limit": 2})

    assert (found["events"], found["eventsPerMinute"]) == (4, 8)
    assert (found["activeUsers"], found["activeSessions"]) == (2, 3), "two devices are one person"
    assert found["topEvents"] == [
        {"value": "view", "events": 3, "users": 2},
        {"value": "buy", "events": 1, "users": 1},
    ]
    assert found["topPages"] == [
        {"value": "https://a/", "events": 2, "users": 1},
        {"value": "https://b/", "events": 1, "users": 1},
    ]
    assert [event["name"] for event in found["latest"]] == ["buy", "view"]
    assert found["watermark"]


async def test_where_nothing_happens_everything_is_zero(served: Served, tenant: Tenant) -> None:
    found = await _post(served, tenant, SNAPSHOT, {})

    start, end = (datetime.fromisoformat(found["timeRange"][edge]) for edge in ("start", "end"))
    assert end - start == timedelta(seconds=300)
    numbers = {name: found[name] for name in ("events", "eventsPerMinute", "activeUsers", "activeSessions")}
    assert set(numbers.values()) == {0}
    assert [found[name] for name in ("topPages", "topEvents", "latest")] == [[], [], []]


@pytest.mark.parametrize(
    ("seconds", "nanos", "limit", "violations"),
    [
        (10, 0, 1, []),
        (300, 0, 100, []),
        (9, 999_000_000, 0, [("window", "OUT_OF_RANGE")]),
        (300, 1_000_000, 101, [("window", "OUT_OF_RANGE"), ("limit", "OUT_OF_RANGE")]),
        (10, 1, -1, [("window", "TOO_FINE"), ("limit", "OUT_OF_RANGE")]),
        (-(10**11), 0, 0, [("window", "OUT_OF_RANGE")]),
        (9, 1_000_000_000, 0, [("window", "OUT_OF_RANGE")]),
        (11, -1_000_000_000, 0, [("window", "OUT_OF_RANGE")]),
    ],
)
def test_bounds(seconds: int, nanos: int, limit: int, violations: list[tuple[str, str]]) -> None:
    request = SnapshotRequest(limit=limit)
    request.window.seconds, request.window.nanos = seconds, nanos

    assert [(each.field, each.code) for each in violations_of_snapshot(request)] == violations


async def test_what_an_event_does_not_say_is_refused(served: Served, tenant: Tenant) -> None:
    error = await _post(served, tenant, SNAPSHOT, {"pageProperty": "$user.plan"})

    assert (error["code"], "$user.plan" in error["message"]) == ("invalid_argument", True)


async def test_a_key_that_may_only_watch_may_not_count(served: Served) -> None:
    tenant = served.tenant(frozenset({Access.STREAM}))

    error = await _post(served, tenant, SNAPSHOT, {})

    assert error["details"][0]["debug"]["reason"] == "ACCESS_MISSING"
