"""Which zone is suggested to who names none."""

import pytest

from eventglass.catalog.zones import no_zone


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("utc", "UTC"),
        ("europe/berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("Asia/Tokio", "Asia/Tokyo"),
        ("Louisville", "America/Louisville"),
    ],
)
def test_a_zone_that_is_surely_meant_is_suggested(name: str, meant: str) -> None:
    assert no_zone(name) == f'is no IANA time zone; did you mean "{meant}"?'


@pytest.mark.parametrize(
    "name", ["PST", "EDT", "CST", "Z", "GMT+2", "UTC+2", "+02:00", "Etc/GMT+15", "America/San_Francisco", ""]
)
def test_none_is_suggested_that_is_only_spelt_alike_and_may_be_hours_away(name: str) -> None:
    assert no_zone(name) == 'is no IANA time zone; use one such as "Europe/Berlin"'
