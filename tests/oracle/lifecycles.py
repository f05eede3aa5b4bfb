"""LIFECYCLE: who was new, stayed, came back and left (semantics 13)."""

from collections.abc import Mapping, Sequence

from insights.v1.lifecycle_pb2 import LifecycleBucket, LifecycleResult
from tests.oracle.buckets import Span, buckets
from tests.oracle.history import StoredEvent
from tests.oracle.question import Question
from tests.oracle.selection import selected
from tests.oracle.series import is_partial, timestamp
from tests.oracle.windows import buckets_of

Times = Mapping[str, Sequence[int]]  # of each person's matching events, in all history


def lifecycle(question: Question, events: Sequence[StoredEvent]) -> LifecycleResult:
    """Answer a lifecycle."""
    history = [event for event in events if event.time <= question.now]
    [selector] = question.selectors
    times: dict[str, list[int]] = {}
    for event in selected(question, selector, history):
        if event.person:
            times.setdefault(event.person, []).append(event.time)
    shown = buckets_of(question, question.ranges[0])
    before = [_bucket_before(question, shown[0]), *shown]
    return LifecycleResult(
        buckets=[
            _bucket(question, times, bucket, previous)
            for previous, bucket in zip(before, shown, strict=False)
        ]
    )


def _bucket_before(question: Question, bucket: Span) -> Span:
    just_before = Span(bucket.start - 1, bucket.start)
    return buckets(question.zone, question.granularity, question.week_start, just_before)[-1]


def _bucket(question: Question, times: Times, bucket: Span, previous: Span) -> LifecycleBucket:
    """The range says who is active in a bucket; what they were before is asked of all history."""
    whole = question.ranges[0].span
    seen = Span(max(bucket.start, whole.start), min(bucket.end, whole.end))
    active = _active(times, seen)
    active_before = _active(times, previous)
    new = {person for person in active if bucket.holds(min(times[person]))}
    returning = active & active_before
    return LifecycleBucket(
        timestamp=timestamp(bucket.start),
        new_users=len(new),
        returning=len(returning),
        resurrecting=len(active - new - returning),
        dormant=len(active_before - active),
        partial=is_partial(question, whole, bucket),
    )


def _active(times: Times, span: Span) -> set[str]:
    return {person for person, own in times.items() if any(span.holds(time) for time in own)}
