"""The rules of names of traits: what Identify takes can be asked for, and nothing larger."""

from typing import Any

import pytest
from google.protobuf.json_format import ParseDict

from audiences.v1.audiences_service_pb2 import CreateRequest
from eventglass.planning.properties import LONGEST_TRAIT_NAME, MOST_TRAIT_DOTS
from eventglass.spec.audiences import violations_of_create
from eventglass.spec.profiles import violations_of_identify
from eventglass.spec.validation import violations_of_request
from profiles.v1.profiles_sdk_service_pb2 import IdentifyRequest
from tests.unit.asked import only_violation, request_of

LONGEST = "é" * (LONGEST_TRAIT_NAME // 2)
DEEPEST = "a." * MOST_TRAIT_DOTS + "b"
TOO_LONG = ["x" + LONGEST, "a." + DEEPEST, "a." * 6_000 + "b"]


def _is_set(name: str) -> dict[str, Any]:
    return {"property": name, "operator": "OPERATOR_IS_SET"}


def _identify(traits: dict[str, Any]) -> list[tuple[str, str]]:
    request = ParseDict({"externalId": "ann", "traits": traits}, IdentifyRequest())
    return [(each.field, each.code) for each in violations_of_identify(request)]


@pytest.mark.parametrize("name", TOO_LONG, ids=["bytes", "dots", "both"])
@pytest.mark.parametrize("prefix", ["$user.", "$user_at_event."])
def test_a_trait_that_nobody_can_have_is_refused(prefix: str, name: str) -> None:
    asked = prefix + name

    found = [
        only_violation({"filters": [_is_set(asked)]}),
        only_violation({"breakdown": {"property": "a", "thenBy": [asked]}}),
        only_violation({"where": {"did": {"name": "a", "filters": [_is_set(asked)]}}}),
    ]

    assert [(each.field, each.code) for each in found] == [
        ("query.filters[0].property", "TOO_LONG"),
        ("query.breakdown.then_by[0]", "TOO_LONG"),
        ("query.where.did.filters[0].property", "TOO_LONG"),
    ]


@pytest.mark.parametrize("name", TOO_LONG, ids=["bytes", "dots", "both"])
def test_an_audience_asks_for_no_such_trait(name: str) -> None:
    request = ParseDict({"name": "a", "where": {"filter": _is_set(f"$user.{name}")}}, CreateRequest())

    (found,) = violations_of_create(request)

    assert (found.field, found.code) == ("where.filter.property", "TOO_LONG")


@pytest.mark.parametrize("name", [LONGEST, DEEPEST], ids=["bytes", "dots"])
def test_what_can_be_given_can_be_asked_for(name: str) -> None:
    assert _identify({name: 1}) == []
    assert violations_of_request(request_of({"filters": [_is_set(f"$user.{name}")]})) == []


@pytest.mark.parametrize("name", TOO_LONG, ids=["bytes", "dots", "both"])
def test_no_trait_is_given_that_cannot_be_asked_for(name: str) -> None:
    first, _, rest = name.partition(".")

    assert _identify({name: 1}) == [(f"traits.{name[:100]}", "TOO_LONG")]
    if rest:
        assert _identify({first: {rest: 1}}) == [(f"traits.{name[:100]}", "TOO_LONG")]


def test_names_of_an_events_own_properties_may_be_longer() -> None:
    assert violations_of_request(request_of({"filters": [_is_set(TOO_LONG[-1])]})) == []


@pytest.mark.parametrize("prefix", ["$user.", "$user_at_event."])
def test_a_trait_without_a_name_is_refused(prefix: str) -> None:
    found = only_violation({"breakdown": {"property": prefix}})

    assert (found.field, found.code) == ("query.breakdown.property", "INVALID_NAME")
    assert f'"{prefix}plan"' in found.description
