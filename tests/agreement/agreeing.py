"""The engine against the oracle: random events, random specs, exact agreement. One file a kind of insight."""

import math
import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS

from eventglass.planning.scope import Scope
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.agreement.asking import Asking, Tally
from tests.oracle import audience_specs, behavior_specs
from tests.oracle.audience_specs import audiences, options_of_audience
from tests.oracle.behavior_specs import options_of_behaviors
from tests.oracle.choosing import one_in
from tests.oracle.session_coverage import EVERY_END, ends_of_sessions
from tests.oracle.worlds import World

SPECS_PER_WORLD = 10

# `make oracle` compares everything there is to compare; `make test` a sixtieth of it, for its time.
FULL_RUN = os.environ.get("ORACLE_RUN") == "full"
# A folder for tables of how many specs used each option.
COVERAGE = os.environ.get("ORACLE_COVERAGE")
_QUICK_SHARE = 60

# Hypothesis' own choices. To its backend of this name, and no other, it adds five examples for each that copy
# parts of it onto others: of three worlds two were the same then, and more than half of the specs.
AVAILABLE_PROVIDERS["unmutated"] = AVAILABLE_PROVIDERS["hypothesis"]

# One spec in so many names an audience.
_AUDIENCE_IN = 6
_OF_PERSONS = behavior_specs.EVERY_OPTION | audience_specs.EVERY_OPTION | EVERY_END

AgreementTest = Callable[..., Coroutine[None, None, None]]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One family of insights.

    Args:
        worlds: draws a world; takes `all_have_ids`.
        specs: draws a spec about a world; takes `first_time`, whether selectors may ask for it.
        options_of: names what a spec asks for.
        every_option: what a full run must have asked for.
        specs_in_full: how many specs a full run compares.
        specs_per_world: of one world; what is asked of another one takes a moment to store.
        has_behaviors: whether it may ask what people did, for audiences, and what sessions began and ended
            with; then it must.
        counts_values: whether values of properties are counted, and their numbers summed.
    """

    worlds: Callable[..., st.SearchStrategy[World]]
    specs: Callable[..., st.SearchStrategy[QuerySpec]]
    options_of: Callable[[QuerySpec], set[str]]
    every_option: set[str]
    specs_in_full: int
    specs_per_world: int = SPECS_PER_WORLD
    has_behaviors: bool = True
    counts_values: bool = False

    @property
    def at_least(self) -> int:
        """How many specs this run compares."""
        return self.specs_in_full if FULL_RUN else self.specs_in_full // _QUICK_SHARE


def compared(kind: Kind) -> Callable[[AgreementTest], Callable[..., None]]:
    """Run a test over so many worlds that enough specs of a kind are compared.

    Args:
        kind: what is compared.

    Returns:
        What decorates a test that takes `data`, Hypothesis', and `asking`.
    """
    run = settings(
        # The first world is always Hypothesis' simplest.
        max_examples=1 + math.ceil(kind.at_least / kind.specs_per_world),
        # Without shrinking: every step would store a world. The message names spec and differences.
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
        backend="unmutated",
    )
    return lambda test: run(given(data=st.data())(_beside_few(test)))


def _beside_few(test: AgreementTest) -> AgreementTest:
    """Begin each example of a test among the events of few others."""

    @wraps(test)
    async def beside_few(asking: Asking, **others: Any) -> None:
        await asking.begin()
        await test(asking=asking, **others)

    return beside_few


def agreement(kind: Kind) -> Callable[..., None]:
    """Make the test of a kind: that the answers agree. That enough was asked for, `tally` sees to."""

    @compared(kind)
    async def answers_agree(data: st.DataObject, asking: Asking, tally: Tally) -> None:
        await agree(kind, data, asking, tally)

    return answers_agree


async def agree(kind: Kind, data: st.DataObject, asking: Asking, tally: Tally) -> None:
    """Compare the answers about one random world."""
    # first_time breaks ties by event_id, so the oracle must know them all.
    has_ids = data.draw(st.booleans())
    world = data.draw(kind.worlds(all_have_ids=has_ids))
    project = await asking.store(world)
    for _ in range(kind.specs_per_world):
        spec = data.draw(kind.specs(world, first_time=has_ids))
        audience = data.draw(audiences(world)) if data.draw(one_in(_AUDIENCE_IN)) else None
        if audience is not None:
            spec.audience_id = "drawn"

        await asking.compare(spec, world, project, audience)

        tally.add(
            kind.options_of(spec)
            | options_of_behaviors(spec)
            | ends_of_sessions(spec)
            | (options_of_audience(audience) if audience else set())
        )


def agreement_both_ways(kind: Kind, read: Callable[[QuerySpec, Scope], set[str]]) -> Callable[..., None]:
    """Make the test of a kind whose questions may read a rollup: that the answers agree, and what was read.

    Args:
        kind: what is compared.
        read: names what a spec's statement reads.
    """

    @compared(kind)
    async def answers_agree(data: st.DataObject, asking: Asking, tally: Tally) -> None:
        await _agree_both_ways(kind, data, asking, tally, read)

    return answers_agree


def visualization_of(spec: QuerySpec) -> set[str]:
    """Name what a spec asks for by its visualization alone."""
    return {Visualization.Name(spec.visualization).removeprefix("VISUALIZATION_")}


# What `latest_hour` names.
LATEST_HOURS = ("the latest hour, whole", "the latest hour, cut")


def latest_hour(spec: QuerySpec, scope: Scope) -> set[str]:
    """Say how the hour of the latest event is read, where a spec's range ends after it began.

    As it is gathered, if nothing can be gathered that is later; else of events.
    """
    latest = min(scope.now, scope.watermark or scope.now)
    if spec.time_range.end.ToMilliseconds() <= int(latest.timestamp()) // 3_600 * 3_600_000:
        return set()
    is_whole = scope.watermark is not None and scope.watermark <= scope.now
    return {LATEST_HOURS[0 if is_whole else 1]}


async def _agree_both_ways(
    kind: Kind,
    data: st.DataObject,
    asking: Asking,
    tally: Tally,
    read: Callable[[QuerySpec, Scope], set[str]],
) -> None:
    """Compare the answers about one random world where a rollup may be read.

    Args:
        kind: what is compared.
        data: Hypothesis'.
        asking: asks with rollups, and also where none may be read.
        tally: counts what `read` says.
        read: names what a spec's statement reads.
    """
    has_ids = data.draw(st.booleans())
    world = data.draw(kind.worlds(all_have_ids=has_ids))
    project = await asking.store(world)
    for _ in range(kind.specs_per_world):
        spec = data.draw(kind.specs(world, first_time=has_ids))

        await asking.compare(spec, world, project)

        tally.add(read(spec, asking.scope(world, project)))


def check(kind: Kind, tally: Tally, name: str) -> None:
    """Fail unless the run was as large as it says; a full one must have reached every option.

    Args:
        kind: what was compared.
        tally: how often.
        name: of the table of specs per option, where one is wanted.
    """
    assert tally.specs >= kind.at_least, "the run was smaller than it should be"
    missed = (kind.every_option | (_OF_PERSONS if kind.has_behaviors else set())) - tally.options
    if COVERAGE and tally.specs_with:
        (Path(COVERAGE) / f"{name}.md").write_text(tally.table())
    assert not (FULL_RUN and missed), f"no spec asked for {missed}"
