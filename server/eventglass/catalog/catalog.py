"""Projects and keys, in SQLite by default or PostgreSQL. Safe to use from several threads; blocks."""

import re
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Row,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

from eventglass.catalog.database import database, file_of
from eventglass.catalog.failures import (
    check_pages,
    failure_of_call,
    failure_of_place,
    failure_of_start,
)
from eventglass.catalog.ids import is_id, new_id
from eventglass.catalog.keys import Key, access_text, fingerprint, new_secret, read_access
from eventglass.catalog.project import Access, Grant, Project, WeekStart
from eventglass.catalog.schema import KEYS, PROJECTS
from eventglass.catalog.upgrade import bring_up_to_date
from eventglass.catalog.zones import no_zone, zones
from eventglass.errors import (
    AlreadyExistsError,
    NotFoundError,
    PermissionDeniedError,
    UnauthenticatedError,
    UnavailableError,
    Violation,
    refuse,
)

# A key that is revoked elsewhere works at most this long.
GRANT_SECONDS = 1.0
_MAX_CACHED = 10_000
_LONGEST_NAME = 200
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def in_directory(folder: Path) -> URL:
    """Name the catalog that is a file of a data directory, whatever characters its path has."""
    return URL.create("sqlite", database=str(folder / "catalog.db"))


def open_catalog(url: str | URL) -> "Catalog":
    """Open a catalog and bring its tables up to date.

    Args:
        url: as SQLAlchemy reads it, such as `sqlite:////data/catalog.db`.

    Raises:
        InvalidArgumentError: the name is none, or one of a database without a driver here.
        UnavailableError: it cannot be reached, is damaged, or of a newer version.
    """
    engine = database(url)
    catalog = Catalog(engine)
    try:
        catalog.migrate()
    except UnavailableError:
        engine.dispose()
        raise
    return catalog


