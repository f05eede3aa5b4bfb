"""Hand-made cases of semantics 14: in how many buckets people were active."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from insights.v1.query_spec_pb2 import QuerySpec
from insights.v1.stickiness_pb2 import StickinessResult
from tests.oracle.answer import answer
from tests.oracle.building import LONG_AFTER, ask, event
from tests.oracle.funnel_building import on_days
from tests.oracle.funnel_worlds import retention_worlds
from tests.oracle.history import StoredEvent, stored
from tests.oracle.stickiness_specs import stickiness_specs


def _stickiness(
    spec: Mapping[str, object], *people: list[StoredEvent], now: str = LONG_AFTER
) -> StickinessResult:
    """Ask for a stickiness of event a, by default over the first four days of 2024."""
    whole = {
        "visualization": "VISUALIZATION_STICKINESS",
        "timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-01-05T00:00:00Z"},
        "events": [{"name": "a"}],
        **spec,
    }
    return ask(whole, *[deed for deeds in people for deed in deeds], now=now).stickiness


def _counts(result: StickinessResult) -> list[float]:
    return [point.count for point in result.series[0].points]


THREE = (
    on_days("a 1, a 1.2, a 3"),
    on_days("a 2, a 3, a 4", user="ben"),
    on_days("a 4, a 4.1, a 4.2", user="cem"),
)


def test_exact_counts_and_zeros() -> None:
    result = _stickiness({}, *THREE)

    assert _counts(result) == [1, 1, 1, 0]
    assert [point.buckets for point in result.series[0].points] == [1, 2, 3, 4]
    assert [point.rate for point in result.series[0].points] == [1 / 3, 1 / 3, 1 / 3, 0]


def test_cumulative_counts_at_least_so_many() -> None:
    result = _stickiness({"stickiness": {"cumulative": True}}, *THREE)

    assert _counts(result) == [3, 2, 1, 0]
    assert [point.rate for point in result.series[0].points] == [1, 2 / 3, 1 / 3, 0]


def test_min_events_are_asked_in_every_bucket() -> None:
    assert _counts(_stickiness({"stickiness": {"minEvents": 2}}, *THREE)) == [2, 0, 0, 0]
    assert _counts(_stickiness({"stickiness": {"minEvents": 3}}, *THREE)) == [1, 0, 0, 0]


def test_a_rate_of_nobody_is_absent() -> None:
    points = _stickiness({"stickiness": {"minEvents": 4}}, *THREE).series[0].points

    assert [point.HasField("rate") for point in points] == [False] * 4


def test_nobody_and_events_outside_of_the_range_do_not_count() -> None:
    assert _counts(_stickiness({}, on_days("a 1", user=""))) == [0, 0, 0, 0]
    assert _counts(_stickiness({}, on_days("a 0, a 1, a 6"))) == [1, 0, 0, 0]
    assert _counts(_stickiness({}, on_days("a 1, a 2"), now="2024-01-02T11:00:00Z")) == [1, 0, 0, 0]


def test_weeks() -> None:
    """1 January 2024 was a Monday; the range ends inside of the third week."""
    spec = {
        "timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-01-18T00:00:00Z"},
        "granularity": "GRANULARITY_WEEK",
    }

    assert _counts(_stickiness(spec, on_days("a 1, a 7, a 8"), on_days("a 17, a 18", user="ben"))) == [
        1,
        1,
        0,
    ]


def test_several_events_are_several_series() -> None:
    spec = {"events": [{"name": "a", "label": "A"}, {"name": "b"}, {}]}

    result = _stickiness(spec, on_days("a 1, b 2, c 3, c 3.1"))

    assert [(it.event, it.series_index) for it in result.series] == [("A", 0), ("b", 1), ("any event", 2)]
    assert [[point.count for point in it.points] for it in result.series] == [
        [1, 0, 0, 0],
        [1, 0, 0, 0],
        [0, 0, 1, 0],
    ]


def test_an_hour_that_comes_twice_is_two_buckets() -> None:
    spec = {
        "timezone": "Europe/Berlin",
        "timeRange": {"start": "2024-10-27T00:00:00Z", "end": "2024-10-27T02:00:00Z"},
        "granularity": "GRANULARITY_HOUR",
    }
    times = ("2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z")  # 02:30 both

    assert _counts(_stickiness(spec, [event(time, name="a", user="anna") for time in times])) == [0, 1]


@settings(max_examples=60)
@given(data=st.data())
def test_all_stickinesses_add_up(data: st.DataObject) -> None:
    world = data.draw(retention_worlds(all_have_ids=True))
    spec = data.draw(stickiness_specs(world, first_time=True))
    other = QuerySpec()
    other.CopyFrom(spec)
    other.stickiness.cumulative = not spec.stickiness.cumulative
    events = stored(world.events, world.now)

    results = [
        answer(asked, events, now=world.now, timezone=world.timezone).stickiness for asked in (spec, other)
    ]

    exact, cumulative = reversed(results) if spec.stickiness.cumulative else results
    for one, of_least in zip(exact.series, cumulative.series, strict=True):
        counts = [point.count for point in one.points]
        assert [point.count for point in of_least.points] == [sum(counts[at:]) for at in range(len(counts))]
        assert of_least.points[0].rate == (1 if of_least.points[0].count else 0)
