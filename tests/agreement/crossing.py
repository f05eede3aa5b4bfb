"""Specs with fields of two kinds of insights, as a dashboard makes them that switches charts."""

import re
from collections.abc import Callable, Sequence
from functools import partial

from google.protobuf.message import Message
from hypothesis import strategies as st

from eventglass.catalog.project import Project, WeekStart
from eventglass.errors import Violation
from eventglass.spec.validation import violations_of_request
from insights.v1.query_service_pb2 import QueryRequest
from insights.v1.query_spec_pb2 import QuerySpec
from tests.oracle import pools
from tests.oracle.distribution_specs import distribution_specs
from tests.oracle.funnel_specs import funnel_specs
from tests.oracle.heatmap_specs import heatmap_specs
from tests.oracle.lifecycle_specs import lifecycle_specs
from tests.oracle.path_specs import path_specs
from tests.oracle.retention_specs import retention_specs
from tests.oracle.specs import COMPUTING, specs
from tests.oracle.stickiness_specs import stickiness_specs
from tests.oracle.worlds import World

_KINDS: Sequence[Callable[..., st.SearchStrategy[QuerySpec]]] = (
    partial(specs, sessions=True, rolling=True),
    distribution_specs,
    funnel_specs,
    heatmap_specs,
    lifecycle_specs,
    path_specs,
    retention_specs,
    stickiness_specs,
)
_FIELDS = sorted({*QuerySpec.DESCRIPTOR.fields_by_name} - {"audience_id", "page_token"})

_STEP = re.compile(r"(?P<name>\w+)(?:\[(?P<at>\d+)\])?")


@st.composite
def crossed_specs(draw: st.DrawFn, world: World, *, first_time: bool) -> QuerySpec:
    """Draw a spec, give it some fields of another kind's, and take away what is wrong with that.

    What cannot be mended that way stays as it was drawn.
    """
    spec, other = (draw(kind(world, first_time=first_time)) for kind in _two(draw))
    crossed = QuerySpec()
    crossed.CopyFrom(spec)
    for name in draw(st.sets(st.sampled_from(_FIELDS), min_size=1, max_size=4)):
        _take(crossed, other, name)
    _make_exact(crossed)
    project = Project(id="", timezone=world.timezone, week_start=WeekStart(world.week_start))
    request = QueryRequest(query=crossed)
    return request.query if _is_mended(request, project) else spec


def _two(draw: st.DrawFn) -> Sequence[Callable[..., st.SearchStrategy[QuerySpec]]]:
    return draw(st.tuples(st.sampled_from(_KINDS), st.sampled_from(_KINDS)))


def _take(spec: QuerySpec, other: QuerySpec, name: str) -> None:
    """Have a field as another spec has it."""
    taken = QuerySpec()
    taken.CopyFrom(other)
    for field in QuerySpec.DESCRIPTOR.fields_by_name:
        if field != name:
            taken.ClearField(field)
    spec.ClearField(name)
    spec.MergeFrom(taken)


def _make_exact(spec: QuerySpec) -> None:
    """Compute of numbers whose sums are the same in every order: any of them may be a rank now."""
    if spec.aggregation in COMPUTING:
        spec.aggregation_property = pools.AMOUNT
    for selector in spec.events:
        if selector.aggregation in COMPUTING:
            selector.aggregation_property = pools.AMOUNT


def _is_mended(request: QueryRequest, project: Project) -> bool:
    """Take away what is wrong with a request, as often as something is; tell whether nothing is left."""
    while violations := violations_of_request(request, project):
        # From the last one on, so that the places of the others stay.
        taken = [_take_away(request, each) for each in reversed(violations)]
        if not any(taken):
            return False
    return True


def _take_away(request: QueryRequest, violation: Violation) -> bool:
    """Clear the field that a violation names; False: there is nothing to clear."""
    message: Message = request
    *path, last = _STEP.finditer(violation.field)
    for step in path:
        message = getattr(message, step["name"])
        if step["at"]:
            if int(step["at"]) >= len(message):  # type: ignore[arg-type]
                return False
            message = message[int(step["at"])]  # type: ignore[index]
    held = getattr(message, last["name"])
    if last["at"]:
        if int(last["at"]) >= len(held):
            return False
        del held[int(last["at"])]
        return True
    before = message.ByteSize()
    message.ClearField(last["name"])
    return message.ByteSize() < before
