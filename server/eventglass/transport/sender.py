"""What a call tells of the browser it comes from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from eventglass.ingest.sender import Sender
from eventglass.transport.call import Call

Network = IPv4Network | IPv6Network

# Every browser calls itself so, and next to nothing else does.
_BROWSER: Final = "Mozilla/"
_NO_COUNTRY: Final = "XX"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxies:
    """Which headers about the browser are believed.

    Args:
        networks: where proxies are that tell the truth about who called them.
        country_header: in which they name the browser's country, lower-case; "" if they do not.
    """

    networks: frozenset[Network] = field(default_factory=frozenset)
    country_header: str = ""

    def trust(self, address: IPv4Address | IPv6Address) -> bool:
        """Tell whether an address is one of them."""
        return any(address in network for network in self.networks)


def senders(proxies: Proxies, country_of: Callable[[str], str]) -> Callable[[Call], Sender]:
    """Make what tells the sender of a call.

    Args:
        proxies: whose headers are believed.
        country_of: tells in which country an address is, or "".
    """
    unknown = Sender(country_of=country_of)

    def sender_of(call: Call) -> Sender:
        user_agent = call.headers.get("user-agent", "")
        if not user_agent.startswith(_BROWSER):
            return unknown
        country = _country(call, proxies) or country_of(_address(call, proxies))
        return Sender(user_agent=user_agent, country=country, country_of=country_of)

    return sender_of


def _country(call: Call, proxies: Proxies) -> str:
    """Read the country as a proxy names it."""
    peer = _peer(call.peer)
    if not proxies.country_header or peer is None or not proxies.trust(peer):
        return ""
    code = call.headers.get(proxies.country_header, "").strip().upper()
    is_one = len(code) == 2 and code.isascii() and code.isalpha() and code != _NO_COUNTRY
    return code if is_one else ""


def _address(call: Call, proxies: Proxies) -> str:
    """Find the browser's address: the last one that no trusted proxy has."""
    address = _peer(call.peer)
    for told in reversed(call.headers.get("x-forwarded-for", "").split(",")):
        if address is None or not proxies.trust(address):
            break
        address = _peer(told.strip())
    return "" if address is None else str(address)


def _peer(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address with or without a port, as `1.2.3.4:5`, `[::1]:5`, `ipv4:1.2.3.4:5` and `::1`."""
    text = text.removeprefix("ipv4:").removeprefix("ipv6:").replace("%5B", "[").replace("%5D", "]")
    host = text[1:].partition("]")[0] if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
