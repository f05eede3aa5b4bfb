"""Questions that read what is gathered of sessions, whatever that is by now, and the same of events."""

from typing import Any, cast

from eventglass.insights.registry import insight_of
from eventglass.planning.scope import Scope
from insights.v1.query_spec_pb2 import QuerySpec
from tests.agreement.agreeing import LATEST_HOURS, Kind, agreement_both_ways, latest_hour, visualization_of
from tests.oracle.distribution_specs import distribution_worlds
from tests.oracle.gathered_specs import gathered_specs

_KINDS = ("LINE", "KPI", "DISTRIBUTION")


KIND = Kind(
    worlds=distribution_worlds,
    specs=gathered_specs,
    options_of=visualization_of,
    every_option={
        *(f"{kind}, {read}" for kind in _KINDS for read in ("gathered", "events")),
        *("of joined persons", "of erased persons", "until now", "compared", *LATEST_HOURS),
    },
    specs_in_full=1_800,
    specs_per_world=6,
    has_behaviors=False,
)


def _read(spec: QuerySpec, scope: Scope) -> set[str]:
    """Say what a spec's statement reads."""
    (kind,) = visualization_of(spec)
    # Each kind that this is about says so.
    if not cast("Any", insight_of(spec).plan(spec, scope)).gathered_sessions:
        return {f"{kind}, events"}
    found = {
        "of joined persons": scope.people.merged,
        "of erased persons": scope.people.erased,
        "until now": spec.time_range.end.ToMilliseconds() > int(scope.now.timestamp() * 1_000),
        "compared": bool(spec.comparisons),
    }
    return {f"{kind}, gathered", *latest_hour(spec, scope), *(name for name, holds in found.items() if holds)}


test_engine_and_oracle_agree = agreement_both_ways(KIND, _read)
