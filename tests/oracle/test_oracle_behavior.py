"""What a person did before an event (semantics 7.7 to 7.12), by hand."""

import pytest

from tests.oracle.building import ask, event, numbers
from tests.oracle.history import StoredEvent


def _bought(*times: str, user: str = "u1") -> list[StoredEvent]:
    return [event(f"2024-01-01T{time}Z", user=user) for time in times]


def _views_after(did: dict[str, object], *history: StoredEvent, user: str = "u1") -> float | None:
    """How many of the views at 10:00, 11:00 and 12:00 have such a past."""
    views = [event(f"2024-01-01T{hour}:00:00Z", name="view", user=user) for hour in (10, 11, 12)]
    spec = {"events": [{"name": "view"}], "where": {"did": did}, "visualization": "VISUALIZATION_KPI"}
    [number] = numbers(ask(spec, *views, *history))
    return number


def test_an_event_counts_from_the_millisecond_after_it_on() -> None:
    assert _views_after({"name": "buy"}, *_bought("10:59:59.999")) == 2
    assert _views_after({"name": "buy"}, *_bought("11:00:00")) == 1
    assert _views_after({"name": "buy"}, *_bought("11:00:00.001")) == 1


def test_an_event_is_not_in_its_own_past() -> None:
    spec = {"where": {"did": {"name": "buy"}}, "visualization": "VISUALIZATION_KPI"}

    assert numbers(ask(spec, *_bought("10:00:00"))) == [0]
    assert numbers(ask(spec, *_bought("10:00:00", "10:00:00"))) == [0]
    assert numbers(ask(spec, *_bought("10:00:00", "10:00:00", "10:00:00.001"))) == [1]


@pytest.mark.parametrize(("within", "number"), [("3600s", 1), ("3599.999s", 0), ("7200s", 2), ("90000s", 2)])
def test_the_window_includes_its_first_millisecond(within: str, number: int) -> None:
    assert _views_after({"name": "buy", "within": within}, *_bought("10:00:00")) == number


def test_there_must_be_enough_of_them_in_the_window() -> None:
    history = _bought("09:00:00", "10:30:00", "11:30:00")

    assert _views_after({"name": "buy", "atLeast": 2}, *history) == 2
    assert _views_after({"name": "buy", "atLeast": 2, "within": "5400s"}, *history) == 1
    assert _views_after({"name": "buy", "atLeast": 3}, *history) == 1
    assert _views_after({"name": "buy", "atLeast": 4}, *history) == 0


def test_events_before_the_range_count() -> None:
    assert _views_after({"name": "buy"}, event("2019-01-01T00:00:00Z", user="u1")) == 3


def test_what_others_did_does_not_count() -> None:
    assert _views_after({"name": "buy"}, *_bought("09:00:00", user="u2")) == 0


def test_nobody_did_anything() -> None:
    history = _bought("09:00:00", user="")

    assert _views_after({"name": "buy"}, *history, user="") == 0
    spec = {
        "where": {"not": {"did": {"name": "buy"}}},
        "visualization": "VISUALIZATION_KPI",
        "events": [{"name": "view"}],
    }
    assert numbers(ask(spec, *history, event(name="view"))) == [1]


def test_only_its_own_conditions_are_asked_of_the_past() -> None:
    spec: dict[str, object] = {
        "events": [{"name": "view"}],
        "filters": [{"property": "plan", "operator": "OPERATOR_EQUALS", "value": "pro"}],
        "visualization": "VISUALIZATION_KPI",
    }
    cheap = {"property": "price", "operator": "OPERATOR_LESS_THAN", "value": 5}
    history = [event("2024-01-01T09:00:00Z", user="u1", price=price) for price in (1, 9)]
    view = event("2024-01-01T10:00:00Z", name="view", user="u1", plan="pro")

    for did, number in (
        ({"name": "buy", "atLeast": 2}, 1),
        ({"name": "buy", "filters": [cheap]}, 1),
        ({"name": "buy", "filters": [cheap], "atLeast": 2}, 0),
        ({"atLeast": 2}, 1),
        ({"name": "buy", "where": {"not": {"filter": cheap}}}, 1),
    ):
        assert numbers(ask({**spec, "where": {"did": did}}, view, *history)) == [number]


def test_with_first_time_only_the_first_such_event_counts() -> None:
    history = _bought("08:30:00", "10:30:00")

    assert _views_after({"name": "buy", "firstTime": True}, *history) == 3
    assert _views_after({"name": "buy", "firstTime": True, "within": "7200s"}, *history) == 1
    assert _views_after({"name": "buy", "within": "7200s"}, *history) == 3


def test_a_series_asks_its_own_question() -> None:
    spec = {
        "events": [
            {"name": "view", "where": {"did": {"name": "buy"}}},
            {"name": "view", "where": {"not": {"did": {"name": "buy"}}}},
        ],
        "visualization": "VISUALIZATION_KPI",
    }
    views = [event(f"2024-01-01T{hour}:00:00Z", name="view", user="u1") for hour in (10, 11, 12)]

    assert numbers(ask(spec, *views, *_bought("10:30:00"))) == [2, 1]
