"""The engine as the agreement tests ask it: through the real pipeline."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from eventglass.catalog.project import Project, WeekStart
from eventglass.engine.layout import AFTER_LAST_TIME
from eventglass.engine.memory import Memory
from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.identity.told import Told, aliased, erased, identified
from eventglass.ingest import event_hours
from eventglass.ingest.accept import Row
from eventglass.ingest.batch import accept_batch
from eventglass.ingest.clock import Clock
from eventglass.ingest.counts_mark import mark
from eventglass.ingest.marks import Marks, open_marks
from eventglass.ingest.rollups import ROLLUPS, gather, gathered
from eventglass.ingest.times import EPOCH, MILLISECOND, milliseconds
from eventglass.ingest.writer import Writer
from eventglass.pipeline import answer as engine_answer
from eventglass.planning.scope import Scope
from eventglass.sql.statement import Statement
from insights.v1.filter_pb2 import FilterExpression
from insights.v1.query_service_pb2 import QueryRequest, QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec
from profiles.v1.profiles_sdk_service_pb2 import AliasRequest, IdentifyRequest
from tests.oracle.answer import answer as oracle_answer
from tests.oracle.compare import differences
from tests.oracle.history import stored
from tests.oracle.identities import Call
from tests.oracle.identities import identified as identified_events
from tests.oracle.worlds import World

# Events of so many examples lie beside each other. Their worlds are in any of four hundred years, whose
# months are partitions: a statement's plan grows with those, until it takes all the memory it may have.
_EXAMPLES_BESIDE_EACH_OTHER = 10


@dataclass
class Tally:
    """What one run of the tests compared: how many specs, and how many of them used each option."""

    specs: int = 0
    options: set[str] = field(default_factory=set)
    specs_with: Counter[str] = field(default_factory=Counter)

    def add(self, options: set[str]) -> None:
        """Count one spec that used some options."""
        self.specs += 1
        self.options |= options
        self.specs_with.update(options)

    def table(self) -> str:
        """Write the counts as a Markdown table, in the order of the options."""
        rows = [f"| {option} | {self.specs_with[option]} |" for option in sorted(self.specs_with)]
        return "\n".join([f"| option | specs of {self.specs} |", "| --- | --- |", *rows, ""])


async def _gather_counts(engine: Pool, *, until_ms: int) -> None:
    await event_hours.gather(engine, until_ms)


def rows_of(world: World) -> list[Row]:
    """Accept a world's events, in a year when none is dated later than it comes."""
    rows, rejected = accept_batch(world.events, Clock(now_ms=AFTER_LAST_TIME))
    assert not rejected
    return rows


def expected(spec: QuerySpec, world: World, audience: FilterExpression | None) -> QueryResponse:
    """Give the oracle's answer about a world."""
    return oracle_answer(
        spec,
        identified_events(stored(world.events, world.now), world.calls, world.now),
        now=world.now,
        timezone=world.timezone,
        week_start=world.week_start,
        audience=audience,
    )


def _arrival(rows: list[Row], world: World) -> datetime:
    """Give the earliest instant at which all that a question sees can arrive: mostly long before it.

    Where there is more, that arrives after the question is asked, as if another server's clock were ahead.
    """
    newest = max((row.time_ms for row in rows), default=0)
    return min(world.now + MILLISECOND, EPOCH + newest * MILLISECOND)


