"""Hand-made cases of semantics 3.12: values of the first and last events of sessions."""

import pytest

from tests.oracle.building import ask, event, numbers, values
from tests.oracle.history import Json

NOON, LATER, LAST = "2024-01-01T12:00:00Z", "2024-01-01T12:10:00Z", "2024-01-01T12:20:00Z"


def _by(name: str) -> dict[str, object]:
    return {"breakdown": {"property": name}}


def test_every_event_of_a_session_has_the_values_of_its_first_and_last_one() -> None:
    events = [
        event(LATER, user="ada", session="s1", page="/b"),
        event(NOON, name="view", user="ada", session="s1", page="/a"),
        event(LAST, name="view", user="ada", session="s1", page="/c"),
    ]

    assert values(ask(_by("$session.entry.page"), *events)) == ["/a"]
    assert numbers(ask(_by("$session.entry.page"), *events)) == [3]
    assert values(ask(_by("$session.exit.page"), *events)) == ["/c"]


def test_filters_do_not_change_which_event_is_first() -> None:
    spec = {"events": [{"name": "buy"}], **_by("$session.entry.page")}

    response = ask(
        spec,
        event(NOON, name="view", user="ada", session="s1", page="/a"),
        event(LATER, user="ada", session="s1", page="/b"),
    )

    assert values(response) == ["/a"]


def test_sessions_are_whole_whatever_the_range_and_end_now() -> None:
    events = [
        event("2023-12-31T23:59:00Z", user="ada", session="s1", page="/before"),
        event(NOON, user="ada", session="s1", page="/in"),
        event("2024-01-03T00:00:00Z", user="ada", session="s1", page="/after"),
        event("2024-01-05T00:00:00Z", user="ada", session="s1", page="/not yet"),
    ]

    assert values(ask(_by("$session.entry.page"), *events)) == ["/before"]
    assert values(ask(_by("$session.exit.page"), *events, now="2024-01-04T00:00:00Z")) == ["/after"]


def test_a_session_is_of_one_person_and_events_without_one_have_no_values() -> None:
    response = ask(
        _by("$session.entry.page"),
        event(NOON, user="ada", session="s1", page="/a"),
        event(LATER, user="ben", session="s1", page="/b"),
        event(LATER, user="ada", page="/c"),
        event(LATER, session="s1", page="/d"),
    )

    assert values(response) == ["missing", "/a", "/b"]
    assert numbers(response) == [2, 1, 1]


@pytest.mark.parametrize("end", ["entry", "exit"])
@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("a", None, "missing", id="missing is smallest"),
        pytest.param("a", "b", "a", id="the smaller text"),
        pytest.param("0", 5.0, 5.0, id="a number before a text"),
    ],
)
def test_of_several_events_of_one_millisecond_the_smallest_value_counts(
    end: str, one: Json, other: Json, expected: object
) -> None:
    events = [event(NOON, user="ada", session="s1", p=value) for value in (one, other)]

    assert values(ask(_by(f"$session.{end}.p"), *events)) == [expected]


def test_the_names_of_events_and_filters_too() -> None:
    spec = {
        "filters": [
            {"property": "$session.entry.$event_name", "operator": "OPERATOR_EQUALS", "value": "view"},
            {"property": "$session.exit.$event_name", "operator": "OPERATOR_NOT_EQUALS", "value": "leave"},
        ]
    }

    response = ask(
        spec,
        event(NOON, name="view", user="ada", session="s1"),
        event(LATER, name="buy", user="ada", session="s1"),
        event(NOON, name="view", user="ben", session="s2"),
        event(LATER, name="leave", user="ben", session="s2"),
        event(NOON, name="view", user="eve"),
    )

    assert numbers(response) == [2]
