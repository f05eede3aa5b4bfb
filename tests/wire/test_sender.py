"""Only browsers are told of, and only trusted proxies are believed."""

from ipaddress import ip_network

import httpx
import pytest

from eventglass.app import running
from eventglass.ingest.sender import UNKNOWN, Sender
from eventglass.live.broadcast import Broadcast
from eventglass.settings import Settings
from eventglass.transport.beacon import PATH as BEACON
from eventglass.transport.call import Call
from eventglass.transport.events_service import events_service
from eventglass.transport.sender import Proxies, senders
from tests.wire.callers import BATCH_CREATE, HEADERS
from tests.wire.fakes import BOTH, PROJECT, FakeGrants, FakeWriter, SlowEngine, fake_scope

BROWSER = {"user-agent": "Mozilla/5.0"}
PROXIES = Proxies(
    networks=frozenset({ip_network("10.0.0.0/8"), ip_network("fd00::/8")}), country_header="cf-ipcountry"
)


def sender(headers: dict[str, str], peer: str, proxies: Proxies = PROXIES) -> Sender:
    """Tell the sender; the country of an address is the address."""
    call = Call.received(method="", headers=headers, peer=peer, protocol="connect", remaining=None)
    return senders(proxies, lambda address: address)(call)


@pytest.mark.parametrize("headers", [{}, {"user-agent": "grpc-python/1.85"}, {"user-agent": "curl/8.5"}])
def test_what_is_no_browser_is_unknown(headers: dict[str, str]) -> None:
    told = sender({**headers, "cf-ipcountry": "DE", "x-forwarded-for": "81.2.69.160"}, "10.0.0.1:5")

    assert (told.user_agent, told.country) == ("", "")


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("81.2.69.160:5", "", "81.2.69.160"),
        ("ipv4:81.2.69.160:5", "", "81.2.69.160"),
        ("ipv6:%5B2001:db8::1%5D:5", "", "2001:db8::1"),
        ("[::ffff:81.2.69.160]:5", "", "81.2.69.160"),
        ("2001:db8::1", "", "2001:db8::1"),
        ("unix:", "", ""),
        # Nobody who is no proxy says who they are.
        ("81.2.69.160:5", "1.1.1.1", "81.2.69.160"),
        ("10.0.0.1:5", "1.1.1.1", "1.1.1.1"),
        # What stands before the last address that is no proxy's was said by the browser.
        ("10.0.0.1:5", "6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1"),
        ("10.0.0.1:5", "6.6.6.6, unknown", ""),
        ("ipv6:[fd00::1]:5", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_the_address_is_the_last_that_no_proxy_has(peer: str, forwarded: str, expected: str) -> None:
    assert sender({**BROWSER, "x-forwarded-for": forwarded}, peer).country == expected


@pytest.mark.parametrize(
    ("peer", "header", "expected"),
    [
        ("10.0.0.1:5", "de", "DE"),
        ("10.0.0.1:5", "XX", "1.1.1.1"),
        ("10.0.0.1:5", "T1", "1.1.1.1"),
        ("10.0.0.1:5", "Germany", "1.1.1.1"),
        ("81.2.69.160:5", "DE", "81.2.69.160"),
    ],
)
def test_the_country_is_believed_of_trusted_proxies_alone(peer: str, header: str, expected: str) -> None:
    told = sender({**BROWSER, "cf-ipcountry": header, "x-forwarded-for": "1.1.1.1"}, peer)

    assert told.country == expected


def test_a_country_header_that_nobody_named_is_not_read() -> None:
    proxies = Proxies(networks=PROXIES.networks)

    told = sender({**BROWSER, "cf-ipcountry": "DE", "x-forwarded-for": "1.1.1.1"}, "10.0.0.1:5", proxies)

    assert told.country == "1.1.1.1"


async def test_a_proxy_may_tell_in_a_line_of_its_own() -> None:
    seen: list[str] = []

    def sender_of(call: Call) -> Sender:
        seen.append(call.headers["x-forwarded-for"])
        return UNKNOWN

    engine = SlowEngine()
    methods = events_service(
        writer=FakeWriter(),
        engine=engine,
        scope=fake_scope,
        broadcast=Broadcast(lambda _: 0, most_of_project=4),
        sender_of=sender_of,
    )
    # The browser's own word for it, and a proxy's behind that.
    told = [*HEADERS.items(), ("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "1.1.1.1")]
    batch = {"events": [{"name": "a"}]}
    settings = Settings(http_port=0, grpc_port=0, grace_seconds=1.0)
    async with (
        running(methods, grants=FakeGrants(), ready=engine.ping, settings=settings) as ports,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports.http}", headers=told) as client,
    ):
        await client.post(BATCH_CREATE, json=batch)
        await client.post(BEACON, json={**batch, "key": BOTH, "project": PROJECT})

    assert seen == ["6.6.6.6, 1.1.1.1"] * 2
