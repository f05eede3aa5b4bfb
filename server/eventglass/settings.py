"""What the server is told by its environment, read once: variables EVENTGLASS_*."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from eventglass.engine.layout import is_hashed, property_path
from eventglass.errors import Violation, refuse
from eventglass.planning.properties import EventProperty, operand

_Network = IPv4Network | IPv6Network

_PREFIX = "EVENTGLASS_"
_TRUTHS = {"true": True, "false": False}
# What a browser sends: a scheme, a host and perhaps a port, without a path.
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^\s/?#@*]+")
_CLICKHOUSE_SCHEMES = ("clickhouse", "http", "https")
# Of what the client takes besides: others would change what statements and their answers are.
_CLICKHOUSE_OPTIONS = {"connect_timeout": "[1-9][0-9]{0,4}", "http_proxy": ".+", "proxy_path": ".+"}
_TLS_OPTIONS = {
    "ca_cert": ".+",
    "client_cert": ".+",
    "client_cert_key": ".+",
    "https_proxy": ".+",
    "server_host_name": ".+",
    "tls_mode": "mutual|proxy|strict",
    "verify": "true|false",
}
_CLICKHOUSE_FORM = (
    "as in clickhouse://user:password@host:8123/eventglass; in passwords # is %23, / %2F, ? %3F, @ %40; "
    f"of options there are {', '.join(_CLICKHOUSE_OPTIONS)}, and by TLS {', '.join(_TLS_OPTIONS)}"
)
# On these the client speaks TLS, whatever the scheme.
_TLS_PORTS = (443, 8443)
# Anywhere, and what a browser sends of a page that is a file.
_NO_PLACES = ("*", "null")
_HEADER = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+")
_LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a server runs. Each is read from EVENTGLASS_ and its name in capitals.

    Args:
        data_dir: where the embedded engine and the default catalog are.
        host: the address to listen on; the default is for this machine only.
        http_port: for Connect, gRPC-Web and JSON; 0 takes a free one.
        grpc_port: for gRPC; 0 takes a free one.
        clickhouse_dsn: a ClickHouse server instead of the embedded engine; "" for none.
        catalog_url: SQLAlchemy's name of the catalog's database; "" for one in `data_dir`.
        pool_size: queries that the engine runs at the same time, beside what is stored.
        max_waiting: queries that may wait for that; more are refused.
        max_seconds: the longest a query may take.
        max_rows_read: rows that a query may read.
        max_memory_mib: memory that a query may take.
        cache_mib: memory for answers that are kept until their project changes; 0 keeps none.
        rollups: questions may read what is gathered of events instead of them; the answers are the same.
        promoted_properties: properties that get columns of their own, separated by commas: of few different
            values, and asked for often. Default: none.
        max_request_mib: the largest request, uncompressed.
        max_calls: calls that may run at the same time; more are refused.
        max_streams: streams that may be open at the same time; more are refused.
        max_streams_of_project: streams of one project, likewise.
        cors_origins: where browsers may call from, separated by commas; `*` is anywhere. Default: nowhere.
        geo_file: a MaxMind file that tells the country of an address; None for none.
        trusted_proxies: networks of proxies whose headers about the browser are believed, separated by
            commas. Default: none.
        country_header: the header in which they name the browser's country; "" for none.
        grace_seconds: how long running calls may take when the server stops.
        log_level: debug, info, warning or error.
    """

    data_dir: Path = Path("var/eventglass")
    host: str = "127.0.0.1"
    http_port: int = 8080
    grpc_port: int = 50051
    clickhouse_dsn: str = ""
    catalog_url: str = ""
    pool_size: int = 4
    max_waiting: int = 64
    max_seconds: float = 30.0
    max_rows_read: int = 2_000_000_000
    max_memory_mib: int = 4_096
    cache_mib: int = 64
    rollups: bool = True
    promoted_properties: frozenset[str] = field(default_factory=frozenset)
    max_request_mib: int = 4
    max_calls: int = 256
    max_streams: int = 256
    max_streams_of_project: int = 64
    cors_origins: frozenset[str] = field(default_factory=frozenset)
    geo_file: Path | None = None
    trusted_proxies: frozenset[_Network] = field(default_factory=frozenset)
    country_header: str = ""
    grace_seconds: float = 10.0
    log_level: str = "info"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        InvalidArgumentError: with every variable that is unknown or wrong.
    """
    given = {name: value for name, value in environment.items() if name.startswith(_PREFIX)}
    values: dict[str, object] = {}
    violations: list[Violation] = []
    for variable, text in sorted(given.items()):
        name = variable.removeprefix(_PREFIX).lower()
        reader = _READERS.get(name)
        if reader is None or variable != variable.upper():
            known = ", ".join(_PREFIX + known.upper() for known in _READERS)
            violations.append(
                _violation(variable, "UNKNOWN_VARIABLE", f"there is no such setting; there are {known}")
            )
            continue
        read, expected = reader
        try:
            values[name] = read(text)
        except ValueError:
            violations.append(_violation(variable, "INVALID_VARIABLE", f"must be {expected}"))
    refuse(violations)
    return Settings(**values)  # type: ignore[arg-type]  # each reader returns its field's type


def _violation(variable: str, code: str, description: str) -> Violation:
    return Violation(field=variable, code=code, description=description)


def _whole(lowest: int, highest: int) -> tuple[Callable[[str], int], str]:
    def read(text: str) -> int:
        number = int(text)
        if not lowest <= number <= highest:
            raise ValueError(text)
        return number

    return read, f"a whole number from {lowest} to {highest}"


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number <= 86_400:
        raise ValueError(text)
    return number


def _truth(text: str) -> bool:
    if text.lower() not in _TRUTHS:
        raise ValueError(text)
    return _TRUTHS[text.lower()]


def _level(text: str) -> str:
    if text.lower() not in _LOG_LEVELS:
        raise ValueError(text)
    return text.lower()


def _networks(text: str) -> frozenset[_Network]:
    return frozenset(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _properties(text: str) -> frozenset[str]:
    names = frozenset(part.strip() for part in text.split(",") if part.strip())
    if not all(
        isinstance(operand(name), EventProperty) and not is_hashed(property_path(name)) for name in names
    ):
        raise ValueError(text)
    return names


def path(text: str) -> Path:
    """Read a path; raises ValueError for none, which would be where the process happens to be."""
    if not text.strip():
        raise ValueError(text)
    return Path(text)


def _path_or_none(text: str) -> Path | None:
    return path(text) if text.strip() else None


def _header(text: str) -> str:
    name = text.strip().lower()
    if name and not _HEADER.fullmatch(name):
        raise ValueError(text)
    return name


def _host(text: str) -> str:
    if not text.strip():
        raise ValueError(text)
    return text.strip()


def _clickhouse(text: str) -> str:
    text = text.strip()
    # A port that is no number is a ValueError of its own. Without a host the client would take this machine.
    at = urlsplit(text)
    if text and not (at.scheme in _CLICKHOUSE_SCHEMES and at.hostname and at.port != 0):
        raise ValueError(text)
    # Of a password with these characters the rest would be the host, or the database.
    if at.fragment or "@" in at.path + at.query or "/" in at.path[1:].rstrip("/"):
        raise ValueError(text)
    # Of a part that no name of a host may have, this is a ValueError of its own.
    (at.hostname or "").encode("idna")
    is_tls = at.scheme == "https" or at.port in _TLS_PORTS
    if at.query and not _are_options(at.query, is_tls=is_tls):
        raise ValueError(text)
    return text


def _are_options(query: str, *, is_tls: bool) -> bool:
    """Tell whether it is options that the client takes, each once and with a value that it knows."""
    known = _CLICKHOUSE_OPTIONS | (_TLS_OPTIONS if is_tls else {})
    values = {name: value for name, value in parse_qsl(query) if re.fullmatch(known.get(name, ""), value)}
    return len(values) == len(query.split("&"))


def _origins(text: str) -> frozenset[str]:
    origins = frozenset(origin.strip().rstrip("/").lower() for origin in text.split(",") if origin.strip())
    if not all(origin in _NO_PLACES or _ORIGIN.fullmatch(origin) for origin in origins):
        raise ValueError(text)
    return origins


_TEXT: tuple[Callable[[str], str], str] = (str, "a text")
_SECONDS: tuple[Callable[[str], float], str] = (_seconds, "a number of seconds above 0, at most 86400")

# How each is read, and what to say when it cannot be.
_READERS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "data_dir": (path, "a path"),
    "host": (_host, "an address, such as 127.0.0.1, or 0.0.0.0 for all of the machine's"),
    "http_port": _whole(0, 65_535),
    "grpc_port": _whole(0, 65_535),
    "clickhouse_dsn": (
        _clickhouse,
        _CLICKHOUSE_FORM,
    ),
    "catalog_url": _TEXT,
    "pool_size": _whole(1, 64),
    "max_waiting": _whole(0, 10_000),
    "max_seconds": _SECONDS,
    "max_rows_read": _whole(1, 10**15),
    "max_memory_mib": _whole(64, 10**7),
    "cache_mib": _whole(0, 10**6),
    "rollups": (_truth, "true or false"),
    "promoted_properties": (_properties, "names of events' properties, separated by commas"),
    "max_request_mib": _whole(1, 64),
    "max_calls": _whole(1, 10_000),
    "max_streams": _whole(0, 10_000),
    "max_streams_of_project": _whole(0, 10_000),
    "cors_origins": (_origins, "origins such as https://app.example.com, separated by commas, or *"),
    "geo_file": (_path_or_none, "a path"),
    "trusted_proxies": (_networks, "networks separated by commas, such as 10.0.0.0/8"),
    "country_header": (_header, "the name of a header"),
    "grace_seconds": _SECONDS,
    "log_level": (_level, f"one of {', '.join(_LOG_LEVELS)}"),
}
