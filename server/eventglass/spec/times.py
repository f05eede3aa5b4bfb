"""Rules of time: the range, the zone, the comparisons."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from google.protobuf.timestamp_pb2 import Timestamp

from eventglass.catalog.project import Project
from eventglass.catalog.zones import no_zone, zones
from eventglass.engine.layout import AFTER_LAST_TIME, FIRST_TIME
from eventglass.errors import Violation
from eventglass.planning.ranges import MAIN, Range, compared, default_label
from insights.v1.query_spec_pb2 import QuerySpec
from insights.v1.time_pb2 import Comparison, TimeRange

MOST_COMPARISONS = 10
# What the nanos of an instant must be, in words.
NANOS = "must have nanos of 0 to 999,999,999"


def violations(spec: QuerySpec, project: Project) -> Iterator[Violation]:
    """Check the range, the zone and the comparisons."""
    in_range = list(of_range("query.time_range", spec.time_range, given=spec.HasField("time_range")))
    in_zone = list(of_zone("query.timezone", spec.timezone))
    in_comparisons = list(_of_comparisons(spec))
    yield from (*in_range, *in_zone, *in_comparisons)
    if not (in_range or in_zone or in_comparisons):
        yield from _of_resolved(spec, ZoneInfo(spec.timezone or project.timezone))


def of_range(path: str, given_range: TimeRange, *, given: bool) -> Iterator[Violation]:
    """Check a range, which is required."""
    if not given:
        yield Violation(field=path, code="REQUIRED", description="is required; send start and end")
        return
    found: list[Violation] = []
    for name in ("start", "end"):
        if given_range.HasField(name):
            found += of_instant(f"{path}.{name}", getattr(given_range, name))
        else:
            description = 'is required; send an instant such as "2026-05-01T00:00:00Z"'
            found.append(Violation(field=f"{path}.{name}", code="REQUIRED", description=description))
    yield from found
    if not found and _milliseconds(given_range.end) <= _milliseconds(given_range.start):
        yield Violation(
            field=f"{path}.end",
            code="END_NOT_AFTER_START",
            description="must be later than start; the range is [start, end)",
        )


def of_instant(path: str, at: Timestamp) -> Iterator[Violation]:
    """Check an instant that is set."""
    in_nanos = list(of_nanos(path, at))
    yield from in_nanos
    if not in_nanos and not FIRST_TIME <= _milliseconds(at) <= AFTER_LAST_TIME:
        yield Violation(field=path, code="OUT_OF_RANGE", description="must be in the years 1900 to 2299")


def of_nanos(path: str, at: Timestamp) -> Iterator[Violation]:
    """Check that the nanos of an instant are part of a second, which only binary requests can break."""
    if not 0 <= at.nanos < 1_000_000_000:
        yield Violation(field=path, code="OUT_OF_RANGE", description=NANOS)


def _milliseconds(at: Timestamp) -> int:
    return at.seconds * 1_000 + at.nanos // 1_000_000


def of_zone(path: str, name: str) -> Iterator[Violation]:
    """Check the name of a zone; "" is none."""
    if not name or name in zones():
        return
    yield Violation(field=path, code="UNKNOWN_TIMEZONE", description=no_zone(name))


def _of_comparisons(spec: QuerySpec) -> Iterator[Violation]:
    if len(spec.comparisons) > MOST_COMPARISONS:
        yield Violation(
            field="query.comparisons",
            code="TOO_MANY",
            description=f"holds {len(spec.comparisons)}; at most {MOST_COMPARISONS} are possible",
        )
    labels: set[str] = set()
    for position, comparison in enumerate(spec.comparisons):
        path = f"query.comparisons[{position}]"
        yield from _of_comparison(path, comparison)
        label = default_label(comparison)
        if label and label in labels:
            yield Violation(
                field=f"{path}.label",
                code="DUPLICATE_LABEL",
                description=f'"{label[:100]}" names two comparisons; give each a label of its own',
            )
        labels.add(label)


def _of_comparison(path: str, comparison: Comparison) -> Iterator[Violation]:
    kind = comparison.WhichOneof("range")
    if kind is None:
        yield Violation(
            field=path,
            code="REQUIRED",
            description="needs one of previous_period, previous_year and time_range",
        )
    elif kind == "time_range":
        yield from of_range(f"{path}.time_range", comparison.time_range, given=True)
    elif not getattr(comparison, kind):
        yield Violation(
            field=f"{path}.{kind}", code="OUT_OF_RANGE", description="must be true; leave it out otherwise"
        )


def _of_resolved(spec: QuerySpec, zone: ZoneInfo) -> Iterator[Violation]:
    main = Range(
        label=MAIN, start=_milliseconds(spec.time_range.start), end=_milliseconds(spec.time_range.end)
    )
    for position, comparison in enumerate(spec.comparisons):
        range_ = compared(comparison, main, zone)
        if range_.end <= range_.start:
            yield Violation(
                field=f"query.comparisons[{position}]",
                code="EMPTY_RANGE",
                description="is an empty range there; compare with a time_range of your own",
            )
