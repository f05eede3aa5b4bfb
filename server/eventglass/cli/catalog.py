"""The catalog alone, for commands that may run beside a server."""

import contextlib
from collections.abc import Iterator

from eventglass.catalog.catalog import Catalog, open_catalog
from eventglass.settings import Settings


@contextlib.contextmanager
def opened_catalog(settings: Settings) -> Iterator[Catalog]:
    """Open the catalog within the block.

    Raises:
        InvalidArgumentError: its address is none, or names a database without a driver here.
        UnavailableError: it cannot be reached.
    """
    if not settings.catalog_url:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    catalog = open_catalog(settings.catalog_url or f"sqlite:///{settings.data_dir / 'catalog.db'}")
    try:
        yield catalog
    finally:
        catalog.close()
