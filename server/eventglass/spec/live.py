"""Rules of requests for events themselves: the log, snapshots and streams."""

from collections.abc import Iterator
from functools import partial

from eventglass.catalog.project import Project
from eventglass.errors import Violation
from eventglass.planning import log
from eventglass.planning.snapshot import DEFAULT_LIMIT, LARGEST_LIMIT, LONGEST, SHORTEST
from eventglass.spec import behaviors, counts, filters, names, paging, times
from events.v1.list_pb2 import ListRequest
from events.v1.snapshot_pb2 import SnapshotRequest
from events.v1.stream_pb2 import StreamRequest

MOST_NAMES = 1_000

_ANY_PROJECT = Project(id="")


def violations_of_list(request: ListRequest, project: Project = _ANY_PROJECT) -> list[Violation]:
    """List what is wrong with a request, by field path."""
    in_range = (
        times.of_range("time_range", request.time_range, given=True) if request.HasField("time_range") else ()
    )
    decode = partial(log.decode, request, project.id)
    in_pages = paging.violations("", request.page_size, request.page_token, decode)
    return [*in_range, *_of_choice(request), *_of_arrival(request), *in_pages]


def violations_of_snapshot(request: SnapshotRequest, _: Project = _ANY_PROJECT) -> list[Violation]:
    """List what is wrong with a request, by field path."""
    in_limit = counts.violations("limit", request.limit, most=LARGEST_LIMIT, default=str(DEFAULT_LIMIT))
    return [*_of_window(request), *_of_choice(request), *in_limit]


def violations_of_stream(request: StreamRequest, _: Project = _ANY_PROJECT) -> list[Violation]:
    """List what is wrong with a request, by field path."""
    return [*_of_choice(request), *_of_arrival(request)]


def _of_arrival(request: ListRequest | StreamRequest) -> Iterator[Violation]:
    if request.HasField("arrived_after"):
        yield from times.of_instant("arrived_after", request.arrived_after)


def _of_window(request: SnapshotRequest) -> Iterator[Violation]:
    window = request.window
    if not request.HasField("window"):
        return
    if window.nanos % 1_000_000:
        yield Violation(field="window", code="TOO_FINE", description="must be in whole milliseconds")
    is_length = 0 <= window.nanos < 1_000_000_000
    if not (is_length and SHORTEST <= window.ToMilliseconds() <= LONGEST):
        yield Violation(field="window", code="OUT_OF_RANGE", description="must be 10 to 300 seconds")


def _of_choice(request: ListRequest | SnapshotRequest | StreamRequest) -> Iterator[Violation]:
    """Check which events are asked for."""
    if len(request.names) > MOST_NAMES:
        yield Violation(
            field="names",
            code="TOO_MANY",
            description=f"holds {len(request.names)}; at most {MOST_NAMES} are possible",
        )
    for position, name in enumerate(request.names):
        if not name:
            yield Violation(
                field=f"names[{position}]",
                code="EMPTY",
                description="is empty; no event is called so, leave it out",
            )
    yield from filters.violations("", request)
    yield from behaviors.unused("", request)
    yield from names.beside_events("", request)
    yield from times.of_zone("timezone", request.timezone)
