"""The engine against the oracle: random events, random specs, exact agreement."""

import os
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from eventglass.insights.registry import INSIGHTS
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.oracle.answer import SHAPES
from tests.oracle.asking import Asking, Tally
from tests.oracle.coverage import every_option, options_of
from tests.oracle.funnel_coverage import (
    every_funnel_option,
    every_retention_option,
    options_of_funnel,
    options_of_retention,
)
from tests.oracle.funnel_specs import funnel_specs
from tests.oracle.funnel_worlds import funnel_worlds, retention_worlds
from tests.oracle.retention_specs import retention_specs
from tests.oracle.specs import specs
from tests.oracle.worlds import World, worlds

SPECS_PER_WORLD = 10

# A funnel costs a tenth of a second or more to compile and check; a full run compares 3,000 of them:
# FUNNELS_PER_RUN=3000 make test
FULL_FUNNELS = 3_000
FUNNELS = int(os.environ.get("FUNNELS_PER_RUN", "100"))


@dataclass(frozen=True)
class Kind:
    """One family of insights: how its worlds and specs are drawn, and how many a run compares."""

    worlds: Callable[..., st.SearchStrategy[World]]
    specs: Callable[..., st.SearchStrategy[QuerySpec]]
    options_of: Callable[[QuerySpec], set[str]]
    every_option: set[str]
    at_least: int


def _series_specs(world: World, *, first_time: bool) -> st.SearchStrategy[QuerySpec]:
    return specs(world, sessions=True, first_time=first_time)


KINDS = {
    "series": Kind(
        worlds=worlds,
        specs=_series_specs,
        options_of=options_of,
        every_option=every_option(sessions=True, first_time=True),
        at_least=2_000,
    ),
    "funnel": Kind(
        worlds=funnel_worlds,
        specs=funnel_specs,
        options_of=options_of_funnel,
        every_option=every_funnel_option(first_time=True) if FUNNELS >= FULL_FUNNELS else set(),
        at_least=FUNNELS,
    ),
    "retention": Kind(
        worlds=retention_worlds,
        specs=retention_specs,
        options_of=options_of_retention,
        every_option=every_retention_option(first_time=True),
        at_least=2_000,
    ),
}


@pytest.fixture(scope="module")
def asking(engine: Engine, writer: Writer) -> Asking:
    return Asking(engine=engine, writer=writer)


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    return {name: Tally() for name in KINDS}


def examples(kind: Kind) -> settings:
    """Run a test over so many worlds that enough specs are compared."""
    return settings(
        max_examples=kind.at_least // SPECS_PER_WORLD,
        deadline=None,
        # The same specs in every run, so that a failure is the change's; take the line out to explore.
        derandomize=True,
        # Without shrinking: every step would store a world. The message names spec and differences.
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


async def agree(name: str, data: st.DataObject, asking: Asking, tallies: dict[str, Tally]) -> None:
    kind, tally = KINDS[name], tallies[name]
    # first_time breaks ties by event_id, so the oracle must know them all.
    has_ids = data.draw(st.booleans())
    world = data.draw(kind.worlds(all_have_ids=has_ids))
    project = await asking.store(world)
    for _ in range(SPECS_PER_WORLD):
        spec = data.draw(kind.specs(world, first_time=has_ids))

        await asking.compare(spec, world, project)

        tally.specs += 1
        tally.options |= kind.options_of(spec)


@examples(KINDS["series"])
@given(data=st.data())
async def test_series_agree(data: st.DataObject, asking: Asking, tallies: dict[str, Tally]) -> None:
    await agree("series", data, asking, tallies)


@examples(KINDS["funnel"])
@given(data=st.data())
async def test_funnels_agree(data: st.DataObject, asking: Asking, tallies: dict[str, Tally]) -> None:
    await agree("funnel", data, asking, tallies)


@examples(KINDS["retention"])
@given(data=st.data())
async def test_retentions_agree(data: st.DataObject, asking: Asking, tallies: dict[str, Tally]) -> None:
    await agree("retention", data, asking, tallies)


@pytest.mark.parametrize("name", KINDS)
def test_the_run_was_large_and_reached_every_option(name: str, tallies: dict[str, Tally]) -> None:
    assert tallies[name].specs >= KINDS[name].at_least
    missed = KINDS[name].every_option - tallies[name].options
    assert not missed


def test_every_built_visualization_is_compared() -> None:
    assert {Visualization.Name(each) for each in INSIGHTS} == {Visualization.Name(each) for each in SHAPES}
