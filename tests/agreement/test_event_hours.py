"""Questions that read how many events each hour has, of a property's values too, and the same of events."""

from dataclasses import replace
from typing import Any, cast

from hypothesis import strategies as st

from eventglass.insights.registry import insight_of
from eventglass.planning.event_hours import EventHours
from eventglass.planning.scope import Scope
from insights.v1.query_spec_pb2 import QuerySpec
from profiles.v1.profiles_service_pb2 import DeleteUserRequest
from tests.agreement.agreeing import LATEST_HOURS, Kind, agreement_both_ways, latest_hour, visualization_of
from tests.oracle import pools
from tests.oracle.counts_specs import counts_specs
from tests.oracle.worlds import World, worlds

_KINDS = ("LINE", "KPI", "HEATMAP", "TABLE")


@st.composite
def _worlds(draw: st.DrawFn, *, all_have_ids: bool) -> World:
    """Draw a world, and in a third of them who is erased in the end: counts are made anew for that."""
    world = draw(worlds(all_have_ids=all_have_ids))
    if draw(st.integers(0, 2)):
        return world
    erased = DeleteUserRequest(id=draw(st.sampled_from([each for each in pools.USER_IDS if each])))
    return replace(world, calls=[*world.calls, erased])


KIND = Kind(
    worlds=_worlds,
    specs=counts_specs,
    options_of=visualization_of,
    every_option={
        *(f"{kind}, {read}" for kind in _KINDS for read in ("counts", "events")),
        *(
            "hours cut",
            "counts by name",
            "counts of erased persons",
            "counts of any event",
            *LATEST_HOURS,
        ),
        *("counts, compared", "counts, computed"),
        *("counts of values", "counts by value", "counts by bin", "counts of values of erased persons"),
        *("sums", "sums of values"),
    },
    specs_in_full=1_200,
    specs_per_world=6,
    has_behaviors=False,
    counts_values=True,
)


def _read(spec: QuerySpec, scope: Scope) -> set[str]:
    """Say what a spec's statement reads."""
    (kind,) = visualization_of(spec)
    insight = insight_of(spec)
    plan = insight.plan(spec, scope)
    # Each kind that this is about has them.
    hours = cast("Any", plan).hours
    if not isinstance(hours, EventHours):
        return {f"{kind}, events"}
    is_of_values = hours.property is not None
    assert ("FROM property_hours" if is_of_values else "FROM event_hours") in insight.to_sql(plan).text
    found = {
        "hours cut": bool(hours.cut),
        "counts by name": spec.breakdown.property == "$event_name",
        "counts by value": spec.HasField("breakdown") and is_of_values,
        "counts by bin": bool(spec.breakdown.buckets),
        "counts of values": is_of_values,
        "sums": bool(hours.summed),
        "sums of values": is_of_values and bool(hours.summed),
        "counts of values of erased persons": is_of_values and scope.people.erasures > 0,
        "counts of erased persons": scope.people.erasures > 0,
        "counts of any event": not all(each.name for each in spec.events),
        "counts, compared": bool(spec.comparisons),
        "counts, computed": bool(spec.formula),
    }
    return {f"{kind}, counts", *latest_hour(spec, scope), *(name for name, holds in found.items() if holds)}


test_engine_and_oracle_agree = agreement_both_ways(KIND, _read)
