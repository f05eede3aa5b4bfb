"""Hand-made cases of semantics 15: local weekdays and hours."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from insights.v1.heatmap_pb2 import HeatmapResult
from tests.oracle.answer import answer
from tests.oracle.building import LONG_AFTER, ask, event
from tests.oracle.comparisons import span_of
from tests.oracle.heatmap_specs import heatmap_specs
from tests.oracle.heatmaps import WEEK_OF_HOURS
from tests.oracle.history import StoredEvent, stored
from tests.oracle.worlds import worlds
from tests.oracle.zones import HOUR

# 1 January 2024 was a Monday.
WEEK = {"start": "2024-01-01T00:00:00Z", "end": "2024-01-08T00:00:00Z"}


def _heatmap(spec: Mapping[str, object], *events: StoredEvent, now: str = LONG_AFTER) -> HeatmapResult:
    """Ask for a heatmap, by default of the first week of 2024."""
    whole = {"visualization": "VISUALIZATION_HEATMAP", "timeRange": WEEK, **spec}
    return ask(whole, *events, now=now).heatmap


def _values(result: HeatmapResult) -> dict[tuple[int, int], float]:
    return {(cell.weekday, cell.hour): cell.value for cell in result.cells if cell.value}


def _hours(result: HeatmapResult) -> dict[tuple[int, int], float]:
    return {(cell.weekday, cell.hour): cell.hours_in_range for cell in result.cells if cell.hours_in_range}


def _at(*times: str, user: str = "anna") -> list[StoredEvent]:
    return [event(time, user=user) for time in times]


def test_every_cell_is_there_in_order() -> None:
    result = _heatmap({})

    assert [(cell.weekday, cell.hour) for cell in result.cells] == WEEK_OF_HOURS
    assert {cell.value for cell in result.cells} == {0}
    assert {cell.hours_in_range for cell in result.cells} == {1}
    assert not result.HasField("peak")


def test_events_of_all_weeks_of_the_range() -> None:
    fortnight = {"start": WEEK["start"], "end": "2024-01-15T00:00:00Z"}
    events = _at("2024-01-01T09:00:00Z", "2024-01-08T09:59:59.999Z", "2024-01-08T10:00:00Z")

    result = _heatmap({"timeRange": fortnight}, *events, *_at("2024-01-15T09:00:00Z", "2023-12-31T09:00:00Z"))

    assert _values(result) == {(1, 9): 2, (1, 10): 1}
    assert set(_hours(result).values()) == {2}
    assert (result.peak.weekday, result.peak.hour, result.peak.value) == (1, 9, 2)
    assert result.peak.hours_in_range == 2


def test_a_user_counts_once_in_a_cell() -> None:
    fortnight = {"start": WEEK["start"], "end": "2024-01-15T00:00:00Z"}
    times = ("2024-01-01T09:00:00Z", "2024-01-08T09:30:00Z", "2024-01-08T10:00:00Z")
    events = [*_at(*times), *_at(times[0], user="ben"), *_at(times[0], user="")]
    spec: dict[str, object] = {"timeRange": fortnight, "aggregation": "AGGREGATION_UNIQUE_USERS"}

    assert _values(_heatmap(spec, *events)) == {(1, 9): 2, (1, 10): 1}
    own = {"events": [{"aggregation": "AGGREGATION_COUNT"}]}
    assert _values(_heatmap(spec | own, *events)) == {(1, 9): 4, (1, 10): 1}


def test_of_equal_cells_the_first_of_the_week_is_the_peak() -> None:
    result = _heatmap({}, *_at("2024-01-07T00:00:00Z", "2024-01-02T23:00:00Z"))

    assert (result.peak.weekday, result.peak.hour) == (2, 23)


def test_local_time() -> None:
    """Kathmandu is 5:45 ahead."""
    result = _heatmap({"timezone": "Asia/Kathmandu"}, *_at("2024-01-01T18:15:00Z", "2024-01-01T18:14:59Z"))

    assert _values(result) == {(2, 0): 1, (1, 23): 1}
    assert set(_hours(result).values()) == {1}  # the range begins and ends at 5:45


def test_parts_of_hours() -> None:
    times = {"start": "2024-01-01T08:30:00Z", "end": "2024-01-01T10:15:00Z"}

    assert _hours(_heatmap({"timeRange": times})) == {(1, 8): 0.5, (1, 9): 1, (1, 10): 0.25}


def test_an_hour_that_comes_twice_and_one_that_is_skipped() -> None:
    """In Berlin the clock was set forward on Sunday 31 March 2024 at 2:00, and back on 27 October at 3:00."""
    spring = {"start": "2024-03-30T23:00:00Z", "end": "2024-03-31T22:00:00Z"}
    autumn = {"start": "2024-10-26T22:00:00Z", "end": "2024-10-27T23:00:00Z"}
    both = _at("2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z")  # 02:30 both

    in_spring = _hours(_heatmap({"timeRange": spring, "timezone": "Europe/Berlin"}))
    in_autumn = _heatmap({"timeRange": autumn, "timezone": "Europe/Berlin"}, *both)

    assert in_spring == {(7, hour): 1 for hour in range(24) if hour != 2}
    assert _hours(in_autumn) == {(7, hour): 2 if hour == 2 else 1 for hour in range(24)}
    assert _values(in_autumn) == {(7, 2): 2}


def test_half_an_hour_that_comes_twice() -> None:
    """Lord Howe's clock is set back by half an hour, here on Sunday 7 April 2024 from 2:00 to 1:30."""
    times = {"start": "2024-04-06T14:00:00Z", "end": "2024-04-06T16:30:00Z"}

    hours = _hours(_heatmap({"timeRange": times, "timezone": "Australia/Lord_Howe"}))

    assert hours == {(7, 1): 1.5, (7, 2): 1}


def test_later_than_now_there_are_hours_but_no_events() -> None:
    result = _heatmap(
        {}, *_at("2024-01-01T09:00:00Z", "2024-01-01T09:00:00.001Z"), now="2024-01-01T09:00:00Z"
    )

    assert _values(result) == {(1, 9): 1}
    assert set(_hours(result).values()) == {1}


@settings(max_examples=60)
@given(data=st.data())
def test_the_hours_sum_to_the_range(data: st.DataObject) -> None:
    world = data.draw(worlds(all_have_ids=True))
    spec = data.draw(heatmap_specs(world, first_time=True))
    span = span_of(spec.time_range)

    result = answer(spec, stored(world.events, world.now), now=world.now, timezone=world.timezone).heatmap

    assert abs(sum(cell.hours_in_range for cell in result.cells) - (span.end - span.start) / HOUR) < 1e-6
