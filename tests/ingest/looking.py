"""Send events and look at what became of them."""

import asyncio
from datetime import UTC, datetime

import pyarrow as pa

from eventglass.engine.engine import Limits, Rows
from eventglass.engine.pool import Pool
from eventglass.errors import EventglassError, LimitError
from eventglass.ingest.writer import Writer
from eventglass.sql.statement import Statement
from events.v1.event_pb2 import Event
from events.v1.events_service_pb2 import BatchCreateResponse

NOW = datetime(2024, 5, 1, 12, 0, 0, 123_456, tzinfo=UTC)


async def ids(engine: Pool, project_id: str, table: str = "events") -> list[str]:
    column = "event_id" if table == "events" else "(upper, lower)"
    statement = Statement(
        text=f"SELECT {column} AS id FROM {table} WHERE project_id = {{project:String}} ORDER BY id",
        parameters={"project": project_id},
    )
    ((*found,),) = (await engine.query(statement, Limits())).columns
    return [str(each) for each in found]


async def one(engine: Pool, project_id: str, columns: str) -> list[object]:
    statement = Statement(
        text=f"SELECT {columns} FROM events WHERE project_id = {{project:String}}",
        parameters={"project": project_id},
    )
    return [column[0] for column in (await engine.query(statement, Limits())).columns]


async def send(writer: Writer, project_id: str, *event_ids: str, now: datetime = NOW) -> BatchCreateResponse:
    events = [Event(name="x", event_id=event_id) for event_id in event_ids]
    return await writer.write(project_id, events, now=now, sent_at=None)


class Faulty:
    """The engine, but what the test says fails: before or after it was done, or to be done later."""

    def __init__(self, engine: Pool) -> None:
        self._engine = engine
        self.failing: dict[str, EventglassError] = {}
        self.after = False
        self.later = False
        self._late: list[tuple[str, pa.Table]] = []
        self.inserts: list[int] = []
        self.tries = 0
        self.most_rows = 1_000_000
        self.hanging: asyncio.Event | None = None

    async def query(self, statement: Statement, limits: Limits) -> Rows:
        if "query" in self.failing:
            raise self.failing["query"]
        return await self._engine.query(statement, limits)

    async def insert(self, table: str, rows: pa.Table) -> None:
        self.tries += 1
        if self.hanging:
            await self.hanging.wait()
        if table == "events" and rows.num_rows > self.most_rows:
            raise LimitError("too large", reason="MEMORY_LIMIT")
        if table in self.failing and self.later:
            self._late.append((table, rows))
        if table in self.failing and not self.after:
            raise self.failing[table]
        await self._engine.insert(table, rows)
        if table == "events":
            self.inserts.append(rows.num_rows)
        if table in self.failing:
            raise self.failing[table]

    async def settle_inserts(self) -> None:
        while self._late:
            await self._engine.insert(*self._late.pop())
