"""POST /beacon: what a page that is being left can still send."""

import gzip
import json
import zlib
from typing import Any

import httpx
import pytest

from eventglass.catalog.project import Access
from events.v1.list_pb2 import ListRequest
from tests.live.served import Served, Tenant
from tests.patience import PATIENCE
from tests.wire.peak import Peak

_MIB = 2**20
_PLAIN = "text/plain;charset=UTF-8"


def _body(tenant: Tenant, *names: str, **also: object) -> dict[str, Any]:
    key = tenant.headers["authorization"].removeprefix("Bearer ")
    return {"key": key, "project": tenant.project, "events": [{"name": name} for name in names], **also}


async def _post(
    served: Served, body: object, headers: dict[str, str] | None = None, *, method: str = "POST"
) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with httpx.AsyncClient(base_url=served.url, timeout=PATIENCE) as client:
        return await client.request(
            method, "/beacon", content=content, headers={"content-type": _PLAIN, **(headers or {})}
        )


async def _names(tenant: Tenant) -> list[str]:
    return sorted(event.name for event in (await tenant.list(ListRequest())).events)


def _reason(answer: httpx.Response) -> str:
    reason: str = answer.json()["details"][0]["debug"]["reason"]
    return reason


async def test_a_text_with_the_key_in_it(served: Served, tenant: Tenant) -> None:
    answer = await _post(served, _body(tenant, "a", "", "b"))

    assert answer.status_code == 200
    assert answer.json()["eventsCreated"] == 2
    assert [each["index"] for each in answer.json()["rejected"]] == [1]
    assert await _names(tenant) == ["a", "b"]


async def test_half_a_character_costs_its_event_only(served: Served, tenant: Tenant) -> None:
    body = _body(tenant, "a", "b")
    body["events"][0]["properties"] = {"title": "cut off\ud83d"}

    answer = await _post(served, body)

    assert answer.json()["eventsCreated"] == 1
    assert [(each["index"], each["reason"]) for each in answer.json()["rejected"]] == [(0, "INVALID_TEXT")]
    assert await _names(tenant) == ["b"]


@pytest.mark.parametrize("depth", [17, 300])
async def test_what_is_nested_too_deep_costs_its_event_only(
    served: Served, tenant: Tenant, depth: int
) -> None:
    body = json.dumps(_body(tenant, "a", "b", "c")).encode()
    deep = b'"a", "properties": ' + b'{"p": ' * depth + b"1" + b"}" * depth

    answer = await _post(served, body.replace(b'"a"', deep, 1))

    assert answer.json()["eventsCreated"] == 2
    assert [(each["index"], each["reason"]) for each in answer.json()["rejected"]] == [(0, "TOO_DEEP")]
    assert await _names(tenant) == ["b", "c"]


@pytest.mark.parametrize("content_type", ["", "application/json", "application/octet-stream"])
async def test_the_type_does_not_matter(served: Served, tenant: Tenant, content_type: str) -> None:
    assert (await _post(served, _body(tenant, "a"), {"content-type": content_type})).status_code == 200


async def test_a_key_that_may_only_write_is_enough(served: Served, tenant: Tenant) -> None:
    page = served.tenant(frozenset({Access.WRITE}), project=tenant.project)

    assert (await _post(served, _body(page, "a"))).status_code == 200
    assert await _names(tenant) == ["a"]


async def test_a_packed_body(served: Served, tenant: Tenant) -> None:
    packed = gzip.compress(json.dumps(_body(tenant, "a")).encode())

    by_itself = await _post(served, packed)
    with_a_word = await _post(served, packed, {"content-encoding": "gzip"})

    assert (by_itself.status_code, with_a_word.status_code) == (200, 200)
    assert await _names(tenant) == ["a"], "the same batch sent again"


def _bomb() -> bytes:
    """512 MiB of spaces, in half a MiB."""
    packer = zlib.compressobj(wbits=31)
    return b"".join([*(packer.compress(b" " * _MIB) for _ in range(512)), packer.flush()])


async def test_a_bomb_is_refused_before_it_is_large(served: Served) -> None:
    bomb = _bomb()
    peak = Peak()

    answer = await _post(served, bomb)

    assert (answer.status_code, _reason(answer)) == (429, "REQUEST_TOO_LARGE")
    assert peak.growth() < 64 * _MIB


