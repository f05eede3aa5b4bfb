"""Questions that read when persons first did something, whatever is gathered of it, and of events."""

from typing import Any, cast

from eventglass.insights.registry import insight_of
from eventglass.planning.first_times import FirstTimes
from eventglass.planning.scope import Scope
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.agreement.agreeing import Kind, agreement_both_ways, visualization_of
from tests.oracle.first_specs import first_specs
from tests.oracle.funnel_worlds import worlds_of_returns

_KINDS = ("LINE", "KPI", "RETENTION")


KIND = Kind(
    worlds=worlds_of_returns,
    specs=first_specs,
    options_of=visualization_of,
    every_option={
        *(f"{kind}, {read}" for kind in _KINDS for read in ("first times", "events")),
        *(f"{kind}, events at first times" for kind in ("LINE", "KPI")),
        *("of a name", "of any event", "of joined persons", "of erased persons", "windows", "compared"),
    },
    specs_in_full=1_200,
    specs_per_world=6,
    has_behaviors=False,
)


def _read(spec: QuerySpec, scope: Scope) -> set[str]:
    """Say what a spec's statement reads."""
    (kind,) = visualization_of(spec)
    insight = insight_of(spec)
    plan = insight.plan(spec, scope)
    of_retention = spec.visualization == Visualization.VISUALIZATION_RETENTION
    # Each kind that this is about has them.
    first = cast("Any", plan).first_times if of_retention else cast("Any", plan).hours
    reads_them = "FROM first_times" in insight.to_sql(plan).text
    if not isinstance(first, FirstTimes):
        return {f"{kind}, events{' at first times' if reads_them else ''}"}
    assert reads_them
    found = {
        "of a name": first.event != "",
        "of any event": first.event == "",
        "of joined persons": scope.people.merged,
        "of erased persons": scope.people.erased,
        "windows": spec.HasField("rolling_window"),
        "compared": bool(spec.comparisons),
    }
    return {f"{kind}, first times", *(name for name, holds in found.items() if holds)}


test_engine_and_oracle_agree = agreement_both_ways(KIND, _read)
