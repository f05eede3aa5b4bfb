"""A snapshot's numbers are exact: those of a brute-force count of the same events."""

from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from eventglass.live.snapshot import snapshot
from eventglass.planning.scope import Scope
from events.v1.snapshot_pb2 import SnapshotItem, SnapshotRequest, SnapshotResponse
from insights.v1.query_spec_pb2 import QuerySpec
from tests.agreement.agreeing import SPECS_PER_WORLD, Kind, compared
from tests.agreement.asking import Asking, Tally
from tests.oracle import pools
from tests.oracle.choosing import one_in
from tests.oracle.filter_specs import filters, of_events, trees
from tests.oracle.history import milliseconds_of, stored
from tests.oracle.identities import identified
from tests.oracle.log import listed
from tests.oracle.snapshot import Counts, Item, counted
from tests.oracle.worlds import World, worlds
from tests.oracle.years import moved_by

_WINDOWS = (10_000, 10_001, 59_999, 60_000, 60_001, 300_000)
# Where events crowd: an event on either edge of a window, and beside it.
_LATER = (0, -1, 1, 500, 9_999, 10_000, 60_000, 59_999, 299_999, 300_000)


@st.composite
def _specs(draw: st.DrawFn, world: World, *, first_time: bool) -> QuerySpec:
    """Draw what a snapshot has in common with a query."""
    assert not first_time
    spec = QuerySpec(timezone=draw(st.sampled_from(("", *pools.ZONES))))
    if draw(one_in(3)):
        spec.filters.append(draw(filters(of_events(world.values))))
    if draw(one_in(6)):
        spec.where.CopyFrom(draw(trees(of_events(world.values))))
    return spec


def _options(spec: QuerySpec) -> set[str]:
    used = {"filters": bool(spec.filters), "where": spec.HasField("where")}
    return {option for option, is_used in used.items() if is_used}


KIND = Kind(
    worlds=worlds,
    specs=_specs,
    options_of=_options,
    every_option={"filters", "where", "several users", "a merged person", "pages", "cut off"},
    specs_in_full=1_000,
    has_behaviors=False,
)


@compared(KIND)
async def test_engine_and_oracle_agree(data: st.DataObject, asking: Asking, tally: Tally) -> None:
    world = data.draw(worlds(all_have_ids=True))
    project = await asking.store(world)
    known = identified(stored(world.events, world.now), world.calls, world.now)
    moments = [event.timestamp.ToDatetime(tzinfo=ZoneInfo("UTC")) for event in world.events] or [world.anchor]
    for _ in range(SPECS_PER_WORLD):
        spec = data.draw(_specs(world, first_time=False))
        now = moved_by(data.draw(st.sampled_from(moments)), data.draw(st.sampled_from(_LATER)))
        request = _request(data, spec)
        scope = Scope(
            project=project,
            now=now,
            watermark=asking.writer.watermark(project.id),
            query_id="test",
            people=asking.register.people(project.id),
        )

        response = await snapshot(request, scope, asking.engine, None)

        passing = listed(spec, request.names, known, now=now, zone=ZoneInfo(spec.timezone or world.timezone))
        expected = counted(
            passing,
            last=milliseconds_of(now),
            window=request.window.ToMilliseconds() or 300_000,
            page_property=request.page_property or "$url",
            limit=request.limit or 10,
        )
        assert _counts(response) == expected, spec
        assert response.time_range.end.ToMilliseconds() == milliseconds_of(now) + 1
        tally.add(_options(spec) | _reached(expected, merged=scope.people.merged))


def _request(data: st.DataObject, spec: QuerySpec) -> SnapshotRequest:
    request = SnapshotRequest(
        names=data.draw(st.lists(st.sampled_from(pools.EVENT_NAMES), max_size=2)),
        filters=spec.filters,
        timezone=spec.timezone,
        page_property=data.draw(st.sampled_from(("", *pools.READABLE))),
        limit=data.draw(st.sampled_from((0, 1, 2, 100))),
    )
    if spec.HasField("where"):
        request.where.CopyFrom(spec.where)
    if data.draw(st.booleans()):
        request.window.FromMilliseconds(data.draw(st.sampled_from(_WINDOWS)))
    return request


def _counts(response: SnapshotResponse) -> Counts:
    return Counts(
        events=int(response.events),
        per_minute=response.events_per_minute,
        users=int(response.active_users),
        sessions=int(response.active_sessions),
        pages=[_item(each) for each in response.top_pages],
        names=[_item(each) for each in response.top_events],
        latest=[each.event_id for each in response.latest],
    )


def _item(item: SnapshotItem) -> Item:
    return item.value, int(item.events), int(item.users)


def _reached(counts: Counts, *, merged: bool) -> set[str]:
    reached = {
        "several users": counts.users > 1,
        "a merged person": merged and counts.users > 0,
        "pages": len(counts.pages) > 1,
        "cut off": counts.events > len(counts.latest) > 0,
    }
    return {option for option, is_reached in reached.items() if is_reached}