class Catalog:
    """An open catalog; make it with `open_catalog`.

    Raises UnavailableError from every method when the database is away or damaged.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file = file_of(engine.url)
        self._lock = threading.Lock()
        self._grants: dict[str, tuple[float, Grant]] = {}

    def migrate(self) -> None:
        """Bring the tables up to date; raises UnavailableError where that cannot be done."""
        url = self._engine.url
        try:
            with self._engine.begin() as connection:
                check_pages(connection, url)
                bring_up_to_date(connection)
        except DBAPIError as error:
            raise failure_of_start(error, url) from error
        self._file = file_of(url)

    def ping(self) -> None:
        """Return when the database answers, and is where the next start looks for it."""
        # SQLite goes on with a file that was moved or deleted.
        if file_of(self._engine.url) != self._file:
            raise failure_of_place(self._engine.url)
        with self.transaction() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def create_project(self, project: Project) -> None:
        """Add a project.

        Raises:
            InvalidArgumentError: its id or zone is none, or its name none that every database keeps.
            AlreadyExistsError: there is one of that id.
        """
        refuse(_violations(project))
        values = {
            "id": project.id,
            "name": project.name,
            "timezone": project.timezone,
            "week_start": project.week_start.value,
        }
        try:
            with self.transaction() as connection:
                connection.execute(insert(PROJECTS).values(values))
        except IntegrityError:
            raise AlreadyExistsError(f"there is a project {project.id} already") from None

    def project(self, project_id: str) -> Project:
        """Give a project.

        Raises:
            NotFoundError: there is none of that id.
        """
        row = None
        if _ID.fullmatch(project_id):
            with self.transaction() as connection:
                row = connection.execute(select(PROJECTS).where(PROJECTS.c.id == project_id)).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no project {project_id}")
        return _project(row)

    def projects(self) -> list[Project]:
        """Give all projects, by id."""
        with self.transaction() as connection:
            found = [_project(row) for row in connection.execute(select(PROJECTS))]
        # By code point; databases have orders of their own.
        return sorted(found, key=lambda project: project.id)

    def create_key(self, project_id: str, access: Collection[Access], *, name: str = "") -> tuple[Key, str]:
        """Add a key and give it with its secret, which cannot be had again.

        Raises:
            InvalidArgumentError: the name is none that every database keeps.
            NotFoundError: there is no such project.
        """
        refuse([*_violations_of_name(name)])
        self.project(project_id)
        secret = new_secret()
        key = Key(id=new_id(), project_id=project_id, name=name, access=frozenset(access), revoked=False)
        values = {
            "id": key.id,
            "project_id": project_id,
            "name": name,
            "secret_sha256": fingerprint(secret),
            "access": access_text(access),
            # SQLite's own clock has seconds, too few to order keys by.
            "created_at": datetime.now(UTC),
        }
        with self.transaction() as connection:
            connection.execute(insert(KEYS).values(values))
        return key, secret

    def keys(self, project_id: str) -> list[Key]:
        """Give a project's keys, revoked ones included, in the order in which they were made."""
        query = select(KEYS).where(KEYS.c.project_id == project_id).order_by(KEYS.c.created_at, KEYS.c.id)
        with self.transaction() as connection:
            return [_key(row) for row in connection.execute(query)]

    def revoke_key(self, key_id: str) -> None:
        """Make a key unknown: at once here, within `GRANT_SECONDS` in other processes.

        Raises:
            NotFoundError: there is no such key.
        """
        change = update(KEYS).where(KEYS.c.id == key_id).values(revoked_at=func.now())
        with self.transaction() as connection:
            if not is_id(key_id) or connection.execute(change).rowcount == 0:
                raise NotFoundError(f"there is no key {key_id}")
        with self._lock:
            self._grants.clear()

    def kept(self, secret: str, project_id: str) -> Grant | None:
        """Give what `grant` would, where it was looked up a moment ago. Does not block."""
        grant = self._kept(fingerprint(secret), time.monotonic())
        return grant if grant is not None and grant.project.id == project_id else None

    def grant(self, secret: str, project_id: str) -> Grant:
        """Say what a credential allows in a project.

        Raises:
            UnauthenticatedError: there is no such key, or it was revoked.
            PermissionDeniedError: the key is of another project. Whether there is such a project is
                not told.
        """
        grant = self._grant(fingerprint(secret))
        if grant.project.id != project_id:
            raise PermissionDeniedError(
                f"this key is not for project {project_id!r}; name its own project", reason="OTHER_PROJECT"
            )
        return grant

    def _grant(self, secret_sha256: str) -> Grant:
        now = time.monotonic()
        if (kept := self._kept(secret_sha256, now)) is not None:
            return kept
        query = (
            select(PROJECTS, KEYS.c.access)
            .join(KEYS, KEYS.c.project_id == PROJECTS.c.id)
            .where(KEYS.c.secret_sha256 == secret_sha256, KEYS.c.revoked_at.is_(None))
        )
        with self.transaction() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise UnauthenticatedError("this key is unknown or was revoked", reason="CREDENTIAL_UNKNOWN")
        grant = Grant(project=_project(row), access=read_access(row.access))
        with self._lock:
            if len(self._grants) >= _MAX_CACHED:
                self._grants.clear()
            # Counted from before the look-up, so that what it saw is no older.
            self._grants[secret_sha256] = (now + GRANT_SECONDS, grant)
        return grant

    def _kept(self, secret_sha256: str, now: float) -> Grant | None:
        with self._lock:
            until, grant = self._grants.get(secret_sha256, (0.0, None))
        return grant if now < until else None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give a connection for one transaction; IntegrityError passes through."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise failure_of_call(error) from error


def _violations(project: Project) -> list[Violation]:
    violations = []
    if not _ID.fullmatch(project.id):
        description = "use 1 to 64 letters, digits, '_', '.' or '-', a letter or digit first"
        violations.append(Violation(field="id", code="INVALID_ID", description=description))
    if project.timezone not in zones():
        description = f"{project.timezone!r} {no_zone(project.timezone)}"
        violations.append(Violation(field="timezone", code="UNKNOWN_TIMEZONE", description=description))
    return [*violations, *_violations_of_name(project.name)]


def _violations_of_name(name: str) -> Iterator[Violation]:
    if len(name) > _LONGEST_NAME or "\0" in name:
        description = f"must be at most {_LONGEST_NAME} characters, none of them U+0000"
        yield Violation(field="name", code="INVALID_VALUE", description=description)


# SQLAlchemy's rows know their columns only as they run.
def _project(row: Row[Any]) -> Project:
    return Project(id=row.id, name=row.name, timezone=row.timezone, week_start=WeekStart(row.week_start))


def _key(row: Row[Any]) -> Key:
    return Key(
        id=row.id,
        project_id=row.project_id,
        name=row.name,
        access=read_access(row.access),
        revoked=row.revoked_at is not None,
    )
