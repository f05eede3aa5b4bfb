"""Read single values of files: as a property's, as a name or id, as an object to spread.

Cells of text files (CSV) have no types. In properties, a cell that is written as JSON writes a number
is that number, `true` and `false` are booleans, and everything else is a text; so are numbers that a
double does not hold (more than 15 digits), `007` and `+5`.
"""

import math
import re
from collections.abc import Mapping as Values
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import orjson

from eventglass.ingest.compact import Json
from eventglass.ingest.whole_numbers import WholeNumber
from eventglass.planning.numbers import printed

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_MAX_DIGITS = 15


def read_cell(text: str) -> Json:
    """Read a cell that has no type as the value of a property."""
    if text in ("true", "false"):
        return text == "true"
    if _NUMBER.fullmatch(text) and sum(map(str.isdigit, text)) <= _MAX_DIGITS:
        return float(text)
    return text


def json_of(value: object) -> Json:
    """Bring what a Parquet file holds to what JSON has."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return float(value)
        case bytes():
            return value.decode("utf-8", "replace")
        case timedelta():
            return value.total_seconds()
        case datetime() | date() | time():
            return value.isoformat()
        case Values():
            return {str(key): json_of(each) for key, each in value.items()}
        case list() | tuple():
            return [json_of(each) for each in value]
        case _:
            return str(value)


def members_of(value: object) -> dict[str, Json] | None:
    """Give the members of an object, also of one that is written as JSON; None: it is none."""
    if isinstance(value, bytes | str) and value:
        try:
            read = orjson.loads(value)
        except orjson.JSONDecodeError:
            return None
        # As deep as it may be, nothing needs to be looked at within.
        if read in (None, "", []):
            return {}
        return read if isinstance(read, dict) else None
    if isinstance(value, list) and all(isinstance(each, tuple) for each in value):
        value = dict(value)  # a map of a Parquet file
    if value in (None, "", b""):
        return {}
    return {str(name): json_of(each) for name, each in value.items()} if isinstance(value, Values) else None


def why_no_id(value: object) -> tuple[str, str] | None:
    """Say why a value is neither a text nor a number, as names and ids are: the reason and a message."""
    match value:
        case bool():
            return "WRONG_TYPE", "is a boolean; it must be a text or a number"
        case Values() | list():
            return "WRONG_TYPE", "is a list or an object; it must be a text or a number"
        case bytes() if not _is_utf8(value):
            return "NOT_UTF8", "is not UTF-8"
        case float() | Decimal() if not math.isfinite(value):
            return "NOT_FINITE", "is no finite number"
        case _:
            return None


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def printed_id(value: object) -> str:
    """Print what a name or id is; "" if there is none. Whole numbers have all their digits."""
    if isinstance(value, WholeNumber):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        digits = format(value, "f")
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    content = json_of(value)
    if content is None:
        return ""
    return printed(content) if isinstance(content, float) and math.isfinite(content) else str(content)
