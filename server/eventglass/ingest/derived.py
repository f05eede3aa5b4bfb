"""Reserved properties that an event lacks, made of its context, its URL and the call that brought it.

An IP address is looked up and dropped; nothing of it is stored.
"""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from eventglass.engine.layout import property_path
from eventglass.ingest.compact import Json
from eventglass.ingest.properties import Leaf
from eventglass.ingest.sender import Sender
from eventglass.ingest.user_agents import described

_URL: Final = property_path("$url")
_REFERRER: Final = property_path("$referrer")
_REFERRER_DOMAIN: Final = property_path("$referrer_domain")
_BROWSER: Final = property_path("$browser")
_SYSTEM: Final = property_path("$os")
_DEVICE: Final = property_path("$device")
_COUNTRY: Final = property_path("$geo.country")
# By the parameter of the URL.
_UTM: Final = {
    f"utm_{name}": property_path(f"$utm.{name}")
    for name in ("source", "medium", "campaign", "term", "content")
}
_MOST_PARAMETERS: Final = 100

# Where an event may bring the address of whoever did it.
ADDRESS: Final = property_path("$ip")
ADDRESS_IN_CONTEXT: Final = "ip"


def may_derive(content: Mapping[str, Leaf]) -> bool:
    """Tell whether there may be something to make of an event's own properties, or to take out of them."""
    if _REFERRER in content or ADDRESS in content:
        return True
    url = content.get(_URL)
    return isinstance(url, str) and "utm_" in url


def derived(content: Mapping[str, Leaf], context: Mapping[str, Json], sender: Sender) -> dict[str, Leaf]:
    """Make what can be told of an event; whatever the event has itself comes before it.

    Args:
        content: its properties by path, as they are stored.
        context: as it was sent; `page.url`, `page.referrer`, `user_agent` (or `userAgent`) and `ip` are
            read.
        sender: of the call.
    """
    if not context and not sender.user_agent and _REFERRER not in content and ADDRESS not in content:
        # As most events that a server passes on: it pays to see that at once.
        url = content.get(_URL)
        return _campaign(url) if isinstance(url, str) and "utm_" in url else {}
    found: dict[str, Leaf] = {}
    page = context.get("page")
    if isinstance(page, Mapping):
        found.update(_texts({_URL: page.get("url"), _REFERRER: page.get("referrer")}))
    url, referrer = (content.get(path) or found.get(path) for path in (_URL, _REFERRER))
    if isinstance(url, str) and "utm_" in url:
        found.update(_campaign(url))
    if isinstance(referrer, str):
        found.update(_texts({_REFERRER_DOMAIN: _host(referrer)}))
    agent = context.get("user_agent") or context.get("userAgent") or sender.user_agent
    if isinstance(agent, str) and agent:
        browser, system, device = described(agent)
        found.update(_texts({_BROWSER: browser, _SYSTEM: system, _DEVICE: device}))
    found.update(_texts({_COUNTRY: _country(content, context, sender)}))
    return found


def _texts(values: Mapping[str, Json]) -> Iterator[tuple[str, Leaf]]:
    return ((path, value) for path, value in values.items() if isinstance(value, str) and value)


def _campaign(url: str) -> dict[str, Leaf]:
    """Read the parameters of a campaign, of several equal ones the first."""
    try:
        parameters = parse_qsl(urlsplit(url).query, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return {}
    return {_UTM[name]: value for name, value in reversed(parameters) if name in _UTM}


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _country(content: Mapping[str, Leaf], context: Mapping[str, Json], sender: Sender) -> str:
    address = content.get(ADDRESS) or context.get(ADDRESS_IN_CONTEXT)
    if address:
        return sender.country_of(address) if isinstance(address, str) else ""
    return sender.country
