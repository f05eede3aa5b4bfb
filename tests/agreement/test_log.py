"""The log lists exactly the stored events that pass, in order, whatever the pages and new events."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from eventglass.catalog.project import Project
from eventglass.live.log import list_events
from events.v1.list_pb2 import ListOrder, ListRequest
from events.v1.stored_event_pb2 import StoredEvent
from insights.v1.filter_pb2 import Operator
from insights.v1.query_spec_pb2 import QuerySpec
from insights.v1.time_pb2 import Granularity
from tests.agreement.agreeing import SPECS_PER_WORLD, Kind, compared
from tests.agreement.asking import Asking, Tally
from tests.oracle import history, pools
from tests.oracle.choosing import one_in
from tests.oracle.coverage import options_of
from tests.oracle.filter_specs import OPERATORS, filters, of_events, trees
from tests.oracle.identities import identified
from tests.oracle.log import listed
from tests.oracle.range_specs import ranges
from tests.oracle.worlds import World, worlds

_DAY = Granularity.GRANULARITY_DAY

# Of a world's specs, the one during whose pages half of the events arrive.
_ARRIVING_AT = 3


@st.composite
def _specs(draw: st.DrawFn, world: World, *, first_time: bool) -> QuerySpec:
    """Draw what a list has in common with a query."""
    assert not first_time
    spec = QuerySpec(page_size=draw(st.sampled_from((0, 1, 2, 5, 1_000))))
    spec.timezone = draw(st.sampled_from(("", *pools.ZONES)))
    spec.filters.extend(draw(st.lists(filters(of_events(world.values)), max_size=1)))
    if draw(one_in(4)):
        spec.where.CopyFrom(draw(trees(of_events(world.values))))
    if draw(st.booleans()):
        spec.time_range.CopyFrom(
            draw(ranges(world.anchor, ZoneInfo(spec.timezone or world.timezone), _DAY, 400))
        )
    return spec


def _options(spec: QuerySpec) -> set[str]:
    return (options_of(spec) & KIND.every_option) | ({"time_range"} if spec.HasField("time_range") else set())


KIND = Kind(
    worlds=worlds,
    specs=_specs,
    options_of=_options,
    every_option={
        *(Operator.Name(it) for it in OPERATORS),
        *(f"zone {zone}" for zone in pools.ZONES),
        *("the project's zone", "time_range", "page_size"),
        *("filters", "where", "filter", "all_of", "any_of", "not"),
        "events between pages",
    },
    specs_in_full=1_000,
    has_behaviors=False,
)


@compared(KIND)
async def test_engine_and_oracle_agree(data: st.DataObject, asking: Asking, tally: Tally) -> None:
    world = data.draw(worlds(all_have_ids=True))
    half = len(world.events) // 2
    more = replace(world, events=world.events[half:], calls=[])
    seen = replace(world, events=world.events[:half])
    project = await asking.store(seen)
    for at in range(SPECS_PER_WORLD):
        known = identified(history.stored(seen.events, world.now), world.calls, world.now)
        spec = data.draw(_specs(world, first_time=False))
        arriving = more if at == _ARRIVING_AT else None
        if arriving:
            spec.page_size = 1
        names = data.draw(st.lists(st.sampled_from([*{each.name for each in known}, "nobody's"]), max_size=3))
        oldest_first = data.draw(st.booleans())

        request = _request(spec, names, oldest_first=oldest_first)
        pages = await _pages(asking, world, project, request, arriving)
        zone = ZoneInfo(spec.timezone or world.timezone)
        expected = listed(spec, names, known, now=world.now, zone=zone)
        if oldest_first:
            expected.reverse()
        assert [_seen(event) for page in pages for event in page] == [_known(each) for each in expected], spec
        assert all(len(page) == (spec.page_size or 100) for page in pages[:-1])
        is_disturbed = arriving is not None and len(pages) > 1
        tally.add(KIND.options_of(spec) | ({"events between pages"} if is_disturbed else set()))
        seen = world if arriving else seen


def _request(spec: QuerySpec, names: list[str], *, oldest_first: bool) -> ListRequest:
    request = ListRequest(names=names, filters=spec.filters, timezone=spec.timezone, page_size=spec.page_size)
    if spec.HasField("where"):
        request.where.CopyFrom(spec.where)
    if spec.HasField("time_range"):
        request.time_range.CopyFrom(spec.time_range)
    if oldest_first:
        request.order = ListOrder.LIST_ORDER_OLDEST_FIRST
    return request


async def _pages(
    asking: Asking, world: World, project: Project, request: ListRequest, arriving: World | None
) -> list[list[StoredEvent]]:
    """List all pages; what arrives does so after the first one."""
    pages: list[list[StoredEvent]] = []
    while True:
        response = await list_events(request, asking.scope(world, project), asking.engine, None)
        if arriving and not pages:
            await asking.store_more(arriving, project, gathers=False)
        pages.append(list(response.events))
        if not response.next_page_token:
            return pages
        request.page_token = response.next_page_token


def _seen(event: StoredEvent) -> tuple[object, ...]:
    ids = (event.person_id, event.user_id, event.anonymous_id, event.session_id)
    return event.event_id, event.name, event.timestamp.ToMilliseconds(), *ids


def _known(event: history.StoredEvent) -> tuple[object, ...]:
    ids = (event.own_id, event.user_id, event.anonymous_id, event.session_id)
    return event.event_id, event.name, event.time, *ids
