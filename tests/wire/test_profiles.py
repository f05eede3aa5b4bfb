"""Identify and Alias by every protocol, and what is refused."""

from typing import Any

import grpc
import httpx
import pytest
from connectrpc.compat import google_protobuf_binary_codec
from connectrpc.protocol import ProtocolType

from eventglass.catalog.project import Access, Grant, Project
from eventglass.transport.access import ACCESS
from profiles.v1.profiles_sdk_service_connect import ProfilesSDKServiceClient
from profiles.v1.profiles_sdk_service_pb2 import AliasRequest, IdentifyRequest
from profiles.v1.profiles_sdk_service_pb2_grpc import ProfilesSDKServiceStub
from tests.patience import PATIENCE
from tests.wire.servers import Demo

IDENTIFY = "/profiles.v1.ProfilesSDKService/Identify"
ALIAS = "/profiles.v1.ProfilesSDKService/Alias"
GET = "/profiles.v1.ProfilesService/Get"
LIST = "/profiles.v1.ProfilesService/List"
FORGET = "/profiles.v1.ProfilesService/Delete"
ERASE = "/profiles.v1.ProfilesService/DeleteUser"

ASKED = IdentifyRequest(external_id="ann", anonymous_id="phone")


@pytest.mark.parametrize("protocol", [ProtocolType.CONNECT, ProtocolType.GRPC_WEB])
async def test_by_http(protocol: ProtocolType, demo: Demo) -> None:
    client = ProfilesSDKServiceClient(
        demo.url,
        codec=google_protobuf_binary_codec(),
        protocol=protocol,
        timeout_ms=round(1_000 * PATIENCE),
    )
    async with client:
        identified = await client.identify(ASKED, headers=demo.headers)
        aliased = await client.alias(AliasRequest(previous_id="old", external_id="ann"), headers=demo.headers)

    assert identified.profile_id == "ann"
    assert aliased.profile_id == "ann"


async def test_by_grpc(demo: Demo) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{demo.ports.grpc}") as channel:
        stub = ProfilesSDKServiceStub(channel)  # type: ignore[no-untyped-call]
        reply = await stub.Identify(ASKED, metadata=tuple(demo.headers.items()))

    assert reply.profile_id == "ann"


NESTED: dict[str, Any] = {}
for _ in range(20):
    NESTED = {"deeper": NESTED}

REFUSED: dict[str, tuple[str, dict[str, Any], list[tuple[str, str]]]] = {
    "nobody": (IDENTIFY, {}, [("external_id", "REQUIRED")]),
    "an empty id": (IDENTIFY, {"externalId": ""}, [("external_id", "REQUIRED")]),
    "a long id": (IDENTIFY, {"externalId": "ü" * 513}, [("external_id", "TOO_LONG")]),
    "a long anonymous id": (
        IDENTIFY,
        {"externalId": "ann", "anonymousId": "x" * 1025},
        [("anonymous_id", "TOO_LONG")],
    ),
    "too many traits": (
        IDENTIFY,
        {"externalId": "ann", "traits": {f"t{number}": number for number in range(1001)}},
        [("traits", "TOO_MANY_PROPERTIES")],
    ),
    "a trait without a name": (
        IDENTIFY,
        {"externalId": "ann", "traits": {"": "x"}},
        [("traits", "EMPTY")],
    ),
    "a time long ago": (
        IDENTIFY,
        {"externalId": "ann", "timestamp": "0001-01-01T00:00:00Z"},
        [("timestamp", "OUT_OF_RANGE")],
    ),
    "nothing of an alias": (ALIAS, {}, [("previous_id", "REQUIRED"), ("external_id", "REQUIRED")]),
    "whom to get": (GET, {}, [("id", "REQUIRED")]),
    "whom to erase": (ERASE, {"id": ""}, [("id", "REQUIRED")]),
    "whom to forget": (FORGET, {"id": "x" * 1025}, [("id", "TOO_LONG")]),
    "a page that is too large": (LIST, {"pageSize": 1001}, [("page_size", "OUT_OF_RANGE")]),
    "no page of ours": (LIST, {"pageToken": "x"}, [("page_token", "INVALID_PAGE_TOKEN")]),
    "half an alias": (ALIAS, {"externalId": "ann"}, [("previous_id", "REQUIRED")]),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_refused(name: str, demo: Demo) -> None:
    method, body, expected = REFUSED[name]

    async with httpx.AsyncClient(base_url=demo.url, headers=demo.headers, timeout=PATIENCE) as client:
        reply = await client.post(method, json=body)

    assert reply.status_code == 400
    assert reply.json()["code"] == "invalid_argument"
    violations = next(
        detail["debug"]["fieldViolations"]
        for detail in reply.json()["details"]
        if detail["type"].endswith("BadRequest")
    )
    assert [(each["field"], each["reason"]) for each in violations] == expected


async def test_traits_too_deep_are_refused_by_name(demo: Demo) -> None:
    async with httpx.AsyncClient(base_url=demo.url, headers=demo.headers, timeout=PATIENCE) as client:
        reply = await client.post(IDENTIFY, json={"externalId": "ann", "traits": {"box": NESTED}})

    assert reply.status_code == 400
    assert "traits.box.deeper" in reply.json()["message"]


@pytest.mark.parametrize("name", ["' OR 1=1 --", "\0\n\t", "🙂" * 256, "`{p0:String}`", "\\x27", "null", " "])
async def test_hostile_ids_are_ids(name: str, demo: Demo) -> None:
    async with httpx.AsyncClient(base_url=demo.url, headers=demo.headers, timeout=PATIENCE) as client:
        reply = await client.post(IDENTIFY, json={"externalId": name, "anonymousId": f"{name[:200]}!"})
        again = await client.post(ALIAS, json={"previousId": f"{name[:200]}!", "externalId": name})

    assert reply.json() == {"profileId": name}
    assert again.json() == {"profileId": name}


async def test_a_person_is_identified_looked_at_and_erased(demo: Demo) -> None:
    async with httpx.AsyncClient(base_url=demo.url, headers=demo.headers, timeout=PATIENCE) as client:
        await client.post(IDENTIFY, json={"externalId": "eve", "traits": {"plan": "pro"}})
        found = await client.post(GET, json={"id": "eve"})
        listed = await client.post(LIST, json={})
        erased = await client.post(ERASE, json={"id": "eve"})
        gone = await client.post(GET, json={"id": "eve"})
        still = await client.post(LIST, json={})

    assert found.json()["profile"]["traits"] == {"plan": "pro"}
    assert "eve" in [profile["profileId"] for profile in listed.json()["profiles"]]
    assert erased.json() == {}
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")
    assert "eve" not in [profile["profileId"] for profile in still.json()["profiles"]]


@pytest.mark.parametrize("method", [FORGET, ERASE])
@pytest.mark.parametrize(
    ("access", "may"),
    [
        ({Access.WRITE}, False),
        ({Access.READ}, False),
        ({Access.READ, Access.STREAM}, False),
        ({Access.READ, Access.WRITE}, True),
        ({Access.ERASE}, True),
    ],
)
def test_who_may_erase(method: str, access: set[Access], *, may: bool) -> None:
    grant = Grant(project=Project(id="p"), access=frozenset(access))

    assert grant.allows_one_of(ACCESS[method]) is may
