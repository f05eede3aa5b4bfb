"""Reserved properties that an event lacks are made of what came with it; what it has itself is kept."""

import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from hypothesis import given
from hypothesis import strategies as st

from eventglass.engine.layout import property_name
from eventglass.errors import UnavailableError
from eventglass.ingest.accept import Row
from eventglass.ingest.batch import accept_batch
from eventglass.ingest.clock import Clock
from eventglass.ingest.countries import open_countries
from eventglass.ingest.sender import UNKNOWN, Sender
from eventglass.ingest.user_agents import described
from events.v1.event_pb2 import Event
from tests.ingest.mmdb import write_countries

SAFARI = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4 Safari/605.1.15"
)
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"
ON_IOS = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1"
ADDRESS = "81.2.69.160"
CAMPAIGN = "https://shop.example/a?utm_source=news&utm_medium=e%20mail"
BROWSER = Sender(user_agent=SAFARI, country="DE", country_of=lambda it: "GB" if it == ADDRESS else "")
OF_BROWSER = {"$browser": "Safari", "$os": "Mac OS X", "$device": "desktop", "$geo.country": "DE"}


def stored(event: dict[str, Any], sender: Sender = UNKNOWN) -> Row:
    (row,), _ = accept_batch([ParseDict({"name": "x", **event}, Event())], Clock(0), sender)
    return row


def properties(event: dict[str, Any], sender: Sender = UNKNOWN) -> dict[str, Any]:
    return {property_name(path): leaf for path, leaf in json.loads(stored(event, sender).properties).items()}


def test_an_event_of_a_browser_gets_what_the_call_tells() -> None:
    assert properties({"properties": {"plan": "pro"}}, BROWSER) == {"plan": "pro", **OF_BROWSER}


def test_an_event_of_nobody_known_gets_nothing() -> None:
    assert properties({"properties": {"plan": "pro"}}) == {"plan": "pro"}


def test_what_an_event_has_itself_is_kept_flat_or_nested() -> None:
    own = {"$browser": "Mine", "$os": False, "$geo": {"country": "FR"}, "$device": ""}

    assert properties({"properties": own}, BROWSER) == {
        "$browser": "Mine",
        "$os": False,
        "$geo": ['{"country":"FR"}'],
        "$geo.country": "FR",
        "$device": "desktop",
    }


def test_context_is_read_and_comes_before_the_call() -> None:
    context = {
        "page": {"url": CAMPAIGN, "referrer": "http://WWW.b.example:8/c"},
        "userAgent": f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) {ON_IOS}",
        "ip": ADDRESS,
        "library": "web",
    }

    row = stored({"context": context}, BROWSER)

    assert properties({"context": context}, BROWSER) == {
        "$url": CAMPAIGN,
        "$referrer": "http://WWW.b.example:8/c",
        "$referrer_domain": "www.b.example",
        "$utm.source": "news",
        "$utm.medium": "e mail",
        "$browser": "Mobile Safari",
        "$os": "iOS",
        "$device": "mobile",
        "$geo.country": "GB",
    }
    assert ADDRESS not in str(row)
    assert '"library":"web"' in row.context


@pytest.mark.parametrize("event", [{"properties": {"$ip": ADDRESS}}, {"context": {"ip": ADDRESS}}])
def test_an_address_is_looked_up_and_dropped(event: dict[str, Any]) -> None:
    row = stored(event, BROWSER)

    assert "81.2" not in str(row)
    assert json.loads(row.properties)["$geo~2Ecountry"] == "GB"
    assert row.context == ""


def test_the_country_of_a_call_is_not_that_of_an_address_nobody_knows() -> None:
    assert "$geo.country" not in properties({"properties": {"$ip": "10.0.0.1"}}, BROWSER)
    assert "$geo.country" not in properties({"context": {"ip": {"v4": "10.0.0.1"}}}, BROWSER)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/?utm_source=a&utm_source=b", {"$utm.source": "a"}),
        (
            "/relative?utm_campaign=1&utm_term=2&utm_content=3&utm_other=4",
            {"$utm.campaign": "1", "$utm.term": "2", "$utm.content": "3"},
        ),
        ("https://a.example/#?utm_source=a", {}),
        ("https://a.example/?utm_source=", {}),
        ("https://[::1/?utm_source=a", {}),
        ("https://a.example/?utm_source=a&" + "b&" * 200, {}),
    ],
)
def test_the_campaign_is_read_from_the_url(url: str, expected: dict[str, str]) -> None:
    assert properties({"properties": {"$url": url}}) == {"$url": url, **expected}


NAMES = st.sampled_from(["page", "url", "referrer", "ip", "userAgent"])
LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.text(st.characters(codec="utf-8"))
VALUES = st.recursive(LEAVES, lambda it: st.dictionaries(NAMES, it) | st.lists(it, max_size=3))


@given(st.dictionaries(NAMES, VALUES), st.dictionaries(st.sampled_from(["$url", "$ip", "$referrer"]), VALUES))
def test_whatever_an_event_brings_it_is_accepted(context: dict[str, Any], own: dict[str, Any]) -> None:
    stored({"context": context, "properties": own}, BROWSER)


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (SAFARI, ("Safari", "Mac OS X", "desktop")),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Edg/124.0", ("Edge", "Windows", "desktop")),
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/124.0.0.0 Mobile Safari/537.36",
            ("Chrome Mobile", "Android", "mobile"),
        ),
        (f"Mozilla/5.0 (Linux; Android 13; SM-X906C) {CHROME}", ("Chrome", "Android", "tablet")),
        (f"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) {ON_IOS}", ("Mobile Safari", "iOS", "tablet")),
        (f"Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) {CHROME} TV", ("Chrome", "Tizen", "tv")),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://g.example/bot)", ("Googlebot", "", "bot")),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Firefox/125.0", ("Firefox", "Linux", "desktop")),
        ("nothing known", ("", "", "")),
        ("Mozilla/5.0 Firefox/125.0 " + "(" * 600, ("", "", "")),
    ],
)
def test_user_agents(user_agent: str, expected: tuple[str, str, str]) -> None:
    assert described(user_agent) == expected


def test_countries_are_those_of_the_file(tmp_path: Path) -> None:
    write_countries(tmp_path / "c.mmdb", {"81.2.69.0/24": "GB", "89.0.0.0/8": "DE"})

    country_of = open_countries(tmp_path / "c.mmdb")

    asked = ["81.2.69.160", "89.1.2.3", "10.0.0.1", "::1", "none", ""]
    assert [country_of(address) for address in asked] == ["GB", "DE", "", "", "", ""]


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.mmdb").write_bytes(b"none")

    for name in ("c.mmdb", "missing.mmdb"):
        with pytest.raises(UnavailableError, match=name):
            open_countries(tmp_path / name)
