"""Rules of funnels (semantics 11)."""

from collections.abc import Iterator

from eventglass.errors import Violation
from eventglass.spec import durations, filters
from eventglass.spec.fields import unused_in_selector
from insights.v1.funnel_pb2 import FunnelAttribution, FunnelExclusion, FunnelOrder
from insights.v1.query_spec_pb2 import QuerySpec, Visualization

MOST_STEPS = 30
MOST_EXCLUSIONS = 10
MOST_HELD = 5
LONGEST_WINDOW_DAYS = 366

_ORDERED = (FunnelOrder.FUNNEL_ORDER_UNSPECIFIED, FunnelOrder.FUNNEL_ORDER_ORDERED)


def violations(spec: QuerySpec) -> Iterator[Violation]:
    """Check the steps and the options of a funnel."""
    if spec.visualization != Visualization.VISUALIZATION_FUNNEL:
        return
    if not 1 <= len(spec.events) <= MOST_STEPS:
        yield Violation(
            field="query.events",
            code="OUT_OF_RANGE",
            description=f"holds {len(spec.events)} steps; a funnel has 1 to {MOST_STEPS}",
        )
    if spec.HasField("conversion_window"):
        yield from durations.violations(
            "query.conversion_window", spec.conversion_window, longest_days=LONGEST_WINDOW_DAYS
        )
    yield from _of_steps(spec)
    for position, exclusion in enumerate(spec.funnel.exclusions):
        yield from _of_exclusion(f"query.funnel.exclusions[{position}]", exclusion, spec)
    if len(spec.funnel.exclusions) > MOST_EXCLUSIONS:
        yield _too_many("query.funnel.exclusions", len(spec.funnel.exclusions), MOST_EXCLUSIONS)
    yield from _of_held(spec)
    yield from _of_attribution(spec)


def _of_steps(spec: QuerySpec) -> Iterator[Violation]:
    last = len(spec.events) - 1
    is_ordered = spec.funnel.order in _ORDERED
    for position, step in enumerate(spec.events):
        path = f"query.events[{position}]"
        if step.HasField("within"):
            yield from durations.violations(f"{path}.within", step.within, longest_days=LONGEST_WINDOW_DAYS)
        if step.HasField("within") and position == 0:
            yield Violation(
                field=f"{path}.within",
                code="UNUSED_FIELD",
                description="has no step before it; set it on a later step",
            )
        if step.optional and position in (0, last):
            yield Violation(
                field=f"{path}.optional",
                code="NOT_OPTIONAL",
                description="must not be set on the first or the last step; leave it out",
            )
        for name in ("within", "optional"):
            if not is_ordered and any(field.name == name for field, _ in step.ListFields()):
                yield Violation(
                    field=f"{path}.{name}",
                    code="UNUSED_FIELD",
                    description="is for FUNNEL_ORDER_ORDERED only; leave it out, or choose that order",
                )


def _of_exclusion(path: str, exclusion: FunnelExclusion, spec: QuerySpec) -> Iterator[Violation]:
    if not exclusion.HasField("event"):
        yield Violation(
            field=f"{path}.event", code="REQUIRED", description="is required; name the excluded event"
        )
    yield from filters.violations(f"{path}.event", exclusion.event)
    yield from unused_in_selector(f"{path}.event", exclusion.event, spec)
    steps = len(spec.events)
    wrong = False
    for name in ("from_step", "to_step"):
        given = getattr(exclusion, name)
        if not 0 <= given <= steps or (given and spec.events[given - 1].optional):
            wrong = True
            yield Violation(
                field=f"{path}.{name}",
                code="NO_SUCH_STEP",
                description=f"must be a step that is not optional, 1 to {steps}, or 0 for the default",
            )
    if not wrong and (exclusion.from_step or 1) >= (exclusion.to_step or steps):
        yield Violation(
            field=f"{path}.to_step",
            code="NOT_AFTER_FROM_STEP",
            description="must be a later step than from_step; an exclusion stands between two steps",
        )


def _of_held(spec: QuerySpec) -> Iterator[Violation]:
    held = list(spec.funnel.hold_constant)
    if held and spec.funnel.order == FunnelOrder.FUNNEL_ORDER_STRICT:
        yield Violation(
            field="query.funnel.hold_constant",
            code="UNUSED_FIELD",
            description="is not possible with FUNNEL_ORDER_STRICT; leave it out, or choose another order",
        )
    if len(held) > MOST_HELD:
        yield _too_many("query.funnel.hold_constant", len(held), MOST_HELD)
    for position, name in enumerate(held):
        if not name or name in held[:position]:
            yield Violation(
                field=f"query.funnel.hold_constant[{position}]",
                code="DUPLICATE" if name else "REQUIRED",
                description="must name a property, each once",
            )


def _of_attribution(spec: QuerySpec) -> Iterator[Violation]:
    options = spec.funnel
    by_step = options.attribution == FunnelAttribution.FUNNEL_ATTRIBUTION_STEP
    if options.attribution and not spec.HasField("breakdown"):
        yield Violation(
            field="query.funnel.attribution",
            code="UNUSED_FIELD",
            description="says where the breakdown's value is read; add a breakdown, or leave it out",
        )
    if by_step and not 1 <= options.attribution_step <= len(spec.events):
        yield Violation(
            field="query.funnel.attribution_step",
            code="NO_SUCH_STEP",
            description=f"must be a step, 1 to {len(spec.events)}",
        )
    if options.attribution_step and not by_step:
        yield Violation(
            field="query.funnel.attribution_step",
            code="UNUSED_FIELD",
            description="is for FUNNEL_ATTRIBUTION_STEP only; choose it, or leave the step out",
        )


def _too_many(path: str, given: int, most: int) -> Violation:
    return Violation(field=path, code="TOO_MANY", description=f"holds {given}; at most {most} are possible")
