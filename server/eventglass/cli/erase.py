"""`eventglass erase`: what was erased leaves the disk, and nobody has to take that on trust."""

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from eventglass.backend import opened
from eventglass.cli import place
from eventglass.cli.legible import legible
from eventglass.cli.place import Place
from eventglass.engine.embedded import files_of
from eventglass.errors import NotFoundError, refuse
from eventglass.identity.disk import Gone, remove_erased
from eventglass.identity.told import Erased
from eventglass.ingest.times import milliseconds
from eventglass.settings import Settings
from eventglass.spec.profiles import of_id


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what it takes."""
    parser.add_argument("ids", nargs="*", metavar="ID", help="erase the person of this id, too")
    parser.add_argument("--project", metavar="ID", help="the project (or EVENTGLASS_PROJECT)")
    place.data_directory(parser)
    parser.set_defaults(url=None, key=None)


def run(given: argparse.Namespace) -> int:
    """Erase, and say what is proven."""
    # An empty one, as of a variable that is not set, would stand for all events of nobody.
    refuse([violation for each in given.ids for violation in of_id("ID", each, hint="name the person")])
    where = place.place_of(given)
    _check_directory(where.settings)
    gone = asyncio.run(_erase(given.ids, where))
    _print(gone, where)
    return 0


def _check_directory(settings: Settings) -> None:
    """Refuse a directory with nothing in it to erase: to open one would make it.

    Raises:
        NotFoundError: it is none of eventglass.
    """
    catalog = None if settings.catalog_url else settings.data_dir / "catalog.db"
    engine = None if settings.clickhouse_dsn else files_of(settings.data_dir)
    of_eventglass = [each for each in (catalog, engine) if each is not None]
    if of_eventglass and not any(each.exists() for each in of_eventglass):
        raise NotFoundError(
            f"{settings.data_dir} is not a data directory: name it with --data-dir or EVENTGLASS_DATA_DIR"
        )


async def _erase(ids: list[str], where: Place) -> Gone:
    folder: Path | None = None if where.settings.clickhouse_dsn else files_of(where.settings.data_dir)
    async with opened(where.settings) as backend:
        project = backend.catalog.project(where.project)
        for each in ids:
            scope = await backend.scope(project, "erase")
            now = datetime.now(UTC)
            await backend.register.tell(
                Erased(
                    project_id=project.id,
                    now_ms=milliseconds(now),
                    user_id=each,
                    with_events=True,
                    until_ms=milliseconds(max(now, scope.watermark or now)),
                )
            )
        return await remove_erased(backend.engine, project.id, folder)


def _print(gone: Gone, where: Place) -> None:
    console = Console(markup=False, highlight=False, soft_wrap=True)
    console.print(f"{where.project}: {len(gone.ids):,} ids, {gone.rows:,} rows were taken off the disk")
    if gone.files:
        console.print(f"searched {gone.files:,} files, decompressed: no row of an erased person is left")
    for each in gone.named:
        console.print(f"still named by other events, or in their properties: {legible(each)}")
