"""Questions that read who was active in which hour, whatever is gathered of it, and the same of events."""

from typing import Any, cast

from eventglass.insights.registry import insight_of
from eventglass.planning.scope import Scope
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.agreement.agreeing import LATEST_HOURS, Kind, agreement_both_ways, latest_hour
from tests.oracle.funnel_worlds import worlds_of_returns
from tests.oracle.hours_specs import hours_specs

_KINDS = ("LINE", "KPI", "STICKINESS", "LIFECYCLE", "RETENTION", "HEATMAP")


def _options_of(spec: QuerySpec) -> set[str]:
    kind = Visualization.Name(spec.visualization).removeprefix("VISUALIZATION_")
    return {f"{kind}, rolling" if spec.HasField("rolling_window") else kind}


_OVER_TIME = {"LINE, rolling", "KPI, rolling", *_KINDS}

KIND = Kind(
    worlds=worlds_of_returns,
    specs=hours_specs,
    options_of=_options_of,
    every_option={
        *(f"{kind}, {read}" for kind in _OVER_TIME for read in ("hours", "events")),
        *("hours cut", "hours of joined persons", "hours of erased persons", *LATEST_HOURS),
    },
    specs_in_full=1_200,
    specs_per_world=4,
    has_behaviors=False,
)


def _read(spec: QuerySpec, scope: Scope) -> set[str]:
    """Say what a spec's statement reads."""
    (kind,) = _options_of(spec)
    # Each kind that this is about has them.
    hours = cast("Any", insight_of(spec).plan(spec, scope)).hours
    if hours is None:
        return {f"{kind}, events"}
    found = {
        "hours cut": bool(hours.cut),
        "hours of joined persons": scope.people.merged,
        "hours of erased persons": scope.people.erased,
    }
    return {f"{kind}, hours", *latest_hour(spec, scope), *(name for name, holds in found.items() if holds)}


test_engine_and_oracle_agree = agreement_both_ways(KIND, _read)
