"""What a funnel asks, with every default written out.

Steps are numbered from 1; times are in milliseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from google.protobuf.duration_pb2 import Duration

from insights.v1.funnel_pb2 import FunnelExclusion, FunnelOrder
from tests.oracle.buckets import Span
from tests.oracle.question import Question
from tests.oracle.zones import DAY

DEFAULT_WINDOW = 7 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """The steps between which an exclusion must not come."""

    from_step: int
    to_step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelRules:
    """How events make attempts."""

    order: FunnelOrder
    required: tuple[int, ...]  # steps; the first and the last are among them
    optional: tuple[int, ...]
    window: int  # the longest time from the first event, inclusive
    within: Mapping[int, int]  # by step, the longest time from the required step before, inclusive
    span: Span  # where attempts begin
    within_range: bool  # whether all of an attempt must be in the span
    exclusions: tuple[Between, ...]

    @property
    def steps(self) -> range:
        """All steps."""
        return range(1, len(self.required) + len(self.optional) + 1)

    def before(self, step: int) -> int:
        """The nearest required step before a step other than the first."""
        return max(each for each in self.required if each < step)

    def after(self, step: int) -> int:
        """The nearest required step after a step other than the last."""
        return min(each for each in self.required if each > step)

    def in_time(self, first: int, time: int) -> bool:
        """Tell whether an event at a time can belong to an attempt that began at a first time."""
        return time - first <= self.window and (not self.within_range or time < self.span.end)


def rules_of(question: Question) -> FunnelRules:
    """Read a valid funnel."""
    spec = question.spec
    steps = list(enumerate(spec.events, start=1))
    return FunnelRules(
        order=spec.funnel.order or FunnelOrder.FUNNEL_ORDER_ORDERED,
        required=tuple(step for step, selector in steps if not selector.optional),
        optional=tuple(step for step, selector in steps if selector.optional),
        window=milliseconds(spec.conversion_window) if spec.HasField("conversion_window") else DEFAULT_WINDOW,
        within={
            step: milliseconds(selector.within) for step, selector in steps if selector.HasField("within")
        },
        span=question.ranges[0].span,
        within_range=spec.funnel.within_range,
        exclusions=tuple(_between(exclusion, len(steps)) for exclusion in spec.funnel.exclusions),
    )


def milliseconds(length: Duration) -> int:
    """A whole number of milliseconds."""
    return length.seconds * 1000 + length.nanos // 1_000_000


def _between(exclusion: FunnelExclusion, last: int) -> Between:
    return Between(from_step=exclusion.from_step or 1, to_step=exclusion.to_step or last)
