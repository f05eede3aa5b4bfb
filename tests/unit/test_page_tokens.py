"""What a page token may hold: whoever makes one up is told so, whatever it says."""

from typing import Any

import pytest

from eventglass.planning import log, pages, profiles
from eventglass.planning.page_tokens import PageTokenError, Pin, pack
from events.v1.list_pb2 import ListRequest as LogRequest
from insights.v1.breakdown_pb2 import Breakdown
from insights.v1.query_spec_pb2 import QuerySpec
from profiles.v1.profiles_service_pb2 import ListRequest as ProfilesRequest

PROJECT = "shop"
PIN: dict[str, Any] = {"now": 1, "watermark": None, "people": 0}


def _spec() -> QuerySpec:
    return QuerySpec(breakdown=Breakdown(property="a"))


@pytest.mark.parametrize("typed", [(0, 0, ""), (4, 0.5, "a"), (3, -1e308, ""), (4, 0, "😀")])
def test_a_value_is_read_as_it_was(typed: tuple[int, float, str]) -> None:
    spec = _spec()
    spec.page_token = pack(spec, PROJECT, Pin(**PIN), [False, 1.5, [typed]])

    _, position = pages.decode(spec, PROJECT)

    assert position.dimensions == (typed,)


@pytest.mark.parametrize(
    "typed",
    [
        (5, 0, ""),
        (-1, 0, ""),
        (True, 0, ""),
        (3, 10**400, ""),
        (3, float("nan"), ""),
        (4, 0, "\ud800"),
        (4, 0),
    ],
)
def test_no_value_of_a_dimension(typed: tuple[Any, ...]) -> None:
    spec = _spec()
    spec.page_token = pack(spec, PROJECT, Pin(**PIN), [False, 1.5, [typed]])

    with pytest.raises(PageTokenError):
        pages.decode(spec, PROJECT)


@pytest.mark.parametrize(
    "wrong", [{"now": 2**63}, {"watermark": -(2**63)}, {"people": -1}, {"people": 2**64}, {"people": 1.0}]
)
def test_no_pin(wrong: dict[str, Any]) -> None:
    spec = _spec()
    spec.page_token = pack(spec, PROJECT, Pin(**{**PIN, **wrong}), [False, 1.5, [(0, 0, "")]])

    with pytest.raises(PageTokenError):
        pages.decode(spec, PROJECT)


def test_no_page_after_the_only_row() -> None:
    """Without a breakdown a table has one row, and so one page."""
    spec = QuerySpec()
    spec.page_token = pack(spec, PROJECT, Pin(**PIN), [False, 1.5, []])

    with pytest.raises(PageTokenError):
        pages.decode(spec, PROJECT)


@pytest.mark.parametrize("place", [(2**63, 1), (1, 2**64), (1, -1)])
def test_no_place_among_persons(place: tuple[int, int]) -> None:
    request = ProfilesRequest()
    request.page_token = profiles.encode(request, PROJECT, Pin(**PIN), place)

    with pytest.raises(PageTokenError):
        profiles.decode(request, PROJECT)


@pytest.mark.parametrize("place", [(2**63, "a"), (1, "\ud800")])
def test_no_place_in_the_log(place: tuple[int, str]) -> None:
    request = LogRequest()
    request.page_token = pack(request, PROJECT, Pin(**PIN), place)

    with pytest.raises(PageTokenError):
        log.decode(request, PROJECT)
