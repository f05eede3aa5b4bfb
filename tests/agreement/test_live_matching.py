"""Conditions asked of new events one by one hold exactly where the engine says so."""

from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from eventglass.engine.engine import Limits
from eventglass.live.matching import matcher
from eventglass.live.subject import Subject
from eventglass.planning.conditions import Condition
from eventglass.planning.filters import condition_of
from eventglass.sql.conditions import holds
from eventglass.sql.fragment import joined, sql, statement, value
from insights.v1.filter_pb2 import Operator
from insights.v1.query_spec_pb2 import QuerySpec
from tests.agreement.agreeing import SPECS_PER_WORLD, Kind, compared
from tests.agreement.asking import Asking, Tally, rows_of
from tests.oracle import pools
from tests.oracle.coverage import options_of
from tests.oracle.filter_specs import ON_TEXTS, OPERATORS, filters, of_events, trees
from tests.oracle.filters import passes
from tests.oracle.history import stored
from tests.oracle.worlds import World, worlds


@st.composite
def _conditions(draw: st.DrawFn, world: World, *, first_time: bool) -> QuerySpec:
    """Draw only the filters, tree and zone of a spec."""
    assert not first_time
    spec = QuerySpec(timezone=draw(st.sampled_from(pools.ZONES)))
    spec.filters.extend(draw(st.lists(filters(of_events(world.values)), max_size=2)))
    if draw(st.booleans()):
        spec.where.CopyFrom(draw(trees(of_events(world.values))))
    return spec


def _options(spec: QuerySpec) -> set[str]:
    return options_of(spec) & KIND.every_option


KIND = Kind(
    worlds=worlds,
    specs=_conditions,
    options_of=_options,
    every_option={
        *(Operator.Name(it) for it in OPERATORS),
        *(f"{Operator.Name(it)} ignore_case" for it in ON_TEXTS),
        *(f"zone {zone}" for zone in pools.ZONES),
        *("filters", "where", "filter", "all_of", "any_of", "not"),
    },
    specs_in_full=2_000,
    has_behaviors=False,
)


@compared(KIND)
async def test_engine_oracle_and_stream_agree(data: st.DataObject, asking: Asking, tally: Tally) -> None:
    world = data.draw(worlds(all_have_ids=True))
    project = await asking.store(world)
    first_copies = {row.event_id: row for row in reversed(rows_of(world))}
    specs = [data.draw(_conditions(world, first_time=False)) for _ in range(SPECS_PER_WORLD)]

    by_engine = await _asked_of_the_engine(asking, project.id, specs)

    for spec, expected in zip(specs, by_engine, strict=True):
        zone = ZoneInfo(spec.timezone)
        matches = matcher(
            condition_of(spec.filters, spec.where if spec.HasField("where") else None, zone), zone
        )
        found = {event_id for event_id, row in first_copies.items() if matches(Subject(row, 0))}
        by_oracle = {
            event.event_id
            for event in stored(world.events, world.now)
            if passes(event, spec.filters, spec.where, zone)
        }
        assert found == expected == by_oracle, spec
        tally.add(KIND.options_of(spec))


def _condition(spec: QuerySpec) -> Condition:
    where = spec.where if spec.HasField("where") else None
    return condition_of(spec.filters, where, ZoneInfo(spec.timezone))


async def _asked_of_the_engine(asking: Asking, project_id: str, specs: list[QuerySpec]) -> list[set[str]]:
    """The ids of the events that pass, spec by spec, in one statement."""
    passing = [
        sql("groupArrayIf(event_id, {holds})", holds=holds(_condition(spec), ZoneInfo(spec.timezone)))
        for spec in specs
    ]
    asked = sql(
        "SELECT {passing} FROM events WHERE project_id = {project}",
        passing=joined(", ", passing),
        project=value("String", project_id),
    )
    rows = await asking.engine.query(statement(asked, columns=len(passing)), Limits())
    return [set(column[0]) for column in rows.columns]
