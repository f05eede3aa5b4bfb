"""Writes the smallest MaxMind files, of countries of IPv4 networks, by the format's specification."""

from collections.abc import Mapping
from ipaddress import IPv4Network
from pathlib import Path

_TEXT, _MAP, _ARRAY = 2, 7, 11
# Whole numbers by their bytes; types above 7 are written as 0 and the rest.
_WHOLE = {2: b"\xa2", 4: b"\xc4", 8: b"\x08\x02"}
_Value = str | tuple[int, int] | list[str] | dict[str, "_Value"]


def write_countries(path: Path, countries: Mapping[str, str]) -> None:
    """Write a file that knows the country of each of some networks, none within another."""
    nodes: list[list[int | str | None]] = [[None, None]]
    for network, country in countries.items():
        _insert(nodes, IPv4Network(network), country)
    data, places = b"", {}
    for country in sorted(set(countries.values())):
        places[country] = len(data)
        data += _encoded({"country": {"iso_code": country}})
    tree = b"".join(_record(each, len(nodes), places).to_bytes(3, "big") for node in nodes for each in node)
    about: dict[str, _Value] = {
        "node_count": (4, len(nodes)),
        "record_size": (2, 24),
        "ip_version": (2, 4),
        "database_type": "Test-Country",
        "languages": ["en"],
        "binary_format_major_version": (2, 2),
        "binary_format_minor_version": (2, 0),
        "build_epoch": (8, 1_700_000_000),
        "description": {"en": "a test"},
    }
    path.write_bytes(tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + _encoded(about))


def _insert(nodes: list[list[int | str | None]], network: IPv4Network, country: str) -> None:
    bits = f"{int(network.network_address):032b}"[: network.prefixlen]
    node = 0
    for bit in map(int, bits[:-1]):
        child = nodes[node][bit]
        if not isinstance(child, int):
            child = len(nodes)
            nodes[node][bit] = child
            nodes.append([None, None])
        node = child
    nodes[node][int(bits[-1])] = country


def _record(child: int | str | None, count: int, places: Mapping[str, int]) -> int:
    if child is None:
        return count
    return child if isinstance(child, int) else count + 16 + places[child]


def _encoded(value: _Value) -> bytes:
    match value:
        case str():
            return bytes([_TEXT << 5 | len(value)]) + value.encode()
        case list():
            return bytes([len(value), _ARRAY - 7]) + b"".join(map(_encoded, value))
        case (size, number):
            return _WHOLE[int(size)] + int(number).to_bytes(int(size), "big")
        case dict():
            members = (_encoded(name) + _encoded(member) for name, member in value.items())
            return bytes([_MAP << 5 | len(value)]) + b"".join(members)
