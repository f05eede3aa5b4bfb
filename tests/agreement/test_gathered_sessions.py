"""Questions that read what is gathered of sessions, whatever that is by now, and the same of events."""

from typing import Any, cast

from hypothesis import strategies as st

from eventglass.insights.registry import insight_of
from eventglass.planning.scope import Scope
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.agreement.agreeing import Kind, agree_both_ways, compared
from tests.agreement.asking import Asking, Tally
from tests.oracle.distribution_specs import distribution_worlds
from tests.oracle.gathered_specs import gathered_specs

_KINDS = ("LINE", "KPI", "DISTRIBUTION")


def _options_of(spec: QuerySpec) -> set[str]:
    return {Visualization.Name(spec.visualization).removeprefix("VISUALIZATION_")}


KIND = Kind(
    worlds=distribution_worlds,
    specs=gathered_specs,
    options_of=_options_of,
    every_option={
        *(f"{kind}, {read}" for kind in _KINDS for read in ("gathered", "events")),
        *("of joined persons", "of erased persons", "until now", "compared"),
    },
    specs_in_full=1_800,
    specs_per_world=6,
    has_behaviors=False,
)


@compared(KIND)
async def test_engine_and_oracle_agree(data: st.DataObject, asking: Asking, tally: Tally) -> None:
    await agree_both_ways(KIND, data, asking, tally, _read)


def _read(spec: QuerySpec, scope: Scope) -> set[str]:
    """Say what a spec's statement reads."""
    (kind,) = _options_of(spec)
    # Each kind that this is about says so.
    if not cast("Any", insight_of(spec).plan(spec, scope)).gathered_sessions:
        return {f"{kind}, events"}
    found = {
        "of joined persons": scope.people.merged,
        "of erased persons": scope.people.erased,
        "until now": spec.time_range.end.ToMilliseconds() > int(scope.now.timestamp() * 1_000),
        "compared": bool(spec.comparisons),
    }
    return {f"{kind}, gathered", *(name for name, holds in found.items() if holds)}
