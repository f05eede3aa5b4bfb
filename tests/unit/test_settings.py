"""The environment is read strictly."""

from pathlib import Path

import pytest

from eventglass.errors import InvalidArgumentError
from eventglass.settings import Settings, read_settings

# Of the settings that 64 is no value of.
_VALUES = {
    "clickhouse_dsn": "clickhouse://default:@127.0.0.1:8123/default",
    "cors_origins": "*",
    "log_level": "info",
    "rollups": "false",
    "trusted_proxies": "10.0.0.0/8, ::1",
}


def test_the_defaults_listen_on_this_machine_only() -> None:
    settings = read_settings({})

    assert settings == Settings()
    assert (settings.host, settings.http_port, settings.grpc_port) == ("127.0.0.1", 8080, 50051)
    assert settings.cors_origins == frozenset()


def test_variables_are_read() -> None:
    settings = read_settings(
        {
            "EVENTGLASS_DATA_DIR": "/data",
            "EVENTGLASS_HTTP_PORT": "0",
            "EVENTGLASS_MAX_SECONDS": "1.5",
            "EVENTGLASS_CORS_ORIGINS": "http://localhost:5173/, https://A.example, null",
            "EVENTGLASS_LOG_LEVEL": "DEBUG",
            "EVENTGLASS_ROLLUPS": "False",
            "EVENTGLASS_PROMOTED_PROPERTIES": "plan, $geo.country",
            "PATH": "/bin",
        }
    )

    assert settings == Settings(
        data_dir=Path("/data"),
        http_port=0,
        max_seconds=1.5,
        cors_origins=frozenset({"http://localhost:5173", "https://a.example", "null"}),
        log_level="debug",
        rollups=False,
        promoted_properties=frozenset({"plan", "$geo.country"}),
    )


def test_everything_wrong_is_told_at_once() -> None:
    wrong = {
        "EVENTGLASS_HTTP_PORT": "70000",
        "EVENTGLASS_GRPC_PORT": "fifty",
        "EVENTGLASS_LOG_LEVEL": "loud",
        "EVENTGLASS_MAX_SECONDS": "nan",
        "EVENTGLASS_PORT": "1",
        "EVENTGLASS_PROMOTED_PROPERTIES": "plan,$user.plan",
        "EVENTGLASS_ROLLUPS": "1",
    }

    with pytest.raises(InvalidArgumentError) as caught:
        read_settings(wrong)

    assert [(found.field, found.code) for found in caught.value.violations] == [
        ("EVENTGLASS_GRPC_PORT", "INVALID_VARIABLE"),
        ("EVENTGLASS_HTTP_PORT", "INVALID_VARIABLE"),
        ("EVENTGLASS_LOG_LEVEL", "INVALID_VARIABLE"),
        ("EVENTGLASS_MAX_SECONDS", "INVALID_VARIABLE"),
        ("EVENTGLASS_PORT", "UNKNOWN_VARIABLE"),
        ("EVENTGLASS_PROMOTED_PROPERTIES", "INVALID_VARIABLE"),
        ("EVENTGLASS_ROLLUPS", "INVALID_VARIABLE"),
    ]


@pytest.mark.parametrize(
    "origin", ["dash.example", "https://dash.example/app", "https://", "a b", "https://*"]
)
def test_what_no_browser_sends_is_no_origin(origin: str) -> None:
    with pytest.raises(InvalidArgumentError, match="must be origins such as https:"):
        read_settings({"EVENTGLASS_CORS_ORIGINS": f"https://a.example,{origin}"})


@pytest.mark.parametrize(
    "dsn",
    [
        "ch.example:8123",
        "ch.example:8123/eventglass",
        "ch.example",
        "clickhouse://",
        "clickhouse://ch.example:http/db",
        "clickhouse://ch.example:99999/db",
        "clickhouse://[::1:8123/db",
        "clickhouse://ann:sec#ret@ch.example/db",
        "clickhouse://ann:12#ret@ch.example/db",
        "clickhouse://ann:12/ret@ch.example/db",
        "clickhouse://ann:12?ret@ch.example/db",
        "clickhouse://ch.example/db/table",
        "clickhouse://ch..example/db",
        f"clickhouse://{'ä' * 70}/db",
        "clickhouse://ch.example/db?secret=1",
        "clickhouse://ch.example/db?query_limit=10",
        "clickhouse://ch.example/db?connect_timeout",
        "clickhouse://ch.example/db?connect_timeout=",
        "clickhouse://ch.example/db?connect_timeout=1&connect_timeout=2",
        "clickhouse://ch.example/db?connect_timeout=0",
        "clickhouse://ch.example/db?ca_cert=secret.pem",
        "https://ch.example/db?verify=ture",
    ],
)
def test_what_is_no_address_of_a_clickhouse_is_refused_and_no_password_shown(dsn: str) -> None:
    with pytest.raises(
        InvalidArgumentError, match="EVENTGLASS_CLICKHOUSE_DSN: must be as in clickhouse:"
    ) as told:
        read_settings({"EVENTGLASS_CLICKHOUSE_DSN": dsn})

    assert "ret" not in str(told.value)


@pytest.mark.parametrize(
    "dsn",
    [
        "",
        "clickhouse://ch.example",
        "https://ann:s%23@ch.example:8443/db?connect_timeout=3",
        "https://ch.example/db/?ca_cert=%2Fetc%2Fca.pem&verify=true",
        "clickhouse://ch.example:8443/db?verify=false",
        "clickhouse://clickhöuse_1.example./db",
        "http://[::1]:8123/db",
    ],
)
def test_addresses_of_a_clickhouse(dsn: str) -> None:
    assert read_settings({"EVENTGLASS_CLICKHOUSE_DSN": dsn}).clickhouse_dsn == dsn


def test_no_host_is_no_address() -> None:
    with pytest.raises(InvalidArgumentError, match="EVENTGLASS_HOST: must be an address"):
        read_settings({"EVENTGLASS_HOST": ""})


@pytest.mark.parametrize("text", ["", " "])
def test_an_empty_path_is_no_place_for_data_and_no_file(text: str) -> None:
    with pytest.raises(InvalidArgumentError, match="EVENTGLASS_DATA_DIR: must be a path"):
        read_settings({"EVENTGLASS_DATA_DIR": text})
    assert read_settings({"EVENTGLASS_GEO_FILE": text}).geo_file is None


def test_the_header_of_countries_is_one() -> None:
    country_header = read_settings({"EVENTGLASS_COUNTRY_HEADER": " CF-IPCountry "}).country_header

    assert country_header == "cf-ipcountry"
    for wrong in ("CF-IPCountry:", "two words", "ü"):
        with pytest.raises(InvalidArgumentError, match="EVENTGLASS_COUNTRY_HEADER: must be the name"):
            read_settings({"EVENTGLASS_COUNTRY_HEADER": wrong})


def test_every_setting_can_be_set() -> None:
    for name in Settings.__dataclass_fields__:
        with pytest.raises(InvalidArgumentError, match="no such setting"):
            read_settings({f"EVENTGLASS_{name.upper()}_": "1"})
        read_settings({f"EVENTGLASS_{name.upper()}": _VALUES.get(name, "64")})
