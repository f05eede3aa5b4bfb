"""Lengths of time, in whole milliseconds."""

from google.protobuf.duration_pb2 import Duration


def milliseconds(duration: Duration) -> int:
    """Express a duration in whole milliseconds; finer parts are cut."""
    return duration.seconds * 1_000 + duration.nanos // 1_000_000
