"""Rules of lengths of time."""

from collections.abc import Iterator

from google.protobuf.duration_pb2 import Duration

from eventglass.errors import Violation


def violations(path: str, given: Duration, *, longest_days: int) -> Iterator[Violation]:
    """Check that a length of time is positive, not too long, and in whole milliseconds."""
    found = list(of_length(path, given, longest_days=longest_days))
    yield from found
    if not found and given.nanos % 1_000_000:
        yield Violation(
            field=path, code="TOO_FINE", description="must be in whole milliseconds; round it, as in 0.5s"
        )


def of_length(path: str, given: Duration, *, longest_days: int) -> Iterator[Violation]:
    """Check that a length of time is positive and not too long."""
    is_positive = (given.seconds, given.nanos) > (0, 0) and 0 <= given.nanos < 1_000_000_000
    if not is_positive or given.seconds > longest_days * 86_400 - (given.nanos > 0):
        yield Violation(
            field=path,
            code="OUT_OF_RANGE",
            description=f'must be longer than 0 and at most {longest_days} days, such as "604800s"',
        )
