"""Rules of pages."""

from collections.abc import Callable, Iterator

from eventglass.errors import Violation
from eventglass.planning.page_tokens import DEFAULT_SIZE, LARGEST_SIZE, PageTokenError


def violations(prefix: str, size: int, token: str, decode: Callable[[], object]) -> Iterator[Violation]:
    """Check a page's size and the token that leads to it.

    Args:
        prefix: of the paths, such as `query.`.
        size: as it was sent.
        token: likewise; "" for the first page.
        decode: reads the token, or raises PageTokenError.
    """
    if not 0 <= size <= LARGEST_SIZE:
        yield Violation(
            field=f"{prefix}page_size",
            code="OUT_OF_RANGE",
            description=f"must be 1 to {LARGEST_SIZE}, or 0 for {DEFAULT_SIZE}",
        )
    if token:
        try:
            decode()
        except PageTokenError as error:
            yield Violation(field=f"{prefix}page_token", code="INVALID_PAGE_TOKEN", description=str(error))
