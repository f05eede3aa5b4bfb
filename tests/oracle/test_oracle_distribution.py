"""Hand-made cases of semantics 17: how numbers are spread."""

import sys
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.v1.distribution_pb2 import DistributionResult
from tests.oracle.answer import answer
from tests.oracle.building import ask
from tests.oracle.distribution_accounts import account_for_all
from tests.oracle.distribution_specs import distribution_specs, distribution_worlds
from tests.oracle.funnel_building import HALF_A_DAY, clock, did
from tests.oracle.history import Json, StoredEvent, stored

OF_P = {"aggregationProperty": "p"}
PER_USER = {"of": "DISTRIBUTION_OF_EVENTS_PER_USER"}
LENGTH = {"of": "DISTRIBUTION_OF_SESSION_LENGTH"}
LARGEST = sys.float_info.max


def _distribution(
    options: Mapping[str, object], *groups: list[StoredEvent], now: str = clock(10**7), **spec: object
) -> DistributionResult:
    """Ask for a distribution on 1 January 2024."""
    whole = {"visualization": "VISUALIZATION_DISTRIBUTION", "distribution": options, **spec}
    return ask(whole, *[deed for deeds in groups for deed in deeds], now=now).distribution


def _of_numbers(options: Mapping[str, object], *numbers: Json) -> DistributionResult:
    """Ask for the distribution of a property of events."""
    return _distribution(options, *(did("a 0", p=number) for number in numbers), **OF_P)


def _bins(result: DistributionResult) -> list[tuple[float | None, float | None, float]]:
    return [
        (
            each.start if each.HasField("start") else None,
            each.end if each.HasField("end") else None,
            each.count,
        )
        for each in result.bins
    ]


def test_equal_bins_hold_their_start_and_the_last_one_its_end() -> None:
    result = _of_numbers({"bins": 2}, 0.0, 4.0, 5.0, 10.0)

    assert _bins(result) == [(0, 5, 2), (5, 10, 2)]
    assert (result.total, result.minimum, result.maximum, result.average) == (4, 0, 10, 4.75)
    assert result.median == 4.5
    assert result.p90 == pytest.approx(8.5)


def test_ten_bins_unless_told() -> None:
    assert len(_of_numbers({}, 0.0, 1.0).bins) == 10


def test_equal_numbers_are_one_bin_and_no_numbers_none() -> None:
    nothing = _of_numbers({}, "x", None)

    assert _bins(_of_numbers({"bins": 7}, 3.0, "3")) == [(3, 3, 2)]
    assert (nothing.total, _bins(nothing)) == (0, [])
    assert not any(nothing.HasField(name) for name in ("minimum", "maximum", "average", "median", "p99"))


def test_given_edges_have_all_below_and_above() -> None:
    result = _of_numbers({"edges": [0, 10]}, -1.0, 0.0, 9.0, 10.0, 11.0)

    assert _bins(result) == [(None, 0, 1), (0, 10, 2), (10, None, 2)]
    assert _bins(_of_numbers({"edges": [0]}, None)) == [(None, 0, 0), (0, None, 0)]


def test_numeric_texts_are_numbers_and_minus_zero_is_zero() -> None:
    result = _of_numbers({"bins": 1}, "-0", "1e1", "NaN", True, [1.0])

    assert (result.total, result.minimum, str(result.minimum)) == (2, 0, "0.0")


def test_bins_of_whole_numbers_begin_at_whole_numbers() -> None:
    starts = [each.start for each in _of_numbers({"bins": 100}, 0.0, 100.0).bins]

    assert starts == list(range(100))


def test_the_largest_and_smallest_doubles_have_bins() -> None:
    whole = _of_numbers({"bins": 1000}, -LARGEST, 0.0, LARGEST)
    tiny = _of_numbers({"bins": 3}, 5e-324, 1.5e-323)

    assert [whole.bins[at].count for at in (0, 500, 999)] == [1, 1, 1]
    assert [each.start for each in whole.bins] == sorted(each.start for each in whole.bins)
    assert not whole.HasField("average") or whole.average == 0
    assert sum(each.count for each in tiny.bins) == 2


def test_events_per_user_are_of_those_who_have_one() -> None:
    people = [did("a 0, a 1, b 2"), did("a 0", user="ben"), did("b 0", user="cem"), did("a 0", user="")]

    result = _distribution({**PER_USER, "edges": [2]}, *people, events=[{"name": "a"}])

    assert _bins(result) == [(None, 2, 1), (2, None, 1)]
    assert (result.minimum, result.maximum) == (1, 2)


def test_events_per_user_are_counted_in_the_range() -> None:
    assert _distribution(PER_USER, did(f"a -{HALF_A_DAY + 1}, a 0, a {HALF_A_DAY}")).maximum == 1


def test_session_lengths_are_of_whole_sessions_that_begin_in_the_range() -> None:
    over = did(f"a {HALF_A_DAY - 1}, b {HALF_A_DAY + 1.5}", session="s")
    before = did(f"a -{HALF_A_DAY + 1}, b 0", user="ben", session="s")
    without = did("a 0, b 9", user="cem")

    result = _distribution(LENGTH, over, before, without)

    assert (result.total, result.minimum) == (1, 2.5)


def test_session_lengths_are_of_sessions_with_a_selected_event_from_their_first_to_last_of_any() -> None:
    sessions = [did("b 0, a 1, b 3", session="s"), did("b 0, b 3", session="t")]

    result = _distribution(LENGTH, *sessions, events=[{"name": "a"}])

    assert (result.total, result.maximum) == (1, 3)


def test_a_number_later_than_now_is_in_no_distribution() -> None:
    assert _distribution({}, did("a 0, a 60", p=1.0), now=clock(59), **OF_P).total == 1


@settings(max_examples=60)
@given(data=st.data())
def test_all_numbers_are_in_bins(data: st.DataObject) -> None:
    world = data.draw(distribution_worlds(all_have_ids=True))
    spec = data.draw(distribution_specs(world, first_time=True))

    result = answer(spec, stored(world.events, world.now), now=world.now, timezone=world.timezone)

    account_for_all(result.distribution)
