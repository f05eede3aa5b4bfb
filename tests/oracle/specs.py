"""Random valid specs for the shapes that the oracle answers, about a given world."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from google.protobuf.duration_pb2 import Duration
from hypothesis import strategies as st

from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.breakdown_pb2 import Breakdown
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from insights.v1.time_pb2 import Granularity
from tests.oracle import pools
from tests.oracle.aggregations import OF_SESSIONS
from tests.oracle.behavior_specs import past
from tests.oracle.choosing import one_in, weighted
from tests.oracle.filter_specs import filters, trees
from tests.oracle.formula_specs import formulas
from tests.oracle.question import aggregation_of
from tests.oracle.range_specs import GRANULARITIES, all_years, comparisons, ranges
from tests.oracle.worlds import World

VISUALIZATIONS = (
    Visualization.VISUALIZATION_UNSPECIFIED,
    Visualization.VISUALIZATION_LINE,
    Visualization.VISUALIZATION_AREA,
    Visualization.VISUALIZATION_BAR,
    Visualization.VISUALIZATION_KPI,
    Visualization.VISUALIZATION_TABLE,
)
_WHOLE = (Visualization.VISUALIZATION_KPI, Visualization.VISUALIZATION_TABLE)

OF_PERSONS_AND_EVENTS = (
    Aggregation.AGGREGATION_COUNT,
    Aggregation.AGGREGATION_UNIQUE_USERS,
    Aggregation.AGGREGATION_UNIQUE_SESSIONS,
    Aggregation.AGGREGATION_COUNT_PER_USER,
)
# These compute: where a rounding error would change a rank, a change or a formula they get numbers
# whose sums are exact.
COMPUTING = (
    Aggregation.AGGREGATION_SUM,
    Aggregation.AGGREGATION_AVERAGE,
    Aggregation.AGGREGATION_MEDIAN,
    Aggregation.AGGREGATION_P90,
    Aggregation.AGGREGATION_P95,
    Aggregation.AGGREGATION_P99,
)
# These only choose or count.
CHOOSING = (
    Aggregation.AGGREGATION_MIN,
    Aggregation.AGGREGATION_MAX,
    Aggregation.AGGREGATION_DISTINCT_VALUES,
)
OF_A_PROPERTY = frozenset((*COMPUTING, *CHOOSING))

# At most about so many points, so that a spec takes milliseconds.
_MOST_POINTS = 2500
_MOST_BUCKETS = 300
# More values than the worlds have.
_MOST_VALUES = 50

# At least and at most.
_FEW_EVENTS, _MANY_EVENTS, _MOST_EVENTS = (0, 3), (4, 7), 26
_MOST_PROPERTIES = 5


@st.composite
def specs(
    draw: st.DrawFn,
    world: World,
    *,
    visualizations: Sequence[Visualization] = VISUALIZATIONS,
    sessions: bool = False,
    first_time: bool = False,
    rolling: bool = False,
) -> QuerySpec:
    """Draw a valid spec about a world.

    Args:
        draw: Hypothesis'.
        world: Where times and the project's zone come from.
        visualizations: The shapes to draw from.
        sessions: Whether SESSIONS and the other aggregations of sessions occur.
        first_time: Whether `first_time` occurs (then draw the world with `all_have_ids`).
        rolling: Whether `rolling_window` occurs.
    """
    spec = QuerySpec(visualization=draw(st.sampled_from(visualizations)))
    _draw_conditions(draw, spec, world)
    if spec.visualization != Visualization.VISUALIZATION_KPI and not draw(one_in(3)):
        spec.breakdown.CopyFrom(draw(breakdowns(table=_is_table(spec))))
    spec.events.extend(draw(_events(world, first_time=first_time)))
    if draw(one_in(3)):
        _make_alike(spec)
    is_rolling = rolling and not _is_table(spec) and draw(one_in(3))
    is_compared = not _is_table(spec) and draw(one_in(3))
    with_formula = draw(one_in(4))
    if is_rolling:
        spec.rolling_window.CopyFrom(draw(_WINDOWS))
        _draw_unique_users(draw, spec)
    else:
        exact = is_compared or with_formula or _is_table(spec) or spec.HasField("breakdown")
        _draw_aggregations(draw, spec, sessions=sessions, exact=exact)
    if with_formula:
        spec.formula = draw(
            formulas([aggregation_of(spec, selector) for selector in spec.events or [EventSelector()]])
        )
    _draw_times(draw, spec, world, is_compared=is_compared)
    return spec


@st.composite
def breakdowns(draw: st.DrawFn, *, table: bool) -> Breakdown:
    """Draw a breakdown with a small limit, so that some values are left for "other"."""
    most = draw(st.sampled_from((3, 3, 3, _MOST_PROPERTIES)))
    names = draw(st.lists(st.sampled_from(_SPLITTING), min_size=1, max_size=most, unique=True))
    edges: list[float] = []
    if draw(one_in(4)):
        names = [draw(st.sampled_from((pools.AMOUNT, pools.PLAN, pools.UNICODE))), *names[1:]]
        edges = sorted(draw(st.sets(st.sampled_from(_EDGES), min_size=1, max_size=3)))
    limit = draw(st.sampled_from((*(0, 1, 1, 2, 3) * 3, 5, 12, 1_000)))
    return Breakdown(
        property=names[0],
        then_by=[name for name in names[1:] if name != names[0]],
        limit=limit,
        hide_other=draw(one_in(4)) if limit or not table else False,
        buckets=edges,
    )


# Properties with few values more often than others.
_SPLITTING = (
    *pools.READABLE,
    *pools.TRAITS,
    *pools.TRAITS,
    *pools.OF_SESSIONS,
    *(pools.PLAN, pools.COUNTRY, pools.FLAG) * 5,
    pools.DEEP,
    pools.AMOUNT,
    pools.AMOUNT,
)
_EDGES = (-12.34375, -0.0, 1e-7, 5.0, 20.5, 1000.0, 1e21)

# Shorter and longer than a bucket, of whole days and not, down to a millisecond.
_WINDOWS = st.one_of(
    st.sampled_from(
        (1, 5400, 3600, 86_400, 86_400, 36 * 3600, 7 * 86_400, 7 * 86_400, 30 * 86_400, 366 * 86_400)
    ).map(lambda seconds: Duration(seconds=seconds)),
    st.sampled_from((1, 1500, 86_399_999)).map(
        lambda milliseconds: Duration(seconds=milliseconds // 1000, nanos=milliseconds % 1000 * 1_000_000)
    ),
)


def _is_table(spec: QuerySpec) -> bool:
    return spec.visualization == Visualization.VISUALIZATION_TABLE


def _draw_conditions(draw: st.DrawFn, spec: QuerySpec, world: World) -> None:
    if draw(one_in(4)):
        spec.filters.extend(draw(st.lists(filters(world.values), min_size=1, max_size=2)))
    if draw(one_in(4)):
        spec.where.CopyFrom(draw(past(world) if draw(st.booleans()) else trees(world.values)))


@st.composite
def _events(draw: st.DrawFn, world: World, *, first_time: bool) -> list[EventSelector]:
    """Draw what series are of; some are of as many events as there may be, over and over."""
    least, most = draw(st.sampled_from((*[_FEW_EVENTS] * 9, _MANY_EVENTS)))
    found = draw(st.lists(_selectors(world, first_time=first_time), min_size=least, max_size=most))
    is_repeated = bool(found) and draw(one_in(40))
    return [found[at % len(found)] for at in range(_MOST_EVENTS)] if is_repeated else found


@st.composite
def _selectors(draw: st.DrawFn, world: World, *, first_time: bool) -> EventSelector:
    selector = EventSelector(
        name=draw(st.sampled_from(("", "", "", "", "buy", "buy", *pools.EVENT_NAMES))),
        label=draw(st.sampled_from(("", "", "", "Käufe", "A"))),
        first_time=first_time and draw(st.booleans()),
    )
    if draw(one_in(4)):
        selector.filters.append(draw(filters(world.values)))
    if draw(one_in(4)):
        selector.where.CopyFrom(draw(st.one_of(trees(world.values), past(world))))
    return selector


def _make_alike(spec: QuerySpec) -> None:
    """Have all series ask for the same events."""
    for selector in spec.events[1:]:
        selector.CopyFrom(spec.events[0])


def _draw_unique_users(draw: st.DrawFn, spec: QuerySpec) -> None:
    """Ask for unique users of every series, once for all or each by itself."""
    if not spec.events or draw(st.booleans()):
        spec.aggregation = Aggregation.AGGREGATION_UNIQUE_USERS
        return
    for selector in spec.events:
        selector.aggregation = Aggregation.AGGREGATION_UNIQUE_USERS


def _draw_aggregations(draw: st.DrawFn, spec: QuerySpec, *, sessions: bool, exact: bool) -> None:
    """Give the spec and some selectors an aggregation, and what they read where they read something."""
    choice = (*OF_PERSONS_AND_EVENTS, *COMPUTING, *CHOOSING, *(OF_SESSIONS if sessions else ()))
    aggregations = st.sampled_from(choice)
    inheriting = [selector for selector in spec.events if draw(st.booleans())]
    if inheriting or not spec.events:
        spec.aggregation = draw(st.sampled_from((Aggregation.AGGREGATION_UNSPECIFIED, *choice)))
        if spec.aggregation in OF_A_PROPERTY:
            spec.aggregation_property = draw(_read_by(spec.aggregation, exact=exact))
    for selector in spec.events:
        if selector not in inheriting:
            selector.aggregation = draw(aggregations)
            if selector.aggregation in OF_A_PROPERTY:
                selector.aggregation_property = draw(_read_by(selector.aggregation, exact=exact))


def _read_by(aggregation: Aggregation, *, exact: bool) -> st.SearchStrategy[str]:
    if aggregation == Aggregation.AGGREGATION_SUM and exact:
        return st.sampled_from((pools.AMOUNT, pools.PRICE))
    if aggregation in COMPUTING and exact:
        return st.just(pools.AMOUNT)
    return st.sampled_from((pools.AMOUNT, pools.AMOUNT, pools.AMOUNT, *pools.PROPERTIES, "$session_id"))


def _times(world: World) -> list[datetime]:
    return [event.timestamp.ToDatetime(UTC) for event in world.events]


def _draw_times(draw: st.DrawFn, spec: QuerySpec, world: World, *, is_compared: bool) -> None:
    """Choose zone, granularity, range and comparisons, such that there are not too many points."""
    spec.timezone = draw(st.sampled_from(("", world.timezone, world.timezone, *pools.ZONES)))
    zone = ZoneInfo(spec.timezone or world.timezone)
    spec.granularity = draw(st.sampled_from((Granularity.GRANULARITY_UNSPECIFIED, *GRANULARITIES)))
    values = min(spec.breakdown.limit or 10, _MOST_VALUES) + 1 if spec.HasField("breakdown") else 1
    lines = (len(spec.events) + 1) * values * (3 if is_compared else 1)
    most = max(3, min(_MOST_BUCKETS, _MOST_POINTS // lines))
    center = draw(st.sampled_from([*_times(world), world.anchor]))
    span = ranges(center, zone, spec.granularity, most)
    if spec.visualization in _WHOLE:
        spec.granularity = Granularity.GRANULARITY_UNSPECIFIED
        span = weighted(*[span] * 23, all_years(center))
    spec.time_range.CopyFrom(draw(span))
    if is_compared:
        spec.comparisons.extend(draw(comparisons(spec.time_range, zone)))
    if _is_table(spec):
        spec.page_size = draw(st.sampled_from((0, 1, 2, 7)))
