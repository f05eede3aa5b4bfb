"""Which fields a visualization uses; the others are refused (the last section of semantics)."""

from collections.abc import Iterator
from dataclasses import dataclass

from eventglass.errors import Violation
from eventglass.planning.formula import LETTERS
from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.query_spec_pb2 import QuerySpec, Visualization

_ALWAYS = frozenset(
    {
        "time_range",
        "granularity",
        "aggregation",
        "filters",
        "where",
        "visualization",
        "timezone",
        "audience_id",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """What a visualization uses of a spec.

    Args:
        fields: besides those that every visualization takes.
        of_events: fields of `events` that only some visualizations take.
        buckets: it answers by buckets of `granularity`.
        aggregations: those that it can compute; none where it has a number of its own.
        most_events: how many `events` it takes; None where rules of its own say so.
    """

    fields: frozenset[str]
    of_events: frozenset[str] = frozenset()
    buckets: bool = False
    aggregations: frozenset[int] = frozenset()
    most_events: int | None = len(LETTERS)


_ANY_AGGREGATION = frozenset(Aggregation.values())
_STEP_FIELDS = frozenset({"within", "optional"})
_NUMBER_FIELDS = frozenset({"aggregation", "aggregation_property"})
_SERIES = Uses(
    fields=frozenset(
        {"events", "aggregation_property", "breakdown", "comparisons", "formula", "rolling_window"}
    ),
    of_events=_NUMBER_FIELDS,
    buckets=True,
    aggregations=_ANY_AGGREGATION,
)

USED: dict[Visualization, Uses] = {
    Visualization.VISUALIZATION_UNSPECIFIED: _SERIES,
    Visualization.VISUALIZATION_LINE: _SERIES,
    Visualization.VISUALIZATION_AREA: _SERIES,
    Visualization.VISUALIZATION_BAR: _SERIES,
    Visualization.VISUALIZATION_KPI: Uses(
        fields=_SERIES.fields - {"breakdown"}, of_events=_NUMBER_FIELDS, aggregations=_ANY_AGGREGATION
    ),
    Visualization.VISUALIZATION_TABLE: Uses(
        fields=frozenset(
            {"events", "aggregation_property", "breakdown", "formula", "page_size", "page_token"}
        ),
        of_events=_NUMBER_FIELDS,
        aggregations=_ANY_AGGREGATION,
    ),
    Visualization.VISUALIZATION_FUNNEL: Uses(
        fields=frozenset({"events", "breakdown", "conversion_window", "funnel"}),
        of_events=_STEP_FIELDS,
        most_events=None,
    ),
    Visualization.VISUALIZATION_RETENTION: Uses(
        fields=frozenset({"starting_event", "return_event", "breakdown", "retention"}), buckets=True
    ),
    Visualization.VISUALIZATION_LIFECYCLE: Uses(fields=frozenset({"events"}), buckets=True, most_events=1),
    Visualization.VISUALIZATION_STICKINESS: Uses(fields=frozenset({"events", "stickiness"}), buckets=True),
    Visualization.VISUALIZATION_PATHS: Uses(fields=frozenset({"paths"})),
    Visualization.VISUALIZATION_HEATMAP: Uses(
        fields=frozenset({"events"}),
        of_events=frozenset({"aggregation"}),
        aggregations=frozenset({Aggregation.AGGREGATION_COUNT, Aggregation.AGGREGATION_UNIQUE_USERS}),
        most_events=1,
    ),
    Visualization.VISUALIZATION_DISTRIBUTION: Uses(
        fields=frozenset({"events", "aggregation_property", "distribution"}),
        of_events=frozenset({"aggregation_property"}),
        most_events=1,
    ),
}

_NOTHING = Uses(fields=frozenset())


def used(spec: QuerySpec) -> Uses:
    """Look up what a spec's visualization uses; nothing of one that is unknown."""
    return USED.get(spec.visualization, _NOTHING)


def has_buckets(spec: QuerySpec) -> bool:
    """Tell whether the answer has buckets of `granularity`."""
    return used(spec).buckets or spec.funnel.trend


def violations(spec: QuerySpec) -> Iterator[Violation]:
    """Refuse what the visualization does not use."""
    if spec.visualization not in USED:
        return  # an unknown number, which is a violation of its own
    for field, _ in spec.ListFields():
        if field.name not in used(spec).fields | _ALWAYS:
            using = [kind for kind, uses in USED.items() if field.name in uses.fields]
            yield _unused(f"query.{field.name}", spec, using)
    for position, selector in enumerate(spec.events):
        yield from unused_in_selector(f"query.events[{position}]", selector, spec)


def unused_in_selector(path: str, selector: EventSelector, spec: QuerySpec) -> Iterator[Violation]:
    """Refuse what the visualization does not use of an event selector; only `events` have all fields."""
    is_of_events = path.startswith("query.events")
    taken = used(spec).of_events if is_of_events else frozenset()
    if selector.label and not is_of_events:
        yield Violation(
            field=f"{path}.label",
            code="UNUSED_FIELD",
            description="names nothing in the answer; leave it out",
        )
    for field, _ in selector.ListFields():
        if field.name in (_STEP_FIELDS | _NUMBER_FIELDS) - taken:
            using = [kind for kind, uses in USED.items() if field.name in uses.of_events]
            yield _unused(f"{path}.{field.name}", spec, using)


def _unused(path: str, spec: QuerySpec, using: list[Visualization]) -> Violation:
    kind = Visualization.Name(spec.visualization or Visualization.VISUALIZATION_LINE)
    choice = " or ".join(Visualization.Name(each) for each in using if each)
    return Violation(
        field=path,
        code="UNUSED_FIELD",
        description=f"is not used by {kind}; leave it out, or choose {choice}",
    )
