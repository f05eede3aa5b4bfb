"""Random valid retentions about a given world."""

from hypothesis import strategies as st

from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from insights.v1.retention_pb2 import RetentionCohort, RetentionReturning
from insights.v1.time_pb2 import Granularity
from tests.oracle import pools
from tests.oracle.choosing import one_in
from tests.oracle.range_specs import GRANULARITIES
from tests.oracle.selector_specs import draw_conditions, draw_past, selectors, small_breakdowns
from tests.oracle.world_ranges import draw_times
from tests.oracle.worlds import World

COHORTS = (
    RetentionCohort.RETENTION_COHORT_UNSPECIFIED,
    RetentionCohort.RETENTION_COHORT_FIRST_EVER,
    RetentionCohort.RETENTION_COHORT_FIRST_IN_RANGE,
    RetentionCohort.RETENTION_COHORT_RECURRING,
)
RETURNING = (
    RetentionReturning.RETENTION_RETURNING_UNSPECIFIED,
    RetentionReturning.RETENTION_RETURNING_ON,
    RetentionReturning.RETENTION_RETURNING_ON_OR_AFTER,
)
# Rolling periods have one of these lengths; DAY is also the default.
OF_FIXED_LENGTH = (
    Granularity.GRANULARITY_UNSPECIFIED,
    Granularity.GRANULARITY_HOUR,
    Granularity.GRANULARITY_DAY,
    Granularity.GRANULARITY_WEEK,
)
_NO_LABEL = ("",)  # a retention shows none

# More often than the others.
_USUAL = (*OF_FIXED_LENGTH, *OF_FIXED_LENGTH, Granularity.GRANULARITY_MONTH)

# A range of n periods has about n²/2 cells, for every value of a breakdown.
_MOST_PERIODS = (*(3, 12, 12, 30, 100, 100) * 2, 400)
_MOST_PERIODS_BY_VALUE = (*(3, 12, 20) * 4, 150)


@st.composite
def retention_specs(draw: st.DrawFn, world: World, *, first_time: bool = False) -> QuerySpec:
    """Draw a valid retention.

    Args:
        draw: Hypothesis'.
        world: Where names, values and times come from.
        first_time: Whether `first_time` occurs (then draw the world with `all_have_ids`).
    """
    spec = QuerySpec(visualization=Visualization.VISUALIZATION_RETENTION)
    spec.timezone = draw(st.sampled_from(("", world.timezone, world.timezone, *pools.ZONES)))
    draw_conditions(draw, spec, world)
    draw_past(draw, spec, world)
    spec.starting_event.CopyFrom(draw(selectors(world, first_time=first_time, labels=_NO_LABEL)))
    if not draw(one_in(3)):
        spec.return_event.CopyFrom(draw(selectors(world, first_time=first_time, labels=_NO_LABEL)))
    if draw(one_in(3)):
        spec.breakdown.CopyFrom(draw(small_breakdowns()))
    _draw_options(draw, spec)
    _draw_times(draw, spec, world)
    return spec


def _draw_options(draw: st.DrawFn, spec: QuerySpec) -> None:
    options = spec.retention
    options.cohort = draw(st.sampled_from(COHORTS))
    options.returning = draw(st.sampled_from(RETURNING))
    options.rolling = draw(one_in(3))
    options.periods = draw(st.sampled_from((0, 0, 0, 1, 2, 5, 1000)))
    if not options.ListFields():
        spec.ClearField("retention")


def _draw_times(draw: st.DrawFn, spec: QuerySpec, world: World) -> None:
    """Choose a granularity that often fits the world, and a range with not too many periods."""
    choice = OF_FIXED_LENGTH if spec.retention.rolling else (*_USUAL, *GRANULARITIES)
    most = draw(st.sampled_from(_MOST_PERIODS_BY_VALUE if spec.HasField("breakdown") else _MOST_PERIODS))
    draw_times(draw, spec, world, choice=choice, most=most)
