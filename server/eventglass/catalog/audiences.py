"""A project's audiences. Every method names the project, and sees nothing of others; blocks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from google.protobuf.json_format import MessageToJson, Parse
from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from eventglass.catalog.audience import Audience
from eventglass.catalog.catalog import Catalog
from eventglass.catalog.ids import is_id, new_id
from eventglass.catalog.schema import AUDIENCES
from eventglass.errors import AlreadyExistsError, LimitError, NotFoundError
from insights.v1.filter_pb2 import FilterExpression

MOST_OF_PROJECT = 1_000


class Audiences:
    """The audiences in a catalog. Raises UnavailableError from every method when it is away."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def create(
        self, project_id: str, *, name: str, description: str, where: FilterExpression, now: datetime
    ) -> Audience:
        """Add one; what it is made of is valid.

        Raises:
            AlreadyExistsError: the project has one of that name.
            LimitError: the project has as many as it may.
        """
        audience = Audience(
            id=new_id(),
            name=name,
            description=description,
            where=where,
            created_at=now,
            updated_at=now,
        )
        values = {
            "id": audience.id,
            "project_id": project_id,
            "name": name,
            "description": description,
            "tree": _written(where),
            "created_at": now,
            "updated_at": now,
        }
        of_project = select(func.count()).where(AUDIENCES.c.project_id == project_id)
        with _of_unique_name(name), self._catalog.transaction() as connection:
            if connection.execute(of_project).scalar_one() >= MOST_OF_PROJECT:
                raise LimitError(
                    f"a project has at most {MOST_OF_PROJECT:,} audiences; delete one that is not used",
                    reason="TOO_MANY_AUDIENCES",
                )
            connection.execute(insert(AUDIENCES).values(values))
        return audience

    def get(self, project_id: str, audience_id: str) -> Audience:
        """Give one.

        Raises:
            NotFoundError: the project has none of that id.
        """
        _check(audience_id)
        with self._catalog.transaction() as connection:
            row = connection.execute(select(AUDIENCES).where(_is(project_id, audience_id))).one_or_none()
        if row is None:
            raise _none_of(audience_id)
        return _audience(row)

    def tree(self, project_id: str, audience_id: str) -> FilterExpression | None:
        """Say who is in one; None if the project has none of that id."""
        try:
            return self.get(project_id, audience_id).where
        except NotFoundError:
            return None

    def page(self, project_id: str, *, after: str | None, size: int) -> list[Audience]:
        """Give so many at most, by name, those after a name."""
        query = select(AUDIENCES).where(AUDIENCES.c.project_id == project_id)
        if after is not None:
            query = query.where(AUDIENCES.c.name > after)
        page = query.order_by(AUDIENCES.c.name).limit(size)
        with self._catalog.transaction() as connection:
            return [_audience(row) for row in connection.execute(page)]

    def update(
        self,
        project_id: str,
        audience_id: str,
        *,
        name: str | None,
        description: str | None,
        where: FilterExpression | None,
        now: datetime,
    ) -> Audience:
        """Change what is not None of one, and give it as it then is.

        Raises:
            NotFoundError: the project has none of that id.
            AlreadyExistsError: it has another one of that name.
        """
        _check(audience_id)
        given = {
            "name": name,
            "description": description,
            "tree": None if where is None else _written(where),
            "updated_at": now,
        }
        changed = {column: value for column, value in given.items() if value is not None}
        change = update(AUDIENCES).where(_is(project_id, audience_id)).values(changed)
        with _of_unique_name(name or ""), self._catalog.transaction() as connection:
            connection.execute(change)
            row = connection.execute(select(AUDIENCES).where(_is(project_id, audience_id))).one_or_none()
        if row is None:
            raise _none_of(audience_id)
        return _audience(row)

    def delete(self, project_id: str, audience_id: str) -> None:
        """Take one away.

        Raises:
            NotFoundError: the project has none of that id.
        """
        _check(audience_id)
        with self._catalog.transaction() as connection:
            if connection.execute(delete(AUDIENCES).where(_is(project_id, audience_id))).rowcount == 0:
                raise _none_of(audience_id)


@contextmanager
def _of_unique_name(name: str) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise AlreadyExistsError(f"there is an audience {name!r} already; choose another name") from None


def _is(project_id: str, audience_id: str) -> ColumnElement[bool]:
    return (AUDIENCES.c.project_id == project_id) & (AUDIENCES.c.id == audience_id)


def _check(audience_id: str) -> None:
    if not is_id(audience_id):
        raise _none_of(audience_id)


def _none_of(audience_id: str) -> NotFoundError:
    return NotFoundError(f"this project has no audience {audience_id[:100]!r}; List gives those that it has")


def _written(where: FilterExpression) -> str:
    return MessageToJson(where, indent=None)


# SQLAlchemy's rows know their columns only as they run.
def _audience(row: Row[Any]) -> Audience:
    return Audience(
        id=row.id,
        name=row.name,
        description=row.description,
        where=Parse(row.tree, FilterExpression()),
        created_at=_aware(row.created_at),
        updated_at=_aware(row.updated_at),
    )


def _aware(time: datetime) -> datetime:
    """Give a time its zone; SQLite forgets it."""
    return time if time.tzinfo else time.replace(tzinfo=UTC)
