"""Names the options that a spec uses, so that a run can show that it has reached all of them."""

from collections.abc import Iterator
from string import ascii_uppercase

from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.filter_pb2 import Filter, FilterExpression, Operator
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from insights.v1.time_pb2 import Granularity
from tests.oracle import pools
from tests.oracle.aggregations import OF_EVENTS, OF_SESSIONS
from tests.oracle.filter_specs import ON_TEXTS, OPERATORS
from tests.oracle.question import aggregation_of
from tests.oracle.range_specs import GRANULARITIES
from tests.oracle.specs import VISUALIZATIONS
from tests.oracle.zones import DAY

_SEVERAL = 3
_LONG_LIST = 40
_USUAL_DEPTH = 5
_CENTURY = 100 * 366 * DAY // 1_000


def options_of(spec: QuerySpec) -> set[str]:
    """The options that a spec uses, such as "OPERATOR_IN" or "breakdown.hide_other"."""
    return {
        Visualization.Name(spec.visualization),
        f"zone {spec.timezone}" if spec.timezone else "the project's zone",
        *_counted(spec),
        *_split(spec),
        *_timed(spec),
        *_conditioned(spec),
    }


def every_option(*, sessions: bool = False, first_time: bool = False, rolling: bool = False) -> set[str]:
    """The options that the strategies of specs.py can reach with these switches."""
    aggregations = [*OF_EVENTS, *(OF_SESSIONS if sessions else ())]
    shapes = [Visualization.Name(it) for it in VISUALIZATIONS]
    return {
        *shapes,
        *(Granularity.Name(it) for it in GRANULARITIES),
        *(Aggregation.Name(it) for it in aggregations),
        *(f"own {Aggregation.Name(it)}" for it in aggregations),
        *(Operator.Name(it) for it in OPERATORS),
        *(f"{Operator.Name(it)} ignore_case" for it in ON_TEXTS),
        *(f"zone {zone}" for zone in pools.ZONES),
        *("the project's zone", "no events", "several events", "alike events"),
        *("label", "any event", "formula", "formula of no events"),
        *("filters", "where", "own filters", "own where", "filter", "all_of", "any_of", "not"),
        *("breakdown", "breakdown.then_by", "breakdown.limit", "breakdown.hide_other", "breakdown.buckets"),
        *("breakdown with formula", "breakdown with comparisons", "breakdown with several events"),
        *("previous_period", "previous_year", "time_range", "comparison.label", "page_size"),
        *("many events", "formula of many events", "as many events as possible", "a century and more"),
        *("breakdown by many properties", "breakdown of many values", "a long list", "a deep tree"),
        *(["first_time"] if first_time else []),
        *(_ROLLING if rolling else []),
    }


_ROLLING = {
    "rolling_window of whole days",
    "rolling_window not of whole days",
    *(
        f"rolling_window of {Visualization.Name(it)}"
        for it in VISUALIZATIONS
        if it != Visualization.VISUALIZATION_TABLE
    ),
    *(
        f"rolling_window with {it}"
        for it in ("breakdown", "comparisons", "formula", "filters", "where", "events")
    ),
}


def _counted(spec: QuerySpec) -> Iterator[str]:
    for selector in spec.events:
        own = "own " if selector.aggregation else ""
        yield own + Aggregation.Name(aggregation_of(spec, selector))
        used = {
            "own filters": bool(selector.filters),
            "own where": selector.HasField("where"),
            "label": bool(selector.label),
            "any event": not selector.name,
            "first_time": selector.first_time,
        }
        yield from (option for option, is_used in used.items() if is_used)
    if not spec.events:
        yield "no events"
        yield Aggregation.Name(spec.aggregation or Aggregation.AGGREGATION_COUNT)
    if len(spec.events) > 1:
        yield "several events"
        yield from ["alike events"] if _are_alike(spec) else []
    if len(spec.events) > _SEVERAL:
        yield "many events"
        yield from ["formula of many events"] if spec.formula else []
        yield from ["as many events as possible"] if len(spec.events) == len(ascii_uppercase) else []
    if spec.formula:
        yield "formula"
        yield from ["formula of no events"] if not spec.events else []


