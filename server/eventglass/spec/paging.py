"""Rules of pages."""

from collections.abc import Callable, Iterator

from eventglass.errors import Violation
from eventglass.planning.page_tokens import DEFAULT_SIZE, LARGEST_SIZE, PageTokenError
from eventglass.spec import counts


def violations(prefix: str, size: int, token: str, decode: Callable[[], object]) -> Iterator[Violation]:
    """Check a page's size and the token that leads to it.

    Args:
        prefix: of the paths, such as `query.`.
        size: as it was sent.
        token: likewise; "" for the first page.
        decode: reads the token, or raises PageTokenError.
    """
    yield from counts.violations(f"{prefix}page_size", size, most=LARGEST_SIZE, default=str(DEFAULT_SIZE))
    if token:
        try:
            decode()
        except PageTokenError as error:
            yield Violation(field=f"{prefix}page_token", code="INVALID_PAGE_TOKEN", description=str(error))
