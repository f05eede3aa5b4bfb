"""Rules of rolling windows (semantics 4.6)."""

from collections.abc import Iterator

from eventglass.errors import Violation
from eventglass.planning.selection import aggregation_of
from eventglass.spec import durations
from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.query_spec_pb2 import QuerySpec

LONGEST_DAYS = 366


def violations(spec: QuerySpec) -> Iterator[Violation]:
    """Check the window's length, and that it is users who are counted."""
    if not spec.HasField("rolling_window"):
        return
    yield from durations.violations("query.rolling_window", spec.rolling_window, longest_days=LONGEST_DAYS)
    asked = {aggregation_of(each, spec) for each in spec.events or [EventSelector()]}
    others = asked - {Aggregation.AGGREGATION_UNIQUE_USERS}
    if others:
        yield Violation(
            field="query.rolling_window",
            code="UNUSED_FIELD",
            description=(
                f"counts users, not {Aggregation.Name(min(others))}; "
                "ask for AGGREGATION_UNIQUE_USERS everywhere, or leave it out"
            ),
        )
