"""Audiences by every protocol, what is refused, and questions that name one."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
import httpx
import pytest
import pytest_asyncio
from connectrpc.compat import google_protobuf_binary_codec
from connectrpc.protocol import ProtocolType
from google.protobuf.json_format import ParseDict

from audiences.v1.audiences_service_connect import AudiencesServiceClient
from audiences.v1.audiences_service_pb2 import (
    CreateRequest,
    DeleteRequest,
    EstimateSizeRequest,
    GetRequest,
    ListRequest,
    UpdateRequest,
)
from audiences.v1.audiences_service_pb2_grpc import AudiencesServiceStub
from tests.patience import PATIENCE
from tests.wire.fakes import READ, WRITE
from tests.wire.servers import Demo

SERVICE = "/audiences.v1.AudiencesService"
QUERY = "/insights.v1.InsightsService/Query"

# Ada and Bob have bought for more than 100 together, but only Bob at once.
BIG = {
    "did": {
        "name": "purchase",
        "filters": [{"property": "revenue", "operator": "OPERATOR_GREATER_OR_EQUAL", "value": 100}],
    }
}
CREATE = ParseDict({"name": "Big spenders", "where": BIG}, CreateRequest())


@pytest_asyncio.fixture
async def client(demo: Demo) -> AsyncIterator[httpx.AsyncClient]:
    """A client that leaves no audience behind."""
    async with httpx.AsyncClient(base_url=demo.url, headers=demo.headers, timeout=PATIENCE) as made:
        yield made
        listed = await made.post(f"{SERVICE}/List", json={})
        for each in listed.json()["audiences"]:
            await made.post(f"{SERVICE}/Delete", json={"id": each["id"]})


async def create(client: httpx.AsyncClient, name: str = "Big spenders", where: dict[str, Any] = BIG) -> str:
    reply = await client.post(f"{SERVICE}/Create", json={"name": name, "where": where})
    assert reply.status_code == 200, reply.text
    return str(reply.json()["audience"]["id"])


async def test_who_is_in_it_can_be_sent_back_as_it_was_read(client: httpx.AsyncClient) -> None:
    made = await create(client)

    read = (await client.post(f"{SERVICE}/Get", json={"id": made})).json()["audience"]
    again = await client.post(f"{SERVICE}/Update", json={"id": made, "where": read["where"]})

    assert read["where"]["did"]["filters"][0]["value"] == 100
    assert again.status_code == 200, again.text
    assert again.json()["audience"]["where"] == read["where"]


@pytest.mark.parametrize("protocol", [ProtocolType.CONNECT, ProtocolType.GRPC_WEB])
async def test_a_life_by_http(protocol: ProtocolType, demo: Demo) -> None:
    service = AudiencesServiceClient(
        demo.url,
        codec=google_protobuf_binary_codec(),
        protocol=protocol,
        timeout_ms=round(1_000 * PATIENCE),
    )
    async with service:
        made = (await service.create(CREATE, headers=demo.headers)).audience
        got = (await service.get(GetRequest(id=made.id), headers=demo.headers)).audience
        renamed = await service.update(UpdateRequest(id=made.id, name="Spenders"), headers=demo.headers)
        listed = await service.list(ListRequest(), headers=demo.headers)
        size = await service.estimate_size(EstimateSizeRequest(id=made.id), headers=demo.headers)
        await service.delete(DeleteRequest(id=made.id), headers=demo.headers)
        after = await service.list(ListRequest(), headers=demo.headers)

    assert got == made
    assert (renamed.audience.name, renamed.audience.where) == ("Spenders", CREATE.where)
    assert [each.id for each in listed.audiences] == [made.id]
    assert (size.size, size.total) == (1, 2)
    assert not after.audiences


async def test_a_life_by_grpc(demo: Demo) -> None:
    headers = tuple(demo.headers.items())
    async with grpc.aio.insecure_channel(f"127.0.0.1:{demo.ports.grpc}") as channel:
        stub = AudiencesServiceStub(channel)  # type: ignore[no-untyped-call]
        made = (await stub.Create(CREATE, metadata=headers)).audience
        size = await stub.EstimateSize(EstimateSizeRequest(id=made.id), metadata=headers)
        await stub.Delete(DeleteRequest(id=made.id), metadata=headers)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await stub.Get(GetRequest(id=made.id), metadata=headers)

    assert (size.size, size.total) == (1, 2)
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


async def test_a_question_about_an_audience(client: httpx.AsyncClient) -> None:
    audience = await create(client)
    asked = _asked(audience)

    everybody = await client.post(QUERY, json={"query": _asked("")})
    they = await client.post(QUERY, json={"query": asked})
    await client.post(f"{SERVICE}/Update", json={"id": audience, "where": {"not": BIG}})
    others = await client.post(QUERY, json={"query": asked})
    await client.post(f"{SERVICE}/Delete", json={"id": audience})
    nobody = await client.post(QUERY, json={"query": asked})

    found = [each.json()["kpis"][0]["value"] for each in (everybody, they, others)]
    assert found == [9, 4, 5]
    assert (nobody.status_code, _violations(nobody)) == (400, [("query.audience_id", "UNKNOWN_AUDIENCE")])


async def test_everything_that_is_wrong_with_a_question_is_told(client: httpx.AsyncClient) -> None:
    wrong = {**_asked("another project's"), "formula": "A +"}

    refused = await client.post(QUERY, json={"query": wrong})

    assert _violations(refused) == [
        ("query.formula", "INVALID_FORMULA"),
        ("query.audience_id", "UNKNOWN_AUDIENCE"),
    ]


async def test_pages_of_audiences(client: httpx.AsyncClient) -> None:
    for name in ("c", "a", "b"):
        await create(client, name)

    first = (await client.post(f"{SERVICE}/List", json={"pageSize": 2})).json()
    token = first["nextPageToken"]
    second = (await client.post(f"{SERVICE}/List", json={"pageSize": 2, "pageToken": token})).json()

    assert [each["name"] for each in first["audiences"]] == ["a", "b"]
    assert [each["name"] for each in second["audiences"]] == ["c"]
    assert second["nextPageToken"] == ""


async def test_a_name_is_taken_once(client: httpx.AsyncClient) -> None:
    await create(client)

    again = await client.post(f"{SERVICE}/Create", json={"name": "Big spenders", "where": BIG})

    assert (again.status_code, again.json()["code"]) == (409, "already_exists")


REFUSED: dict[str, tuple[str, dict[str, Any], list[tuple[str, str]]]] = {
    "nothing": ("Create", {}, [("name", "REQUIRED"), ("where", "REQUIRED")]),
    "a name with spaces around": ("Create", {"name": " a", "where": BIG}, [("name", "INVALID_VALUE")]),
    "a long name": ("Create", {"name": "x" * 201, "where": BIG}, [("name", "INVALID_VALUE")]),
    "a long description": (
        "Create",
        {"name": "a", "description": "x" * 1001, "where": BIG},
        [("description", "INVALID_VALUE")],
    ),
    "an empty tree": ("Create", {"name": "a", "where": {}}, [("where", "REQUIRED")]),
    "an event's property": (
        "Create",
        {"name": "a", "where": {"not": {"filter": {"property": "plan", "operator": "OPERATOR_IS_SET"}}}},
        [("where.not.filter.property", "NOT_OF_PERSON")],
    ),
    "a behaviour in a behaviour": (
        "Create",
        {"name": "a", "where": {"did": {"where": BIG}}},
        [("where.did.where.did", "TOO_DEEP")],
    ),
    "too many behaviours": (
        "Create",
        {"name": "a", "where": {"anyOf": {"expressions": [{"did": {"atLeast": at}} for at in range(17)]}}},
        [("where.any_of.expressions[16].did", "TOO_MANY")],
    ),
    "no change": ("Update", {"id": "x"}, [("", "EMPTY")]),
    "a change to nothing": ("Update", {"name": ""}, [("id", "REQUIRED"), ("name", "REQUIRED")]),
    "none": ("Get", {}, [("id", "REQUIRED")]),
    "none to delete": ("Delete", {}, [("id", "REQUIRED")]),
    "the size of none": ("EstimateSize", {}, [("id", "REQUIRED")]),
    "the size of a wrong tree": (
        "EstimateSize",
        {"where": {"did": {"atLeast": -1}}},
        [("where.did.at_least", "OUT_OF_RANGE")],
    ),
    "a wrong page": (
        "List",
        {"pageSize": 1001, "pageToken": "x"},
        [("page_size", "OUT_OF_RANGE"), ("page_token", "INVALID_PAGE_TOKEN")],
    ),
}


@pytest.mark.parametrize(("method", "asked", "found"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_is_refused(
    method: str, asked: dict[str, Any], found: list[tuple[str, str]], client: httpx.AsyncClient
) -> None:
    refused = await client.post(f"{SERVICE}/{method}", json=asked)

    assert (refused.status_code, _violations(refused)) == (400, found)


async def test_both_ways_to_say_whose_size_are_named(client: httpx.AsyncClient) -> None:
    refused = await client.post(f"{SERVICE}/EstimateSize", json={})

    assert "or where" in refused.json()["message"]


@pytest.mark.parametrize("method", ["Get", "Update", "Delete", "EstimateSize"])
async def test_an_unknown_audience_is_not_found(method: str, client: httpx.AsyncClient) -> None:
    asked = {"id": "nobody's", **({"name": "a"} if method == "Update" else {})}

    refused = await client.post(f"{SERVICE}/{method}", json=asked)

    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("method", ["Create", "Update", "Delete"])
@pytest.mark.parametrize("key", [READ, WRITE])
async def test_a_key_that_only_reads_or_writes_changes_nothing(
    method: str, key: str, http: httpx.AsyncClient
) -> None:
    refused = await http.post(f"{SERVICE}/{method}", json={}, headers={"authorization": f"Bearer {key}"})

    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")


def _asked(audience: str) -> dict[str, Any]:
    return {
        "timeRange": {"start": "2026-05-01T00:00:00Z", "end": "2026-05-03T00:00:00Z"},
        "visualization": "VISUALIZATION_KPI",
        "audienceId": audience,
    }


def _violations(reply: httpx.Response) -> list[tuple[str, str]]:
    details = reply.json()["details"]
    (bad,) = [each["debug"] for each in details if each["type"] == "google.rpc.BadRequest"]
    return [(each.get("field", ""), each["reason"]) for each in bad["fieldViolations"]]
