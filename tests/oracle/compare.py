"""Says in words where two answers differ."""

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from insights.v1.funnel_pb2 import FunnelBreakdown, FunnelStep, FunnelTrendPoint
from insights.v1.query_service_pb2 import QueryResponse
from insights.v1.retention_pb2 import Cohort, RetentionBreakdown
from insights.v1.series_pb2 import Kpi, KpiComparison, SeriesPoint
from insights.v1.table_pb2 import Row

# Metadata says how an answer was found; tokens are opaque.
_IGNORED = frozenset({"metadata", "next_page_token"})

RELATIVE = 1e-9

# Numbers that cancel (0.1 + 0.2 - 0.3) leave the rounding errors of the numbers they were summed of.
# The worlds hold at most some hundred numbers that may cancel, each below 1e4: their errors stay
# below 1e-9 (300 * 1e4 * 2^-53 = 3e-10). No number that is truly not 0 is that small there
# (the smallest is 1e-7), so nothing real hides in it. Counts differ by at least 1, so they are
# still compared exactly as long as they are below 1e9.
ABSOLUTE = 1e-9

# Lengths of time agree to the millisecond: a length that was rounded to one is at most half of one off.
NANOSECONDS = 500_000


def differences(expected: QueryResponse, actual: QueryResponse) -> list[str]:
    """List what is different, in the order of the answer; nothing if the two agree.

    The structure must be the same, absent numbers included. Numbers agree within 1e-9, relative, lengths of
    time to the millisecond.
    """
    return list(_in_message("", expected, actual))


def _in_message(path: str, expected: Message, actual: Message) -> Iterator[str]:
    if isinstance(expected, Timestamp) and isinstance(actual, Timestamp):
        if expected != actual:
            yield f"{path}: expected {_time(expected)}, got {_time(actual)}"
        return
    if isinstance(expected, Duration) and isinstance(actual, Duration):
        if abs(expected.ToNanoseconds() - actual.ToNanoseconds()) > NANOSECONDS:
            yield f"{path}: expected {expected.ToJsonString()}, got {actual.ToJsonString()}"
        return
    for field in expected.DESCRIPTOR.fields:
        if field.name in _IGNORED:
            continue
        where = f"{path}.{field.name}".removeprefix(".")
        ours, theirs = getattr(expected, field.name), getattr(actual, field.name)
        if field.is_repeated:
            yield from _in_list(where, ours, theirs)
        elif field.has_presence and expected.HasField(field.name) != actual.HasField(field.name):
            yield f"{where}: expected {_present(expected, field.name)}, got {_present(actual, field.name)}"
        else:
            yield from _in_value(where, ours, theirs, scale=_scale(expected, field.name))


def _in_list(path: str, expected: Sequence[Any], actual: Sequence[Any]) -> Iterator[str]:
    if len(expected) != len(actual):
        yield f"{path}: expected {len(expected)} items, got {len(actual)}"
    for index, (ours, theirs) in enumerate(zip(expected, actual, strict=False)):
        yield from _in_value(f"{path}[{index}]{_named(ours)}", ours, theirs)
    for index in range(len(actual), len(expected)):
        yield f"{path}[{index}]{_named(expected[index])}: is missing"
    for index in range(len(expected), len(actual)):
        yield f"{path}[{index}]{_named(actual[index])}: is one too many"


def _in_value(path: str, expected: Any, actual: Any, *, scale: float = 0.0) -> Iterator[str]:
    if isinstance(expected, Message):
        yield from _in_message(path, expected, actual)
    elif isinstance(expected, float):
        if not _close(expected, actual, scale):
            yield f"{path}: expected {expected!r}, got {actual!r}"
    elif expected != actual:
        yield f"{path}: expected {expected!r}, got {actual!r}"


def _close(expected: float, actual: float, scale: float) -> bool:
    return abs(expected - actual) <= RELATIVE * max(abs(expected), abs(actual), scale) + ABSOLUTE


def _scale(message: Message, field: str) -> float:
    """The size of the numbers that a number was subtracted of: a change may be much smaller than they."""
    return abs(message.value) if isinstance(message, KpiComparison) and field == "change" else 0.0


def _present(message: Message, field: str) -> str:
    return repr(getattr(message, field)) if message.HasField(field) else "nothing"


def _named(item: object) -> str:
    """What a point or row is, so that its difference can be understood without counting."""
    match item:
        case SeriesPoint():
            value = [_dimension(dimension) for dimension in item.dimensions]
            parts = [
                item.event,
                *value,
                *([item.comparison] if item.comparison else []),
                _time(item.timestamp),
            ]
        case Row():
            parts = [_dimension(dimension) for dimension in item.dimensions]
        case FunnelBreakdown() | RetentionBreakdown():
            parts = [_dimension(dimension) for dimension in item.dimensions]
        case FunnelTrendPoint():
            parts = [_time(item.timestamp)]
        case Cohort():
            parts = [_time(item.cohort_date)]
        case Kpi() | FunnelStep():
            parts = [item.event]
        case _:
            return ""
    return f"({' · '.join(parts)})"


def _dimension(dimension: Message) -> str:
    return " ".join(str(dimension).split())


def _time(time: Timestamp) -> str:
    return time.ToDatetime(UTC).isoformat(timespec="milliseconds")