@dataclass
class Asking:
    """Stores worlds, and compares what the engine and the oracle answer about them."""

    engine: Pool
    writer: Writer
    register: Register
    # Properties that have columns of their own.
    promoted: frozenset[str] = frozenset()
    counts: event_hours.Counts | None = None
    marks: Marks | None = None
    begun: int = 0

    @cached_property
    def memory(self) -> Memory:
        def revision(project_id: str) -> Hashable:
            return self.writer.watermark(project_id), self.register.people(project_id)

        return Memory(self.engine, revision, most_bytes=2**24)

    async def begin(self) -> None:
        """Begin an example. Before some, the events of all worlds asked about so far are dropped."""
        if self.begun % _EXAMPLES_BESIDE_EACH_OTHER == 0:
            await self.engine.alter(Statement(text="ALTER TABLE events DROP PARTITION ALL"))
        self.begun += 1

    async def store(self, world: World) -> Project:
        """Put a world into a project of its own."""
        project = Project(
            id=f"world-{uuid.uuid4().hex}",
            timezone=world.timezone,
            week_start=WeekStart(world.week_start),
        )
        rows = rows_of(world)
        arrived = _arrival(rows, world)
        # In every other world some events are in the rollups already, some even twice, and some come later.
        early = len(rows) // 2 if len(rows) % 2 else 0
        if early:
            first = max(1, early // 2)
            await self._store_gathered(project, rows[:first], arrived)
            since_ms = self._newest_ms(project)
            await self._store_gathered(project, rows[first:early], arrived)
            until_ms = self._newest_ms(project) + 1
            for rollup in ROLLUPS:
                await self.engine.alter(gathered(rollup, since_ms, until_ms, memory_bytes=2**24))
            # Counts that were cut off count nothing.
            on = await mark(self.engine)
            await event_hours.gathered(self.engine, replace(on, until_ms=since_ms), until_ms)
        if rows[early:]:
            await self.writer.store(project.id, rows[early:], now=arrived)
        await self._tell(project, world)
        # In half of these, and of the others, all counts are gathered; anew in most that have erasures.
        # In half of that half all else is.
        erases = self.register.people(project.id).erasures > 0
        if rows and len(rows) % 4 in ({0, 1, 3} if erases else {0, 3}):
            gather_all = gather if len(rows) % 8 in {3, 4} else _gather_counts
            await gather_all(self.engine, until_ms=self._newest_ms(project) + 1)
        await self._take_note()
        return project

    async def store_more(self, world: World, project: Project, *, gathers: bool) -> None:
        """Put more events and calls into a project, and gather what is there perhaps."""
        await self.writer.store(project.id, rows_of(world), now=world.now)
        await self._tell(project, world)
        if gathers:
            await gather(self.engine, until_ms=self._newest_ms(project) + 1)
            await self._take_note()

    async def _tell(self, project: Project, world: World) -> None:
        # All at once, so that they are stored in groups; they take effect in their order.
        await asyncio.gather(*(self.register.tell(self._told(call, project, world)) for call in world.calls))

    async def _take_note(self) -> None:
        self.counts, self.marks = await event_hours.open_counts(self.engine), await open_marks(self.engine)

    async def _store_gathered(self, project: Project, rows: list[Row], now: datetime) -> None:
        if rows:
            await self.writer.store(project.id, rows, now=now)
            await gather(self.engine, until_ms=self._newest_ms(project) + 1)

    def _newest_ms(self, project: Project) -> int:
        watermark = self.writer.watermark(project.id)
        return milliseconds(watermark) if watermark else 0

    def _told(self, call: Call, project: Project, world: World) -> Told:
        now_ms = milliseconds(world.now)
        match call:
            case IdentifyRequest():
                return identified(call, project.id, now_ms)
            case AliasRequest():
                return aliased(call, project.id, now_ms)
            case _:
                return erased(call, self.scope(world, project))

    def scope(self, world: World, project: Project) -> Scope:
        """Say what a question about the newest world looks at."""
        people = self.register.people(project.id)
        return Scope(
            project=project,
            now=world.now,
            watermark=self.writer.watermark(project.id),
            query_id="test",
            people=people,
            promoted=self.promoted,
            counted=self.counts.of(project.id, people.erasures) if self.counts else None,
            gathered=self.marks.told() if self.marks else {},
        )

    async def compare(
        self,
        spec: QuerySpec,
        world: World,
        project: Project,
        audience: FilterExpression | None = None,
    ) -> None:
        """Fail where the two disagree."""
        actual = await self.answer(spec, world, project, audience)
        # Whoever shapes an answer must leave what is kept of it as it was.
        again = await self.answer(spec, world, project, audience)
        # The same statement, where none reads a rollup or a promoted property; its kept answer is given then.
        as_stored = await self.answer(spec, world, project, audience, rollups=False, promoted=frozenset())
        for other in (again, as_stored):
            # Doubles may be added up in another order.
            found = differences(actual, other)
            assert not found, f"{spec}\n{audience or ''}\n" + "\n".join(found[:20])

        found = differences(expected(spec, world, audience), actual)
        assert not found, f"{spec}\n{audience or ''}\n" + "\n".join(found[:20])

    async def answer(
        self,
        spec: QuerySpec,
        world: World,
        project: Project,
        audience: FilterExpression | None = None,
        *,
        rollups: bool = True,
        promoted: frozenset[str] | None = None,
    ) -> QueryResponse:
        """Answer a spec, all pages of a table together."""
        scope = replace(self.scope(world, project), audience=audience, rollups=rollups)
        if promoted is not None:
            scope = replace(scope, promoted=promoted)
        asked = QuerySpec()
        asked.CopyFrom(spec)
        memory = self.memory.of(project.id)
        response = await engine_answer(QueryRequest(query=asked), scope, memory, None)
        token = response.next_page_token
        while token:
            asked.page_token = token
            page = await engine_answer(QueryRequest(query=asked), scope, memory, None)
            assert page.rows, "a page that was promised is empty"
            assert page.total_rows == response.total_rows
            response.rows.extend(page.rows)
            token = page.next_page_token
        return response