async def test_a_body_may_be_as_large_as_a_request(served: Served, tenant: Tenant) -> None:
    body = json.dumps(_body(tenant, "a")).encode()

    fits = await _post(served, body.ljust(4 * _MIB))
    too_large = await _post(served, body.ljust(4 * _MIB + 1))
    packed = await _post(served, gzip.compress(body.ljust(4 * _MIB + 1)))

    assert fits.status_code == 200
    assert [_reason(too_large), _reason(packed)] == ["REQUEST_TOO_LARGE"] * 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON",
        b"[]",
        b'"text"',
        b'{"events": ' + b"[" * 1_000 + b"]" * 1_000 + b"}",
        gzip.compress(b"{}", mtime=0)[:-5],
        gzip.compress(b"{}", mtime=0) + b"more",
        b"\x1f\x8b",
    ],
)
async def test_what_cannot_be_read_is_the_callers_error(served: Served, body: bytes) -> None:
    answer = await _post(served, body)

    assert (answer.status_code, _reason(answer)) == (400, "BROKEN_JSON")


async def test_what_is_wrong_is_named(served: Served, tenant: Tenant) -> None:
    reader = served.tenant(frozenset({Access.READ}))
    wrong = {
        "UNKNOWN_FIELD": _body(tenant, "a", evnets=[]),
        "BATCH_SIZE": _body(tenant),
        "WRONG_TYPE": _body(tenant, "a", project=5),
        "CREDENTIAL_MISSING": _body(tenant, "a", key=""),
        "CREDENTIAL_UNKNOWN": _body(tenant, "a", key="eg_wrong"),
        "PROJECT_MISSING": _body(tenant, "a", project=""),
        "ACCESS_MISSING": _body(reader, "a"),
    }

    assert {reason: _reason(await _post(served, body)) for reason, body in wrong.items()} == {
        reason: reason for reason in wrong
    }
    assert _reason(await _post(served, b"", method="PUT")) == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize("name", ["key", "project", "events"])
async def test_what_a_body_has_twice_is_refused(served: Served, tenant: Tenant, name: str) -> None:
    body = json.dumps(_body(tenant, "a"))
    again = json.dumps({name: "other"})

    before = await _post(served, f"{again[:-1]}, {body[1:]}".encode())
    behind = await _post(served, f"{body[:-1]}, {again[1:]}".encode())

    assert [_reason(before), _reason(behind)] == ["REPEATED_FIELD"] * 2
    assert await _names(tenant) == []


async def test_what_an_event_has_twice_costs_that_event_only(served: Served, tenant: Tenant) -> None:
    body = json.dumps(_body(tenant, "a", "b", "c")).replace('"a"', '"a", "name": "d"')
    body = body.replace('"b"', '"b", "properties": {"x": 1, "x": 2}')

    answer = await _post(served, body.encode())

    rejected = [(each["index"], each["field"], each["reason"]) for each in answer.json()["rejected"]]
    assert rejected == [(0, "", "REPEATED_FIELD"), (1, "properties", "REPEATED_FIELD")]
    assert await _names(tenant) == ["c"]


async def test_a_body_may_be_written_in_any_way(served: Served, tenant: Tenant) -> None:
    spaced = json.dumps(_body(tenant, "a", "b", sentAt=None), indent=3, separators=("\r\n,\t", " : "))
    escaped = json.dumps(_body(tenant, "c,:}{")).replace('"key"', '"\\u006bey"')

    assert [(await _post(served, each.encode())).status_code for each in (spaced, escaped)] == [200, 200]
    assert await _names(tenant) == ["a", "b", "c,:}{"]


async def test_a_key_or_a_project_that_is_missing_is_asked_for_in_the_body(
    served: Served, tenant: Tenant
) -> None:
    no_key = await _post(served, _body(tenant, "a", key=""))
    no_project = await _post(served, _body(tenant, "a", project=""))

    assert no_key.json()["message"] == "send the project's key as `key` in the body"
    assert no_project.json()["message"] == "project: send the id of the project here"


async def test_pages_of_anywhere_may_send(served: Served, tenant: Tenant) -> None:
    origin = {"origin": "https://any.example"}
    asked = {
        **origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }

    before = await _post(served, b"", asked, method="OPTIONS")
    sent = await _post(served, _body(tenant, "a"), origin)

    assert before.status_code == 204
    assert "content-type" in before.headers["access-control-allow-headers"].split(", ")
    for answer in (before, sent):
        assert answer.headers["access-control-allow-origin"] == "https://any.example"
        assert answer.headers["access-control-allow-credentials"] == "true"
