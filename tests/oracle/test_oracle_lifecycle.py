"""Hand-made cases of semantics 13: new, returning, resurrecting and dormant."""

from collections.abc import Mapping
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.lifecycle_pb2 import LifecycleBucket
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.oracle.answer import answer
from tests.oracle.building import LONG_AFTER, ask, event, ms
from tests.oracle.funnel_building import on_days
from tests.oracle.funnel_worlds import retention_worlds
from tests.oracle.history import StoredEvent, milliseconds, stored
from tests.oracle.lifecycle_specs import lifecycle_specs


def _lifecycle(
    spec: Mapping[str, object], *people: list[StoredEvent], now: str = LONG_AFTER
) -> list[LifecycleBucket]:
    """Ask for a lifecycle of event a, by default of the first four days of 2024."""
    whole = {
        "visualization": "VISUALIZATION_LIFECYCLE",
        "timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-01-05T00:00:00Z"},
        "events": [{"name": "a"}],
        **spec,
    }
    return list(ask(whole, *[deed for deeds in people for deed in deeds], now=now).lifecycle.buckets)


def _numbers(buckets: list[LifecycleBucket]) -> list[tuple[float, ...]]:
    """New, returning, resurrecting and dormant of each bucket."""
    return [(it.new_users, it.returning, it.resurrecting, it.dormant) for it in buckets]


def _from(start: str, end: str) -> dict[str, object]:
    return {"timeRange": {"start": start, "end": end}}


def test_a_person_is_new_once_then_returns_then_is_dormant_once_then_resurrects() -> None:
    buckets = _lifecycle({}, on_days("a 1, a 1.2, a 2, a 4"))

    assert _numbers(buckets) == [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 1), (0, 0, 1, 0)]
    assert [milliseconds(it.timestamp) for it in buckets[:2]] == [
        ms("2024-01-01T00:00:00Z"),
        ms("2024-01-02T00:00:00Z"),
    ]


def test_nobody_is_never_new_and_no_event_name_is_any_event() -> None:
    assert _numbers(_lifecycle({}, on_days("a 1", user="")))[0] == (0, 0, 0, 0)
    assert _numbers(_lifecycle({"events": []}, on_days("b 1")))[0] == (1, 0, 0, 0)
    assert _numbers(_lifecycle({}, on_days("b 1")))[0] == (0, 0, 0, 0)


def test_the_first_event_ever_is_of_the_selector_and_the_filters() -> None:
    spec = {"filters": [{"property": "p", "operator": "OPERATOR_EQUALS", "value": "x"}]}
    events = on_days("a -30", p="y") + on_days("b -30", p="x") + on_days("a 1", p="x")

    assert _numbers(_lifecycle(spec, events))[0] == (1, 0, 0, 0)
    assert _numbers(_lifecycle({}, events))[0] == (0, 0, 1, 0)


def test_the_bucket_before_the_first_is_looked_at() -> None:
    """Noon of 31 December is in it, noon of the day before is not."""
    assert _numbers(_lifecycle({}, on_days("a 0, a 1")))[0] == (0, 1, 0, 0)
    assert _numbers(_lifecycle({}, on_days("a -1, a 1")))[0] == (0, 0, 1, 0)
    assert _numbers(_lifecycle({}, on_days("a 0")))[0] == (0, 0, 0, 1)


def test_the_bucket_before_the_first_is_whole_also_when_the_range_cuts_the_first() -> None:
    spec = _from("2024-01-01T18:00:00Z", "2024-01-03T00:00:00Z")
    first = event("2023-12-31T00:00:00Z", name="a", user="anna")
    last = event("2024-01-01T18:00:00Z", name="a", user="anna")

    assert _numbers(_lifecycle(spec, [first, last])) == [(0, 1, 0, 0), (0, 0, 0, 1)]
    assert _numbers(_lifecycle(spec, [first])) == [(0, 0, 0, 1), (0, 0, 0, 0)]