def _are_alike(spec: QuerySpec) -> bool:
    """Whether series differ in nothing but what is computed of the same events."""
    first = spec.events[0]
    return all(
        (each.name, each.first_time, each.where) == (first.name, first.first_time, first.where)
        and list(each.filters) == list(first.filters)
        for each in spec.events[1:]
    )


def _conditioned(spec: QuerySpec) -> Iterator[str]:
    if spec.filters:
        yield "filters"
    if spec.HasField("where"):
        yield "where"
    yield from (option for condition in _filters(spec) for option in _of_filter(condition))
    yield from (kind for tree in _trees(spec) for kind in _kinds(tree))
    if any(_depth(tree) > _USUAL_DEPTH for tree in _trees(spec)):
        yield "a deep tree"


def _split(spec: QuerySpec) -> Iterator[str]:
    if not spec.HasField("breakdown"):
        return
    used = {
        "breakdown": True,
        "breakdown.then_by": bool(spec.breakdown.then_by),
        "breakdown.limit": bool(spec.breakdown.limit),
        "breakdown.hide_other": spec.breakdown.hide_other,
        "breakdown.buckets": bool(spec.breakdown.buckets),
        "breakdown by many properties": len(spec.breakdown.then_by) >= _SEVERAL,
        "breakdown of many values": spec.breakdown.limit > _SEVERAL,
        "breakdown with formula": bool(spec.formula),
        "breakdown with comparisons": bool(spec.comparisons),
        "breakdown with several events": len(spec.events) > 1,
    }
    yield from (option for option, is_used in used.items() if is_used)


def _timed(spec: QuerySpec) -> Iterator[str]:
    if spec.granularity:
        yield Granularity.Name(spec.granularity)
    if spec.time_range.end.seconds - spec.time_range.start.seconds > _CENTURY:
        yield "a century and more"
    for comparison in spec.comparisons:
        yield comparison.WhichOneof("range") or ""
        if comparison.label:
            yield "comparison.label"
    if spec.HasField("rolling_window"):
        days = "of whole days" if spec.rolling_window.ToMilliseconds() % DAY == 0 else "not of whole days"
        yield f"rolling_window {days}"
        yield f"rolling_window of {Visualization.Name(spec.visualization)}"
        used = ("breakdown", "comparisons", "formula", "filters", "where", "events")
        yield from (
            f"rolling_window with {name}" for name in used if name in {it.name for it, _ in spec.ListFields()}
        )
    if spec.page_size:
        yield "page_size"


def _filters(spec: QuerySpec) -> Iterator[Filter]:
    yield from spec.filters
    for selector in spec.events:
        yield from selector.filters
    for tree in _trees(spec):
        yield from _leaves(tree)


def _of_filter(condition: Filter) -> Iterator[str]:
    name = Operator.Name(condition.operator)
    yield name
    if condition.ignore_case:
        yield f"{name} ignore_case"
    if len(condition.value.list_value.values) > _LONG_LIST:
        yield "a long list"


def _trees(spec: QuerySpec) -> list[FilterExpression]:
    own = [selector.where for selector in spec.events if selector.HasField("where")]
    return [spec.where, *own] if spec.HasField("where") else own


def _children(tree: FilterExpression) -> list[FilterExpression]:
    match tree.WhichOneof("expression"):
        case "all_of":
            return list(tree.all_of.expressions)
        case "any_of":
            return list(tree.any_of.expressions)
        case "not":
            return [getattr(tree, "not")]
        case _:
            return []


def _depth(tree: FilterExpression) -> int:
    return 1 + max(map(_depth, _children(tree)), default=0)


def _leaves(tree: FilterExpression) -> Iterator[Filter]:
    if tree.HasField("filter"):
        yield tree.filter
    for child in _children(tree):
        yield from _leaves(child)


def _kinds(tree: FilterExpression) -> Iterator[str]:
    yield tree.WhichOneof("expression") or ""
    for child in _children(tree):
        yield from _kinds(child)
