"""A pipeline, an engine, a writer and credentials that do what a test asks for."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pyarrow as pa
from sqlalchemy import create_engine

from eventglass import errors
from eventglass.catalog.audiences import Audiences
from eventglass.catalog.catalog import Catalog
from eventglass.catalog.project import Access, Grant, Project
from eventglass.engine.engine import Answers, Engine, Limits, Rows
from eventglass.identity.told import Told
from eventglass.ingest.accept import Sent
from eventglass.ingest.sender import UNKNOWN, Sender
from eventglass.live.broadcast import Broadcast
from eventglass.planning.scope import Scope
from eventglass.sql.statement import Statement
from eventglass.transport.audiences_service import audiences_service
from eventglass.transport.call import AnyMethod
from eventglass.transport.events_service import events_service
from eventglass.transport.profiles_service import profiles_sdk_service, profiles_service
from eventglass.transport.query_service import insights_service
from events.v1.events_service_pb2 import BatchCreateResponse
from insights.v1.query_service_pb2 import QueryRequest, QueryResponse

READ, WRITE, BOTH = "key-read", "key-write", "key-both"
PROJECT = "shop"
SECRET_OF_THE_SERVER = "SELECT secret FROM events_table"

_ACCESS = {
    READ: frozenset({Access.READ}),
    WRITE: frozenset({Access.WRITE}),
    BOTH: frozenset({Access.READ, Access.WRITE}),
}

# By the name of the first event that is asked for.
_VIOLATIONS = [
    errors.Violation(field="query.events[0].name", code="BAD_NAME", description="is bad; use a good one"),
    errors.Violation(field="query.formula", code="BAD_FORMULA", description="is worse; leave it out"),
]
ERRORS: dict[str, Callable[[], Exception]] = {
    "invalid": lambda: errors.InvalidArgumentError.of(_VIOLATIONS),
    "not-found": lambda: errors.NotFoundError("no such thing"),
    "exists": lambda: errors.AlreadyExistsError("there is one"),
    "limit": lambda: errors.LimitError("max_rows_read was hit", retry_after=timedelta(seconds=2.5)),
    "deadline": lambda: errors.DeadlineError("time is up"),
    "cancelled": lambda: errors.CancelledError("was ended"),
    "away": lambda: errors.UnavailableError("the engine is away", retry_after=timedelta(seconds=1)),
    "unspoken": lambda: errors.UnimplementedError("not spoken here"),
    "crash": lambda: ValueError(SECRET_OF_THE_SERVER),
}


class FakeGrants:
    """Three keys for one project."""

    def kept(self, _secret: str, _project_id: str) -> Grant | None:
        return None

    def grant(self, secret: str, project_id: str) -> Grant:
        if secret not in _ACCESS:
            raise errors.UnauthenticatedError("unknown key", reason="CREDENTIAL_UNKNOWN")
        if project_id != PROJECT:
            raise errors.PermissionDeniedError("not your project", reason="OTHER_PROJECT")
        return Grant(project=Project(id=PROJECT), access=_ACCESS[secret])


@dataclass(slots=True)
class SlowEngine:
    """An engine whose statements take their time, and which knows how they ended.

    Args:
        began: called when a statement begins.
    """

    began: Callable[[], None] = lambda: None
    running: int = 0
    cancelled: int = 0
    limits: list[Limits] = field(default_factory=list)

    async def query(self, _statement: Statement, limits: Limits) -> Rows:
        self.limits.append(limits)
        self.running += 1
        self.began()
        try:
            await asyncio.sleep(2.0)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.running -= 1
        return Rows(columns=[], rows_read=7, bytes_read=70, seconds=1.5)

    async def insert(self, table: str, rows: pa.Table) -> None:
        raise NotImplementedError

    async def settle_inserts(self) -> None:
        return

    async def ping(self) -> None:
        return


async def fake_answer(
    request: QueryRequest, scope: Scope, engine: Answers, deadline_seconds: float | None
) -> QueryResponse:
    """Raise, be slow, or send the request's circumstances back."""
    name = request.query.events[0].name if request.query.events else ""
    if name in ERRORS:
        error = ERRORS[name]()
        raise error
    if name == "slow":
        await engine.query(Statement(text="SELECT 1"), Limits(max_seconds=deadline_seconds))
    response = QueryResponse()
    response.metadata.query_id = scope.query_id
    response.metadata.timezone = scope.project.timezone
    response.metadata.rows_read = 7
    point = response.series.add(event=name, value=0.0)
    point.timestamp.FromDatetime(datetime(2026, 5, 1, tzinfo=UTC))
    return response


def fake_rules(request: QueryRequest, _project: Project) -> Sequence[errors.Violation]:
    """Ask for a time range with a start, and object to formulas."""
    found = []
    if not request.query.time_range.HasField("start"):
        found.append(
            errors.Violation(field="query.time_range.start", code="REQUIRED", description="is required")
        )
    if request.query.formula:
        found.append(errors.Violation(field="query.formula", code="BAD_FORMULA", description="leave it out"))
    return found


class FakeWriter:
    """Takes everything, stores nothing."""

    def check_room(self) -> None:
        """There is room."""

    async def take(
        self,
        project_id: str,
        events: Sequence[Sent],
        *,
        now: datetime,
        sent_at: datetime | None,
        sender: Sender,
    ) -> Awaitable[BatchCreateResponse]:
        assert sender == UNKNOWN
        assert project_id == PROJECT
        assert now.tzinfo is UTC
        assert sent_at is None or sent_at.tzinfo is UTC
        number = len(events)

        async def stored() -> BatchCreateResponse:
            return BatchCreateResponse(events_created=number)

        return stored()


class FakeRegister:
    """Believes everything, keeps nothing."""

    async def tell(self, told: Told) -> str:
        assert told.project_id == PROJECT
        return told.user_id


async def fake_scope(project: Project, query_id: str) -> Scope:
    return Scope(project=project, now=datetime.now(UTC), watermark=None, query_id=query_id)


def fake_methods(engine: Engine) -> list[AnyMethod]:
    return [
        *insights_service(
            answer=fake_answer,
            rules=fake_rules,
            engine=engine,
            scope=fake_scope,
            audience=lambda _project_id, _audience_id: None,
        ),
        # Nothing that has these fakes behind it asks for an audience.
        *audiences_service(
            audiences=Audiences(Catalog(create_engine("sqlite://"))), engine=engine, scope=fake_scope
        ),
        *events_service(
            writer=FakeWriter(),
            engine=engine,
            scope=fake_scope,
            broadcast=Broadcast(lambda _: 0, most_of_project=4),
            sender_of=lambda _: UNKNOWN,
        ),
        *profiles_sdk_service(FakeRegister()),
        *profiles_service(register=FakeRegister(), engine=engine, scope=fake_scope),
    ]
