"""In which country an address is, by a MaxMind file."""

from collections.abc import Callable
from pathlib import Path

import maxminddb

from eventglass.errors import UnavailableError


def open_countries(path: Path) -> Callable[[str], str]:
    """Open a file such as GeoLite2-Country.mmdb; what it makes tells the country of an address, or "".

    Raises:
        UnavailableError: there is no such file, or it is none of MaxMind's.
    """
    try:
        reader = maxminddb.open_database(path)
    except (OSError, maxminddb.InvalidDatabaseError) as error:
        raise UnavailableError(f"{path} is no MaxMind file: {error}", reason="CANNOT_OPEN") from error

    def country_of(address: str) -> str:
        try:
            entry = reader.get(address)
        except ValueError:  # no address, or an IPv6 one where the file has none
            return ""
        country = entry.get("country") if isinstance(entry, dict) else None
        code = country.get("iso_code") if isinstance(country, dict) else None
        return code if isinstance(code, str) else ""

    return country_of
