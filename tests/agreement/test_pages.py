"""The pages of a table are of what the first one saw, whatever arrives and whoever is joined meanwhile."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import strategies as st

from eventglass.catalog.project import Project
from eventglass.pipeline import answer
from insights.v1.filter_pb2 import FilterExpression
from insights.v1.query_service_pb2 import QueryRequest, QueryResponse
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from profiles.v1.profiles_sdk_service_pb2 import AliasRequest, IdentifyRequest
from tests.agreement.agreeing import Kind, compared
from tests.agreement.asking import Asking, Tally, expected
from tests.oracle.audience_specs import audiences
from tests.oracle.choosing import one_in
from tests.oracle.compare import differences
from tests.oracle.specs import breakdowns, specs
from tests.oracle.world_ranges import around
from tests.oracle.worlds import World, worlds
from tests.oracle.zones import DAY

_LONGEST = 6 * 365 * DAY


@st.composite
def _tables(draw: st.DrawFn, world: World, *, first_time: bool) -> QuerySpec:
    """Draw a table of several pages."""
    drawn = specs(
        world, visualizations=[Visualization.VISUALIZATION_TABLE], sessions=True, first_time=first_time
    )
    spec = draw(drawn)
    if not spec.HasField("breakdown"):
        spec.breakdown.CopyFrom(draw(breakdowns(table=True)))
    spec.page_size = draw(st.sampled_from((1, 1, 2)))
    if not draw(one_in(4)):
        for narrowed in (spec, *spec.events):
            narrowed.ClearField("filters")
            narrowed.ClearField("where")
        for selector in spec.events:
            selector.ClearField("name")
        spec.time_range.CopyFrom(draw(around(world, _LONGEST)))
    return spec


KIND = Kind(
    worlds=worlds,
    specs=_tables,
    options_of=lambda _: set(),
    every_option={"several pages", "events in between", "persons in between", "gathered in between"},
    specs_in_full=600,
    specs_per_world=4,
    has_behaviors=False,
)


@compared(KIND)
async def test_engine_and_oracle_agree(data: st.DataObject, asking: Asking, tally: Tally) -> None:
    world = data.draw(worlds(all_have_ids=True))
    seen, *later = _parts(world)
    project = await asking.store(seen)
    for more in later:
        spec = data.draw(_tables(world, first_time=True))
        audience = data.draw(audiences(world)) if data.draw(one_in(6)) else None
        spec.audience_id = "drawn" if audience else ""
        gathers = data.draw(st.booleans())

        found = await _page(asking, spec, seen, project, audience)
        pages = 1
        while found.next_page_token:
            if pages == 1:
                await asking.store_more(more, project, gathers=gathers)
            spec.page_token = found.next_page_token
            page = await _page(asking, spec, seen, project, audience)
            assert page.rows, "a page that was promised is empty"
            assert page.total_rows == found.total_rows
            found.rows.extend(page.rows)
            found.next_page_token = page.next_page_token
            pages += 1

        wrong = differences(expected(spec, seen, audience), found)
        assert not wrong, f"{spec}\n{audience or ''}\n" + "\n".join(wrong[:20])
        tally.add(_reached(more, gathers=gathers) if pages > 1 else set())
        if pages == 1:
            await asking.store_more(more, project, gathers=gathers)
        seen = replace(seen, events=[*seen.events, *more.events], calls=[*seen.calls, *more.calls])


def _parts(world: World) -> Iterator[World]:
    """Give half of a world, with its erasures, and the rest in as many parts as there are questions."""
    joins = [call for call in world.calls if isinstance(call, IdentifyRequest | AliasRequest)]
    erasures = [call for call in world.calls if call not in joins]
    half, many = len(world.events) // 2, KIND.specs_per_world
    yield replace(world, events=world.events[:half], calls=[*erasures, *joins[::3]])
    rest = [join for at, join in enumerate(joins) if at % 3]
    for part in range(many):
        yield replace(world, events=world.events[half:][part::many], calls=rest[part::many])


async def _page(
    asking: Asking, spec: QuerySpec, world: World, project: Project, audience: FilterExpression | None
) -> QueryResponse:
    scope = replace(asking.scope(world, project), audience=audience)
    return await answer(QueryRequest(query=spec), scope, asking.memory.of(project.id), None)


def _reached(more: World, *, gathers: bool) -> set[str]:
    reached = {
        "several pages": True,
        "events in between": bool(more.events),
        "persons in between": bool(more.calls),
        "gathered in between": gathers,
    }
    return {option for option, is_reached in reached.items() if is_reached}
