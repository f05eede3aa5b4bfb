"""Which fields a visualization uses; the others are refused (semantics 9.4)."""

from collections.abc import Iterator

from eventglass.errors import Violation
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
_SERIES = frozenset(
    {"events", "aggregation_property", "breakdown", "comparisons", "formula", "rolling_window"}
)

USED: dict[Visualization, frozenset[str]] = {
    Visualization.VISUALIZATION_UNSPECIFIED: _SERIES,
    Visualization.VISUALIZATION_LINE: _SERIES,
    Visualization.VISUALIZATION_AREA: _SERIES,
    Visualization.VISUALIZATION_BAR: _SERIES,
    Visualization.VISUALIZATION_KPI: _SERIES - {"breakdown"},
    Visualization.VISUALIZATION_TABLE: frozenset(
        {"events", "aggregation_property", "breakdown", "formula", "page_size", "page_token"}
    ),
    Visualization.VISUALIZATION_FUNNEL: frozenset({"events", "breakdown", "conversion_window", "funnel"}),
    Visualization.VISUALIZATION_RETENTION: frozenset(
        {"starting_event", "return_event", "breakdown", "retention"}
    ),
    Visualization.VISUALIZATION_LIFECYCLE: frozenset({"events"}),
    Visualization.VISUALIZATION_STICKINESS: frozenset({"events", "stickiness"}),
    Visualization.VISUALIZATION_PATHS: frozenset({"paths"}),
    Visualization.VISUALIZATION_HEATMAP: frozenset({"events"}),
    Visualization.VISUALIZATION_DISTRIBUTION: frozenset({"events", "aggregation_property", "distribution"}),
}

# Fields of an event selector that only some visualizations use.
_STEP_FIELDS = {"within", "optional"}
_NUMBER_FIELDS = {"aggregation", "aggregation_property"}
_WITH_STEPS = {Visualization.VISUALIZATION_FUNNEL}


def violations(spec: QuerySpec) -> Iterator[Violation]:
    """Refuse what the visualization does not use."""
    used = USED.get(spec.visualization)
    if used is None:
        return  # an unknown number, which is a violation of its own
    for field, _ in spec.ListFields():
        if field.name not in used | _ALWAYS:
            yield _unused(f"query.{field.name}", field.name, spec)
    for position, selector in enumerate(spec.events):
        yield from unused_in_selector(f"query.events[{position}]", selector, spec)


def unused_in_selector(path: str, selector: EventSelector, spec: QuerySpec) -> Iterator[Violation]:
    """Refuse what the visualization does not use of an event selector; only steps have step fields."""
    is_step = spec.visualization in _WITH_STEPS and path.startswith("query.events")
    has_number = "aggregation_property" in USED.get(spec.visualization, ())
    unused = (set() if is_step else _STEP_FIELDS) | (set() if has_number else _NUMBER_FIELDS)
    for field, _ in selector.ListFields():
        if field.name in unused:
            yield _unused(f"{path}.{field.name}", field.name, spec)


def _unused(path: str, name: str, spec: QuerySpec) -> Violation:
    using = [
        Visualization.Name(kind)
        for kind, used in USED.items()
        if kind and (name in used or (name in _STEP_FIELDS and kind in _WITH_STEPS))
    ] or [Visualization.Name(kind) for kind, used in USED.items() if kind and "aggregation_property" in used]
    kind = Visualization.Name(spec.visualization or Visualization.VISUALIZATION_LINE)
    return Violation(
        field=path,
        code="UNUSED_FIELD",
        description=f"is not used by {kind}; leave it out, or choose {' or '.join(using)}",
    )
