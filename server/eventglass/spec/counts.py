"""Rules of counts that have a default."""

from collections.abc import Iterator

from eventglass.errors import Violation


def violations(path: str, given: int, *, most: int, default: str = "the default") -> Iterator[Violation]:
    """Check that a count is neither below 0, which stands for its default, nor too large.

    Args:
        path: of the field.
        given: as it was sent.
        most: the largest that is possible.
        default: what 0 stands for.
    """
    if not 0 <= given <= most:
        yield Violation(
            field=path, code="OUT_OF_RANGE", description=f"must be 1 to {most:,}, or 0 for {default}"
        )
