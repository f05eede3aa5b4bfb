"""The project "demo": the bundled shop data set, and a key whose secret stays readable on this machine."""

from contextlib import suppress
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Final

from eventglass.backend import Backend
from eventglass.catalog.catalog import Catalog
from eventglass.catalog.project import Access, Project
from eventglass.cli.place import Note, read_note
from eventglass.errors import AlreadyExistsError, NotFoundError, UnauthenticatedError
from eventglass.ingest.importer import import_file
from eventglass.ingest.mapping import Mapping

PROJECT: Final = "demo"

_MAPPING: Final = Mapping(
    timestamp="timestamp", name_column="event", user_id="user_id", session_id="session_id"
)


async def load(backend: Backend, directory: Path) -> tuple[str, int]:
    """Make the project ready, which takes a moment the first time.

    Args:
        backend: where to.
        directory: the data directory, where the key of an earlier start is noted.

    Returns:
        A key that may read and write it, and the number of events that were added.
    """
    if (secret := _known_secret(backend.catalog, read_note(directory))) is not None:
        return secret, 0
    with suppress(AlreadyExistsError):
        backend.catalog.create_project(Project(id=PROJECT, name="Demo shop"))
    # Importing is safe to repeat, as after a first start that was interrupted.
    summary = await import_file(
        _data_set(), _MAPPING, project_id=PROJECT, writer=backend.writer, now=datetime.now(UTC)
    )
    _, secret = backend.catalog.create_key(PROJECT, [Access.READ, Access.WRITE], name="demo")
    return secret, summary.accepted


def _known_secret(catalog: Catalog, note: Note | None) -> str | None:
    if note is None or note.project != PROJECT:
        return None
    try:
        catalog.grant(note.key, PROJECT)
    except UnauthenticatedError:
        return None  # revoked, or of a catalog that is gone
    return note.key


def _data_set() -> Path:
    """Find the data set: in a checkout's examples, or where an installed package keeps it.

    Raises:
        NotFoundError: it is in neither.
    """
    package = Path(str(resources.files("eventglass")))
    places = (
        package.parents[1] / "examples" / "shop" / "events.csv.gz",
        package / "cli" / "demo_events.csv.gz",
    )
    for path in places:
        if path.is_file():
            return path
    raise NotFoundError(f"the demo data set is missing: {places[0]}")
