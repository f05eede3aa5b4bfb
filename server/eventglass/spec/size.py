"""How large an answer may be (semantics 1.10)."""

from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo

from eventglass.catalog.project import Project
from eventglass.errors import Violation
from eventglass.planning.breakdowns import DEFAULT_LIMIT
from eventglass.planning.buckets import UNITS, Unit, edges
from eventglass.planning.ranges import Range
from eventglass.planning.ranges import compared as compared_range
from eventglass.planning.retention import LENGTHS
from eventglass.spec.fields import has_buckets, used
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from insights.v1.time_pb2 import Granularity

POINTS_PER_SERIES = 10_000
# Points, or cells of retention.
PER_RESPONSE = 1_000_000

# By granularity, how long the longest series is and how large the whole answer.
_Size = Callable[[Unit], tuple[int, int]]


def violations(spec: QuerySpec, project: Project) -> Iterator[Violation]:
    """Count the points of an answer before it is computed; the ranges and the zone are valid."""
    if spec.granularity not in UNITS:
        return
    if spec.visualization == Visualization.VISUALIZATION_RETENTION:
        yield from _of_cells(spec, project)
    elif has_buckets(spec):
        yield from _of_points(spec, project)


def most(spec: QuerySpec, project: Project) -> int:
    """Say how many points or cells the answer to a valid spec has at most; 0: it has no buckets."""
    if not has_buckets(spec):
        return 0
    is_retention = spec.visualization == Visualization.VISUALIZATION_RETENTION
    size = _size_in_cells(spec, project) if is_retention else _size_in_points(spec, project)
    _, made = size(UNITS[spec.granularity])
    return made


def _of_points(spec: QuerySpec, project: Project) -> Iterator[Violation]:
    size = _size_in_points(spec, project)
    longest, made = size(UNITS[spec.granularity])
    if longest > POINTS_PER_SERIES:
        what = f"makes {longest:,} points a series; at most {POINTS_PER_SERIES:,} are possible"
        yield _too_many(what, _fitting(size))
    elif made > PER_RESPONSE:
        what = f"makes up to {made:,} points; at most {PER_RESPONSE:,} are possible"
        yield _too_many(what, _fitting(size))


def _size_in_points(spec: QuerySpec, project: Project) -> _Size:
    ranges, zone = ranges_of(spec, project)
    values = 1 if spec.funnel.trend else _values(spec)

    def size(unit: Unit) -> tuple[int, int]:
        counts = [_buckets(each, unit, zone, project) for each in ranges]
        return max(counts), sum(counts) * values

    return size


def _of_cells(spec: QuerySpec, project: Project) -> Iterator[Violation]:
    size = _size_in_cells(spec, project)
    units = LENGTHS if spec.retention.rolling else Unit
    cohorts, made = size(UNITS[spec.granularity])
    if cohorts > POINTS_PER_SERIES:
        what = f"makes {cohorts:,} cohorts; at most {POINTS_PER_SERIES:,} are possible"
        yield _too_many(what, _fitting(size, units))
    elif made > PER_RESPONSE:
        what = f"makes up to {made:,} cells; at most {PER_RESPONSE:,} are possible"
        yield _too_many(what, _fitting(size, units))


def _size_in_cells(spec: QuerySpec, project: Project) -> _Size:
    (range_,), zone = ranges_of(spec, project)
    values = 2 + (spec.breakdown.limit or DEFAULT_LIMIT) if spec.HasField("breakdown") else 1

    def size(unit: Unit) -> tuple[int, int]:
        cohorts = _buckets(range_, unit, zone, project)
        return cohorts, _cells(cohorts, spec.retention.periods) * values

    return size


def _cells(periods: int, most: int) -> int:
    """Count the cells of a table, at most so many per cohort if given."""
    length = min(periods, most or periods)
    return length * periods - length * (length - 1) // 2


def ranges_of(spec: QuerySpec, project: Project) -> tuple[list[Range], ZoneInfo]:
    """Resolve the main range and the comparisons that are used, and whose days they are; they are valid."""
    zone = ZoneInfo(spec.timezone or project.timezone)
    main = Range(
        label="", start=spec.time_range.start.ToMilliseconds(), end=spec.time_range.end.ToMilliseconds()
    )
    comparisons = spec.comparisons if "comparisons" in used(spec).fields else ()
    return [main, *(compared_range(each, main, zone) for each in comparisons)], zone


def _values(spec: QuerySpec) -> int:
    """Count series by kept values, other included."""
    series = max(1, len(spec.events)) + bool(spec.formula)
    return series * ((spec.breakdown.limit or DEFAULT_LIMIT) + 1 if spec.HasField("breakdown") else 1)


def _buckets(range_: Range, unit: Unit, zone: ZoneInfo, project: Project) -> int:
    """Count buckets exactly where they may fit, else by their usual length."""
    usual = (range_.end - range_.start) // unit.value
    if usual > 2 * POINTS_PER_SERIES:
        return usual
    return len(edges(range_.start, range_.end, unit, zone, project.week_start)) - 1


def _fitting(size: _Size, units: Iterable[Unit] = Unit) -> str | None:
    """Name the finest granularity that is within both limits, that of a series and that of the answer."""
    for unit in units:
        of_series, of_answer = size(unit)
        if of_series <= POINTS_PER_SERIES and of_answer <= PER_RESPONSE:
            return _name(unit)
    return None


def _name(unit: Unit) -> str:
    return Granularity.Name(next(each for each, of in UNITS.items() if each and of is unit))


def _too_many(what: str, fitting: str | None) -> Violation:
    remedy = f"{fitting} fits" if fitting else "shorten the range, or lower breakdown.limit"
    return Violation(field="query.granularity", code="TOO_MANY_POINTS", description=f"{what}; {remedy}")
