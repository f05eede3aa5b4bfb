"""Rules of retention (semantics 12)."""

from collections.abc import Iterator

from eventglass.errors import Violation
from eventglass.planning.buckets import UNITS
from eventglass.planning.retention import LENGTHS
from eventglass.spec import counts, filters
from eventglass.spec.fields import unused_in_selector
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from insights.v1.time_pb2 import Granularity

MOST_PERIODS = 1_000


def violations(spec: QuerySpec) -> Iterator[Violation]:
    """Check the two events and the options of a retention."""
    if spec.visualization != Visualization.VISUALIZATION_RETENTION:
        return
    if not spec.HasField("starting_event"):
        yield Violation(
            field="query.starting_event",
            code="REQUIRED",
            description='is required; name the event that starts a person, such as {"name": "signup"}',
        )
    for name in ("starting_event", "return_event"):
        if spec.HasField(name):
            selector = getattr(spec, name)
            yield from filters.violations(f"query.{name}", selector)
            yield from unused_in_selector(f"query.{name}", selector, spec)
    yield from counts.violations(
        "query.retention.periods",
        spec.retention.periods,
        most=MOST_PERIODS,
        default="as many as the range holds",
    )
    if spec.retention.rolling and UNITS.get(spec.granularity) not in LENGTHS:
        names = ", ".join(Granularity.Name(each) for each, unit in UNITS.items() if each and unit in LENGTHS)
        yield Violation(
            field="query.retention.rolling",
            code="UNUSED_FIELD",
            description=f"needs periods of a fixed length; choose one of {names}, or leave it out",
        )
