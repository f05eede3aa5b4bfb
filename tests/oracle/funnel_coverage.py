"""Names the options that a funnel or a retention uses, so that a run can show that it has reached all."""

from collections.abc import Iterator
from itertools import product

from insights.v1.breakdown_pb2 import Breakdown
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.funnel_pb2 import FunnelAttribution, FunnelCountBy, FunnelOptions, FunnelOrder
from insights.v1.query_spec_pb2 import QuerySpec
from insights.v1.retention_pb2 import RetentionCohort, RetentionReturning
from insights.v1.time_pb2 import Granularity
from tests.oracle.comparisons import span_of
from tests.oracle.funnel_rules import milliseconds
from tests.oracle.range_specs import GRANULARITIES, LENGTHS
from tests.oracle.retention_specs import OF_FIXED_LENGTH
from tests.oracle.selector_coverage import every_of_selectors, of_selectors, used
from tests.oracle.zones import DAY, HOUR

_ORDERS = ("ORDERED", "STRICT", "UNORDERED")
# Unset it is that of the first step.
_FIRST_STEP = FunnelAttribution.FUNNEL_ATTRIBUTION_FIRST_STEP
_ATTRIBUTIONS: dict[int, str] = {it: FunnelAttribution.Name(it) for it in FunnelAttribution.values()}
_BREAKDOWN = ("breakdown.then_by", "breakdown.limit", "breakdown.hide_other", "breakdown.buckets")
_MANY = 64

# Each is reached with every order …
_WITH_EVERY_ORDER = (
    *("1 step", "2 to 5 steps", "6 to 29 steps", "30 steps", "steps that repeat"),
    *("window unset", "window < 1 s", "window < 1 h", "window < 7 d", "window >= 7 d"),
    *("exclusion", "exclusion.from_step", "exclusion.to_step", "several exclusions", "within_range"),
    *(FunnelCountBy.Name(it) for it in FunnelCountBy.values()),
    *("breakdown", *_BREAKDOWN, "trend", "trend with within_range", "trend with breakdown"),
    *(FunnelAttribution.Name(it) for it in FunnelAttribution.values()),
)
# … but for these.
_WITHOUT_STRICT = ("hold_constant of 1", "hold_constant of 2", "hold_constant with exclusion")
_ONLY_ORDERED = (
    *("within", "optional", "optional with within", "optional with exclusion", "optional with hold_constant"),
    "attribution of an optional step",
    *("different steps alone", "different steps alone with optional"),
)
_OF_FUNNELS = ("order unset", "label", *(f"trend {Granularity.Name(it)}" for it in LENGTHS))


def options_of_funnel(spec: QuerySpec) -> set[str]:
    """The options that a funnel uses, such as "exclusion · STRICT"."""
    order = FunnelOrder.Name(spec.funnel.order or FunnelOrder.FUNNEL_ORDER_ORDERED)
    with_order = (*_of_steps(spec), *_of_funnel(spec), *_of_breakdown(spec.breakdown))
    return {
        *(f"{option} · {order.removeprefix('FUNNEL_ORDER_')}" for option in with_order),
        *used({"order unset": not spec.funnel.order}),
        *([f"trend {Granularity.Name(spec.granularity)}"] if spec.funnel.trend else []),
        *of_selectors(spec, spec.events),
    }


def every_funnel_option(*, first_time: bool = False) -> set[str]:
    """The options that the strategy of funnel_specs.py can reach."""
    return {
        *(f"{option} · {order}" for option, order in product(_WITH_EVERY_ORDER, _ORDERS)),
        *(f"{option} · {order}" for option, order in product(_WITHOUT_STRICT, ("ORDERED", "UNORDERED"))),
        *(f"{option} · ORDERED" for option in _ONLY_ORDERED),
        *_OF_FUNNELS,
        *(f"{_alone_by(it)} · ORDERED" for it in _ATTRIBUTIONS if it),
        *every_of_selectors(first_time=first_time),
    }


def options_of_retention(spec: QuerySpec) -> set[str]:
    """The options that a retention uses, such as "rolling · GRANULARITY_DAY"."""
    options = spec.retention
    periods = "rolling" if options.rolling else "calendar"
    cohort, returning = RetentionCohort.Name(options.cohort), RetentionReturning.Name(options.returning)
    span = span_of(spec.time_range)
    return {
        f"{cohort} · {returning} · {periods}",
        f"{periods} · {Granularity.Name(spec.granularity)}",
        "return_event" if spec.HasField("return_event") else "no return_event",
        *used(
            {
                f"breakdown · {cohort}": spec.HasField("breakdown"),
                f"breakdown · {periods}": spec.HasField("breakdown"),
                "periods": options.periods > 0,
                # One more, because of hours that are shorter.
                f"more than 64 periods · {periods}": (span.end - span.start) // LENGTHS[spec.granularity]
                > _MANY + 1,
            }
        ),
        *_of_breakdown(spec.breakdown),
        *of_selectors(spec, [spec.starting_event]),
        *of_selectors(spec, [spec.return_event] if spec.HasField("return_event") else []),
    }


