"""The engine against the oracle: random events, random specs, exact agreement."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from eventglass.catalog.project import Project, WeekStart
from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from eventglass.pipeline import answer as engine_answer
from eventglass.planning.scope import Scope
from insights.v1.query_service_pb2 import QueryRequest, QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.oracle.answer import answer as oracle_answer
from tests.oracle.compare import differences
from tests.oracle.coverage import every_option, options_of
from tests.oracle.history import stored
from tests.oracle.specs import specs
from tests.oracle.worlds import World, worlds

WORLDS = 225
SPECS_PER_WORLD = 10
AT_LEAST = 2_000


@dataclass
class Tally:
    """What one run of the tests compared."""

    specs: int = 0
    options: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def tally() -> Tally:
    return Tally()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ask(engine: Engine, writer: Writer) -> AsyncIterator["Ask"]:
    yield Ask(engine=engine, writer=writer)


@dataclass(frozen=True)
class Ask:
    """Stores worlds and asks the engine about them, through the real pipeline."""

    engine: Engine
    writer: Writer

    async def store(self, world: World) -> Project:
        """Put a world into a project of its own, in the batches it would arrive in."""
        project = Project(
            id=f"world-{uuid.uuid4().hex}",
            timezone=world.timezone,
            week_start=WeekStart(world.week_start),
        )
        if world.events:
            reply = await self.writer.write(project.id, world.events, now=world.now, sent_at=None)
            assert not reply.rejected
        return project

    async def __call__(self, spec: QuerySpec, world: World, project: Project) -> QueryResponse:
        """Answer a spec, all pages of a table together."""
        scope = Scope(
            project=project,
            now=world.now,
            watermark=self.writer.watermark(project.id),
            query_id="test",
        )
        asked = QuerySpec()
        asked.CopyFrom(spec)
        response = await engine_answer(QueryRequest(query=asked), scope, self.engine, None)
        token = response.next_page_token
        while token:
            asked.page_token = token
            page = await engine_answer(QueryRequest(query=asked), scope, self.engine, None)
            assert page.rows, "a page that was promised is empty"
            assert page.total_rows == response.total_rows
            response.rows.extend(page.rows)
            token = page.next_page_token
        return response


@settings(
    max_examples=WORLDS,
    deadline=None,
    # Without shrinking: every step would store a world. The message names the spec and what differs.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
async def test_random_specs_agree_with_the_oracle(data: st.DataObject, ask: Ask, tally: Tally) -> None:
    # first_time breaks ties by event_id, so the oracle must know them all.
    has_ids = data.draw(st.booleans())
    world = data.draw(worlds(all_have_ids=has_ids))
    project = await ask.store(world)
    events = stored(world.events, world.now)
    for _ in range(SPECS_PER_WORLD):
        spec = data.draw(specs(world, sessions=True, first_time=has_ids))

        actual = await ask(spec, world, project)

        expected = oracle_answer(
            spec, events, now=world.now, timezone=world.timezone, week_start=world.week_start
        )
        found = differences(expected, actual)
        assert not found, f"{spec}\n" + "\n".join(found[:20])
        tally.specs += 1
        tally.options |= options_of(spec)


def test_the_run_was_large_and_reached_every_option(tally: Tally) -> None:
    assert tally.specs >= AT_LEAST
    missed = every_option(sessions=True, first_time=True) - tally.options
    assert not missed


def test_every_built_visualization_is_compared() -> None:
    from eventglass.insights.registry import INSIGHTS  # noqa: PLC0415
    from tests.oracle.specs import VISUALIZATIONS  # noqa: PLC0415

    assert {Visualization.Name(each) for each in INSIGHTS} == {
        Visualization.Name(each) for each in VISUALIZATIONS
    }
