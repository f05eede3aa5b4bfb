"""An audience is a set of people: how many, and every insight with it is one of their events alone."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from eventglass.audiences import estimate_size
from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.filter_pb2 import FilterExpression
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.agreement.agreeing import SPECS_PER_WORLD, Kind, compared
from tests.agreement.asking import Asking
from tests.agreement.kinds import kinds
from tests.oracle.audience_specs import audiences
from tests.oracle.audiences import members
from tests.oracle.compare import differences
from tests.oracle.history import milliseconds_of, stored
from tests.oracle.identities import called, identified
from tests.oracle.worlds import World, worlds

KINDS = kinds()
_SIZES = replace(KINDS["series"], specs_in_full=600)
_EACH = replace(KINDS["series"], specs_in_full=120)


@compared(_SIZES)
async def test_its_size_is_the_number_of_its_people(data: st.DataObject, asking: Asking) -> None:
    world = data.draw(worlds())
    project = await asking.store(world)
    for _ in range(SPECS_PER_WORLD):
        audience = data.draw(audiences(world))

        size = await estimate_size(audience, asking.scope(world, project), asking.engine, None)

        events = identified(stored(world.events, world.now), world.calls, world.now)
        now = milliseconds_of(world.now)
        people = {event.person for event in events if event.time <= now} - {""}
        inside = members(events, audience, now=now, zone=ZoneInfo(world.timezone))
        assert (size.size, size.total) == (len(inside), len(people)), audience
        with_it = await asking.answer(_unique_users(), world, project, audience)
        assert with_it.kpis[0].value == size.size


def _unique_users() -> QuerySpec:
    spec = QuerySpec(
        visualization=Visualization.VISUALIZATION_KPI,
        aggregation=Aggregation.AGGREGATION_UNIQUE_USERS,
        audience_id="drawn",
    )
    spec.time_range.start.FromDatetime(datetime(1900, 1, 1, tzinfo=UTC))
    spec.time_range.end.FromDatetime(datetime(2300, 1, 1, tzinfo=UTC))
    return spec


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
@compared(_EACH)
async def test_an_insight_with_it_is_one_of_its_people_alone(
    data: st.DataObject, kind: Kind, asking: Asking
) -> None:
    world = data.draw(kind.worlds(all_have_ids=True))
    audience = data.draw(audiences(world))
    alone = _of_members(world, audience)
    whole, part = await asking.store(world), await asking.store(alone)
    for _ in range(SPECS_PER_WORLD // 2):
        spec = data.draw(kind.specs(world, first_time=True))
        of_all = QuerySpec()
        of_all.CopyFrom(spec)
        of_all.audience_id = "drawn"

        with_it = await asking.answer(of_all, world, whole, audience)
        without = await asking.answer(spec, alone, part)

        assert not differences(without, with_it), f"{spec}\n{audience}"


def _of_members(world: World, audience: FilterExpression) -> World:
    """Leave out what others did, and later copies of events."""
    names = called(world.calls)
    inside = members(
        identified(stored(world.events, world.now), world.calls, world.now),
        audience,
        now=milliseconds_of(world.now),
        zone=ZoneInfo(world.timezone),
    )
    firsts = {event.event_id: event for event in reversed(world.events)}
    own = {event.event_id: event.user_id or event.anonymous_id for event in firsts.values()}
    kept = [
        event
        for event in world.events
        if event is firsts[event.event_id] and names.get(own[event.event_id], own[event.event_id]) in inside
    ]
    return replace(world, events=kept)
