"""Read single JSON values: scalars, enum names, instants and durations; strictly, with a remedy."""

import difflib
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.duration_pb2 import Duration

# Longer names are not compared with known ones, which takes quadratic time.
_LONGEST_NAME = 64
_SHOWN = 40
_INT32 = range(-(2**31), 2**31)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,400})(?:\.\d{1,400})?(?:[eE][+-]?\d{1,4})?", re.ASCII)
# As protobuf's JSON writes numbers that are not finite.
_NOT_FINITE = frozenset({"NaN", "Infinity", "-Infinity"})
_INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))",
    re.ASCII,
)
_EXAMPLE = '"2026-05-01T00:00:00Z"'
_DURATION = re.compile(r"-?\d{1,12}(?:\.\d{1,9})?s", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_DURATION = 315_576_000_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a value cannot be read, and what to do."""

    code: str
    description: str


ReadScalar = Callable[[object], "str | bool | int | float | Wrong"]


def kind(value: object) -> str:
    """Name the kind of a JSON value."""
    return next(name for types, name in _KINDS if isinstance(value, types))


def closest(name: str, names: list[str]) -> str | None:
    """Find the name that was probably meant."""
    if not name or len(name) > _LONGEST_NAME:
        return None
    by_lower = {known.lower(): known for known in names}
    lower = name.lower()
    begun = [known for known in by_lower if known.startswith(lower)]
    close = begun or difflib.get_close_matches(lower, by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def shown(text: str) -> str:
    """Quote what was sent, shortened."""
    return json.dumps(text if len(text) <= _SHOWN else text[:_SHOWN] + "…", ensure_ascii=False)


def read_text(value: object) -> str | Wrong:
    """Read a text that is also valid UTF-8."""
    if not isinstance(value, str):
        return Wrong("WRONG_TYPE", f"must be a text, not {kind(value)}")
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        return Wrong("INVALID_TEXT", "holds half of a surrogate pair; send whole characters")
    return value


def read_boolean(value: object) -> bool | Wrong:
    """Read true or false."""
    if isinstance(value, bool):
        return value
    return Wrong("WRONG_TYPE", f"must be true or false, not {kind(value)}")


def read_double(value: object) -> float | Wrong:
    """Read a finite number, or a text that is one."""
    number = _read_number(value)
    if isinstance(number, float) and not math.isfinite(number):
        return Wrong("NOT_FINITE", "must be a finite number that fits a double")
    return number


def read_int32(value: object) -> int | Wrong:
    """Read a whole number of 32 bits."""
    number = read_double(value)
    if isinstance(number, Wrong):
        return number
    if not _INT32[0] <= number <= _INT32[-1]:
        # No field takes all that 32 bits hold, so this is not told as what it takes.
        last = _INT32[-1] if number > 0 else _INT32[0]
        return Wrong("OUT_OF_RANGE", f"is beyond even {last}; stay within the limit of this field")
    if not number.is_integer():
        return Wrong("WRONG_TYPE", "must be a whole number")
    return int(number)


def _read_number(value: object) -> float | Wrong:
    """Read a number, or a text that is one, also where it is not finite."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return Wrong("WRONG_TYPE", f"must be a number, not {kind(value)}")
    if isinstance(value, str) and not _NUMBER.fullmatch(value) and value not in _NOT_FINITE:
        return Wrong("WRONG_TYPE", f"must be a number, not the text {shown(value)}")
    try:
        return float(value)
    except OverflowError:  # a whole number that no double holds
        return math.inf


def enum_reader(descriptor: EnumDescriptor) -> ReadScalar:
    """Make the reader of an enum: its names, or its numbers."""
    numbers = {value.name: value.number for value in descriptor.values}
    choices = [value.name for value in descriptor.values if value.number]
    prefix = descriptor.values[0].name.removesuffix("UNSPECIFIED")
    suffixes = [choice.removeprefix(prefix) for choice in choices]

    def read(value: object) -> int | Wrong:
        if isinstance(value, str):
            if value in numbers:
                return numbers[value]
            meant = closest(value.upper().removeprefix(prefix), suffixes)
            hint = f"did you mean {prefix}{meant}?" if meant else f"use one of {', '.join(choices)}"
            return Wrong("UNKNOWN_VALUE", f"{shown(value)} is no value of this field; {hint}")
        if isinstance(value, int) and not isinstance(value, bool) and value in _INT32:
            if value in descriptor.values_by_number:
                return value
            known = f"use one of {', '.join(choices)}"
            return Wrong("UNKNOWN_VALUE", f"{value} is no number of this field's values; {known}")
        return Wrong("WRONG_TYPE", f"must be one of {', '.join(choices)}; this is {kind(value)}")

    return read


def read_instant(value: object) -> tuple[int, int] | Wrong:
    """Read an RFC 3339 instant as seconds since 1970 and nanoseconds."""
    wrong = Wrong("INVALID_TIMESTAMP", f"must be an RFC 3339 instant with a zone, such as {_EXAMPLE}")
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return wrong
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    fraction, sign, offset_hours, offset_minutes = match.groups()[6:]
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        if sign is not None:
            offset = timedelta(hours=int(offset_hours), minutes=int(offset_minutes))
            local = local - offset if sign == "+" else local + offset
    except (ValueError, OverflowError):
        return wrong
    since = local - _EPOCH
    return since.days * 86_400 + since.seconds, int((fraction or "0").ljust(9, "0"))


def read_duration(value: object) -> Duration | Wrong:
    """Read a number of seconds with "s" behind."""
    if isinstance(value, str) and _DURATION.fullmatch(value):
        sign = -1 if value.startswith("-") else 1
        seconds, _, fraction = value.strip("-s").partition(".")
        if int(seconds) <= _LONGEST_DURATION:
            return Duration(seconds=sign * int(seconds), nanos=sign * int(fraction.ljust(9, "0")))
    return Wrong("INVALID_DURATION", 'must be a number of seconds with "s" behind, such as "604800s"')


# In this order: a boolean is an int, too.
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "a boolean"),
    ((int, float), "a number"),
    (str, "a text"),
    (list, "a list"),
    (dict, "an object"),
    (object, "null"),
)

SCALARS: dict[int, ReadScalar] = {
    FieldDescriptor.TYPE_STRING: read_text,
    FieldDescriptor.TYPE_BOOL: read_boolean,
    FieldDescriptor.TYPE_DOUBLE: read_double,
    FieldDescriptor.TYPE_INT32: read_int32,
}
