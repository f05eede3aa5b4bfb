"""The catalog alone, for commands that may run beside a server."""

import contextlib
from collections.abc import Iterator

from eventglass.catalog.catalog import Catalog, in_directory, open_catalog
from eventglass.errors import NotFoundError
from eventglass.settings import Settings


@contextlib.contextmanager
def opened_catalog(settings: Settings, *, may_make: bool = False) -> Iterator[Catalog]:
    """Open the catalog within the block.

    Args:
        settings: where it is.
        may_make: makes the data directory where there is none. Else a mistyped one would look empty.

    Raises:
        InvalidArgumentError: its address is none, or names a database without a driver here.
        NotFoundError: there is no data directory.
        UnavailableError: it cannot be reached, or is damaged.
    """
    if not settings.catalog_url:
        if not may_make and not settings.data_dir.is_dir():
            raise NotFoundError(f"there is no data directory {settings.data_dir}; name one with --data-dir")
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    catalog = open_catalog(settings.catalog_url or in_directory(settings.data_dir))
    try:
        yield catalog
    finally:
        catalog.close()
