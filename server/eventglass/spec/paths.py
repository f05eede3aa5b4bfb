"""Rules of paths (semantics 16)."""

from collections.abc import Iterator

from eventglass.errors import Violation
from eventglass.spec import counts, durations, filters
from eventglass.spec.fields import unused_in_selector
from insights.v1.paths_pb2 import PathsBy
from insights.v1.query_spec_pb2 import QuerySpec, Visualization

MOST_STEPS = 10
MOST_NODES = 100
LONGEST_GAP_DAYS = 366


def violations(spec: QuerySpec) -> Iterator[Violation]:
    """Check the options of paths."""
    if spec.visualization != Visualization.VISUALIZATION_PATHS:
        return
    options = spec.paths
    for name in ("start_event", "end_event"):
        if options.HasField(name):
            selector = getattr(options, name)
            yield from filters.violations(f"query.paths.{name}", selector)
            yield from unused_in_selector(f"query.paths.{name}", selector, spec)
    if options.HasField("start_event") and options.HasField("end_event"):
        yield Violation(
            field="query.paths.end_event",
            code="NOT_TOGETHER",
            description="is not possible with start_event; paths begin at one event, or end at one",
        )
    yield from _of_gap(spec)
    for name, most in (("max_steps", MOST_STEPS), ("max_nodes", MOST_NODES)):
        yield from counts.violations(f"query.paths.{name}", getattr(options, name), most=most)


def _of_gap(spec: QuerySpec) -> Iterator[Violation]:
    options = spec.paths
    if not options.HasField("gap"):
        return
    if options.by != PathsBy.PATHS_BY_USERS:
        yield Violation(
            field="query.paths.gap",
            code="UNUSED_FIELD",
            description="is for PATHS_BY_USERS only; choose it, or leave the gap out",
        )
    yield from durations.violations("query.paths.gap", options.gap, longest_days=LONGEST_GAP_DAYS)