def every_retention_option(*, first_time: bool = False) -> set[str]:
    """The options that the strategy of retention_specs.py can reach."""
    cohorts = [RetentionCohort.Name(it) for it in RetentionCohort.values()]
    returning = [RetentionReturning.Name(it) for it in RetentionReturning.values()]
    kinds = ("calendar", "rolling")
    return {
        *(" · ".join(parts) for parts in product(cohorts, returning, kinds)),
        *(f"breakdown · {it}" for it in (*cohorts, *kinds)),
        *(f"calendar · {Granularity.Name(it)}" for it in (0, *GRANULARITIES)),
        *(f"rolling · {Granularity.Name(it)}" for it in OF_FIXED_LENGTH),
        *(f"more than 64 periods · {it}" for it in kinds),
        *("return_event", "no return_event", "periods", "breakdown", *_BREAKDOWN),
        *every_of_selectors(first_time=first_time),
    }


def _of_steps(spec: QuerySpec) -> Iterator[str]:
    number = len(spec.events)
    optional = [selector.optional for selector in spec.events]
    within = any(selector.HasField("within") for selector in spec.events)
    repeats = number > len({_event_of(selector) for selector in spec.events})
    is_alone = number > 1 and _is_of_different_steps_alone(spec)
    broken_down = spec.HasField("breakdown")
    yield from used(
        {
            "1 step": number == 1,
            "2 to 5 steps": 2 <= number <= 5,
            "6 to 29 steps": 6 <= number <= 29,
            "30 steps": number == 30,
            "steps that repeat": repeats,
            "within": within,
            "optional": any(optional),
            "optional with within": any(optional) and within,
            "optional with exclusion": any(optional) and bool(spec.funnel.exclusions),
            "optional with hold_constant": any(optional) and bool(spec.funnel.hold_constant),
            "different steps alone": is_alone and not broken_down,
            "different steps alone with optional": is_alone and not broken_down and any(optional),
            _alone_by(spec.funnel.attribution or _FIRST_STEP): is_alone and broken_down and not any(optional),
            "attribution of an optional step": spec.funnel.attribution_step > 0
            and optional[spec.funnel.attribution_step - 1],
        }
    )
    yield _window(spec)


def _alone_by(attribution: int) -> str:
    return f"different steps alone by {_ATTRIBUTIONS[attribution]}"


def _is_of_different_steps_alone(spec: QuerySpec) -> bool:
    options = spec.funnel
    rules = (options.exclusions, options.hold_constant, options.trend)
    names = {selector.name for selector in spec.events}
    within = any(selector.HasField("within") for selector in spec.events)
    return not any(rules) and not within and "" not in names and len(names) == len(spec.events)


def _event_of(selector: EventSelector) -> bytes:
    """What a selector selects."""
    alone = EventSelector(
        name=selector.name,
        filters=selector.filters,
        where=selector.where if selector.HasField("where") else None,
        first_time=selector.first_time,
    )
    return alone.SerializeToString(deterministic=True)


def _window(spec: QuerySpec) -> str:
    if not spec.HasField("conversion_window"):
        return "window unset"
    window = milliseconds(spec.conversion_window)
    below = {"1 s": 1000, "1 h": HOUR, "7 d": 7 * DAY}
    return next((f"window < {name}" for name, length in below.items() if window < length), "window >= 7 d")


def _of_funnel(spec: QuerySpec) -> Iterator[str]:
    options: FunnelOptions = spec.funnel
    yield FunnelCountBy.Name(options.count_by)
    if spec.HasField("breakdown"):
        yield FunnelAttribution.Name(options.attribution)
    yield from used(
        {
            "exclusion": bool(options.exclusions),
            "exclusion.from_step": any(it.from_step for it in options.exclusions),
            "exclusion.to_step": any(it.to_step for it in options.exclusions),
            "several exclusions": len(options.exclusions) > 1,
            "within_range": options.within_range,
            f"hold_constant of {len(options.hold_constant)}": bool(options.hold_constant),
            "hold_constant with exclusion": bool(options.hold_constant and options.exclusions),
            "trend": options.trend,
            "trend with within_range": options.trend and options.within_range,
            "trend with breakdown": options.trend and spec.HasField("breakdown"),
        }
    )


def _of_breakdown(breakdown: Breakdown) -> Iterator[str]:
    return used(
        {
            "breakdown": bool(breakdown.property),
            "breakdown.then_by": bool(breakdown.then_by),
            "breakdown.limit": bool(breakdown.limit),
            "breakdown.hide_other": breakdown.hide_other,
            "breakdown.buckets": bool(breakdown.buckets),
        }
    )
