"""Funnels: steps, the rules of an attempt, and what is counted of it (semantics 11)."""

import enum
from dataclasses import dataclass
from datetime import timedelta

from eventglass.planning.breakdowns import DEFAULT_LIMIT, Breakdown, breakdown_of
from eventglass.planning.durations import milliseconds
from eventglass.planning.properties import Operand, operand
from eventglass.planning.scope import Scope
from eventglass.planning.selection import Selection, Series, select, series_of
from insights.v1.funnel_pb2 import (
    FunnelAttribution,
    FunnelCountBy,
    FunnelExclusion,
    FunnelOptions,
    FunnelOrder,
)
from insights.v1.query_spec_pb2 import QuerySpec

DEFAULT_WINDOW = timedelta(days=7)


class Order(enum.Enum):
    """How the steps must follow each other."""

    ORDERED = enum.auto()
    STRICT = enum.auto()
    UNORDERED = enum.auto()


class Attribution(enum.Enum):
    """Which event gives a unit the breakdown's value."""

    STEP = enum.auto()
    LAST_STEP = enum.auto()
    FIRST_TOUCH = enum.auto()
    LAST_TOUCH = enum.auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step.

    Args:
        series: its events, and what the answer calls it.
        within: milliseconds from the required step before; None for the whole window.
        optional: it may be left out.
    """

    series: Series
    within: int | None
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Events that must not come between two steps, counted among the required ones, from 1."""

    series: Series
    after: int
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """A funnel.

    Args:
        selection: whose events, in which range, under which conditions; its series are the steps.
        window: milliseconds to convert in, from the first step, inclusive.
        within_range: later steps count only before the range's end.
        by_session: attempts are made inside sessions, and sessions convert.
        held: properties whose values must be the same in all steps.
        attribution: with a breakdown, which event's value counts.
        attribution_step: the step of attribution STEP, from 1.
    """

    selection: Selection
    steps: tuple[Step, ...]
    order: Order
    window: int
    within_range: bool
    by_session: bool
    exclusions: tuple[Exclusion, ...]
    held: tuple[Operand, ...]
    breakdown: Breakdown | None
    attribution: Attribution
    attribution_step: int

    @property
    def required(self) -> list[int]:
        """The positions of the steps that are not optional, from 0."""
        return [at for at, step in enumerate(self.steps) if not step.optional]

    @property
    def has_optional(self) -> bool:
        """Whether a step may be left out."""
        return any(step.optional for step in self.steps)

    @property
    def overlaps(self) -> bool:
        """Whether an event may match several steps."""
        names = [step.series.event for step in self.steps]
        return len(names) > 1 and ("" in names or len(set(names)) < len(names))

    def may_share(self, one: int, other: int) -> bool:
        """Tell whether an event may match both of two steps."""
        names = [self.steps[at].series.event for at in (one, other)]
        return names[0] == names[1] or "" in names

    @property
    def reach(self) -> int:
        """The milliseconds from its first event in which an attempt can have an event of any use.

        The windows of its steps may be over before its own is. One after a step that was not reached is not:
        an optional step without a window of its own may come until the attempt's ends.
        """
        reached = furthest = 0
        for step in self.steps[1:]:
            if step.within is None:
                return self.window
            furthest = max(furthest, reached + step.within)
            reached += 0 if step.optional else step.within
        return min(furthest, self.window)

    @property
    def begins_by_name(self) -> bool:
        """Whether the name of an event tells that it can begin an attempt, and do nothing else."""
        first, *others = [each.series.event for each in self.steps]
        others += [each.series.event for each in self.exclusions]
        return self.order is Order.ORDERED and first != "" and first not in others and "" not in others

    def required_before(self, at: int) -> int:
        """The position of the nearest required step before a step that is not the first."""
        return max(each for each in self.required if each < at)

    @property
    def start(self) -> int:
        """The first millisecond in which an attempt can begin."""
        return self.selection.ranges[0].start

    @property
    def end(self) -> int:
        """The first millisecond in which an attempt can no longer begin."""
        return self.selection.ranges[0].end

    @property
    def begins_within(self) -> int:
        """The milliseconds from the start on in which an attempt can begin: there is nothing after `last`."""
        return max(0, min(self.end, self.last + 1) - self.start)

    @property
    def last(self) -> int:
        """The last millisecond that an event can have to be of any use."""
        end = self.end - 1 if self.within_range else self.end - 1 + self.window
        return min(end, self.selection.latest)


def funnel_of(spec: QuerySpec, scope: Scope) -> Funnel:
    """Resolve a valid spec."""
    selection = select(spec, scope)
    options = spec.funnel
    steps = tuple(
        Step(
            series=series,
            within=milliseconds(selector.within) if selector.HasField("within") else None,
            optional=selector.optional,
        )
        for series, selector in zip(selection.series, spec.events, strict=True)
    )
    return Funnel(
        selection=selection,
        steps=steps,
        order=_ORDERS[options.order],
        window=_window(spec),
        within_range=options.within_range,
        by_session=options.count_by == FunnelCountBy.FUNNEL_COUNT_BY_SESSIONS,
        exclusions=tuple(_exclusion(each, spec, steps, selection) for each in options.exclusions),
        held=tuple(operand(name) for name in options.hold_constant),
        breakdown=breakdown_of(spec, default_limit=DEFAULT_LIMIT),
        attribution=_ATTRIBUTIONS[options.attribution],
        attribution_step=_attribution_step(options),
    )


def _window(spec: QuerySpec) -> int:
    if spec.HasField("conversion_window"):
        return milliseconds(spec.conversion_window)
    return DEFAULT_WINDOW // timedelta(milliseconds=1)


def _exclusion(
    given: FunnelExclusion, spec: QuerySpec, steps: tuple[Step, ...], selection: Selection
) -> Exclusion:
    required = [at for at, step in enumerate(steps) if not step.optional]
    return Exclusion(
        series=series_of(given.event, spec, selection.zone),
        after=required.index((given.from_step or 1) - 1) + 1,
        before=required.index((given.to_step or len(steps)) - 1) + 1,
    )


def _attribution_step(options: FunnelOptions) -> int:
    is_step = options.attribution == FunnelAttribution.FUNNEL_ATTRIBUTION_STEP
    return options.attribution_step if is_step else 1


_ORDERS = {
    FunnelOrder.FUNNEL_ORDER_UNSPECIFIED: Order.ORDERED,
    FunnelOrder.FUNNEL_ORDER_ORDERED: Order.ORDERED,
    FunnelOrder.FUNNEL_ORDER_STRICT: Order.STRICT,
    FunnelOrder.FUNNEL_ORDER_UNORDERED: Order.UNORDERED,
}

_ATTRIBUTIONS = {
    FunnelAttribution.FUNNEL_ATTRIBUTION_UNSPECIFIED: Attribution.STEP,
    FunnelAttribution.FUNNEL_ATTRIBUTION_FIRST_STEP: Attribution.STEP,
    FunnelAttribution.FUNNEL_ATTRIBUTION_LAST_STEP: Attribution.LAST_STEP,
    FunnelAttribution.FUNNEL_ATTRIBUTION_STEP: Attribution.STEP,
    FunnelAttribution.FUNNEL_ATTRIBUTION_FIRST_TOUCH: Attribution.FIRST_TOUCH,
    FunnelAttribution.FUNNEL_ATTRIBUTION_LAST_TOUCH: Attribution.LAST_TOUCH,
}