def test_the_range_cuts_who_is_active_but_not_what_they_were_before() -> None:
    """At noon of the first day, before a range that begins at 18:00."""
    spec = _from("2024-01-01T18:00:00Z", "2024-01-03T00:00:00Z")

    assert _numbers(_lifecycle(spec, on_days("a 1"))) == [(0, 0, 0, 0), (0, 0, 0, 1)]
    assert _numbers(_lifecycle(spec, on_days("a 1, a 1.4"))) == [(1, 0, 0, 0), (0, 0, 0, 1)]
    assert _numbers(_lifecycle(spec, on_days("a 1, a 2"))) == [(0, 0, 0, 0), (0, 1, 0, 0)]
    assert _numbers(_lifecycle(spec, on_days("a 0, a 1, a 2"))) == [(0, 0, 0, 1), (0, 1, 0, 0)]


def test_events_from_the_end_on_are_not_seen() -> None:
    spec = _from("2024-01-01T00:00:00Z", "2024-01-02T12:00:00Z")

    assert _numbers(_lifecycle(spec, on_days("a 1, a 2"))) == [(1, 0, 0, 0), (0, 0, 0, 1)]


def test_partial_buckets() -> None:
    cut = _lifecycle(_from("2024-01-01T18:00:00Z", "2024-01-03T12:00:00Z"))

    assert [it.partial for it in cut] == [True, False, True]
    assert [it.partial for it in _lifecycle({}, now="2024-01-02T23:59:59Z")] == [False, True, True, True]


def test_first_time_is_never_active_again() -> None:
    spec = {"events": [{"name": "a", "firstTime": True}]}

    assert _numbers(_lifecycle(spec, on_days("a 1, a 2, a 4"))) == [
        (1, 0, 0, 0),
        (0, 0, 0, 1),
        (0, 0, 0, 0),
        (0, 0, 0, 0),
    ]


def test_a_day_that_was_skipped_is_no_gap() -> None:
    """Apia went from 29 to 31 December 2011."""
    spec = {"timezone": "Pacific/Apia", **_from("2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z")}
    times = ("2011-12-30T09:59:59.999Z", "2011-12-30T10:00:00Z")

    buckets = _lifecycle(spec, [event(time, name="a", user="anna") for time in times])

    assert _numbers(buckets) == [(1, 0, 0, 0), (0, 1, 0, 0)]


@settings(max_examples=60)
@given(data=st.data())
def test_all_lifecycles_add_up(data: st.DataObject) -> None:
    world = data.draw(retention_worlds(all_have_ids=True))
    spec = data.draw(lifecycle_specs(world, first_time=True))
    events = stored(world.events, world.now)
    as_series = QuerySpec()
    as_series.CopyFrom(spec)
    as_series.visualization = Visualization.VISUALIZATION_LINE
    as_series.aggregation = Aggregation.AGGREGATION_UNIQUE_USERS

    found = answer(spec, events, now=world.now, timezone=world.timezone).lifecycle.buckets
    series = answer(as_series, events, now=world.now, timezone=world.timezone).series

    assert [it.new_users + it.returning + it.resurrecting for it in found] == [it.value for it in series]
    assert [it.partial for it in found] == [it.partial for it in series]
    for before, bucket in pairwise(found[1:]):
        active = before.new_users + before.returning + before.resurrecting
        assert bucket.dormant + bucket.returning == active


@settings(max_examples=60)
@given(data=st.data())
def test_a_whole_bucket_has_the_same_numbers_in_every_range(data: st.DataObject) -> None:
    world = data.draw(retention_worlds(all_have_ids=True))
    spec = data.draw(lifecycle_specs(world, first_time=True))
    wider = QuerySpec()
    wider.CopyFrom(spec)
    wider.time_range.start.seconds -= data.draw(st.sampled_from((1, 3600, 86_400, 40 * 86_400)))
    events = stored(world.events, world.now)

    found, of_wider = (
        {
            milliseconds(it.timestamp): it
            for it in answer(asked, events, now=world.now, timezone=world.timezone).lifecycle.buckets
            if not it.partial
        }
        for asked in (spec, wider)
    )

    assert found.items() <= of_wider.items()
