"""Hand-made cases of semantics 11.9 to 11.13: exclusions, optional steps, held values, sessions."""

import pytest

from tests.oracle.funnel_building import HALF_A_DAY, Steps, average_seconds, counts, did, funnel


def _excluding(name: str = "x", **options: object) -> dict[str, object]:
    return {"funnel": {"exclusions": [{"event": {"name": name}}], **options}}


def _between(from_step: int, to_step: int, **options: object) -> dict[str, object]:
    exclusion = {"event": {"name": "x"}, "fromStep": from_step, "toStep": to_step}
    return {"funnel": {"exclusions": [exclusion], **options}}


def test_an_exclusion_takes_the_person_out_of_every_step() -> None:
    result = funnel("a b", did("a 0, x 1, b 2"), did("a 0, b 2, x 3", user="ben"), spec=_excluding())

    assert counts(result) == [1, 1]


def test_the_same_millisecond_does_not_hit() -> None:
    assert counts(funnel("a b", did("a 0, x 0, b 1"), spec=_excluding())) == [1, 1]
    assert counts(funnel("a b", did("a 0, x 1, b 1"), spec=_excluding())) == [1, 1]
    assert counts(funnel("a b", did("a 0, x 0.001, b 0.002"), spec=_excluding())) == [0, 0]


def test_without_the_later_step_an_exclusion_hits_until_the_window_ends() -> None:
    assert counts(funnel("a b", did("a 0, x 3600"), spec=_excluding())) == [0, 0]
    assert counts(funnel("a b", did("a 0, x 3600.001"), spec=_excluding())) == [1, 0]
    after_end = did(f"a {HALF_A_DAY - 1}, x {HALF_A_DAY}")
    assert counts(funnel("a b", after_end, spec=_excluding())) == [0, 0]
    assert counts(funnel("a b", after_end, spec=_excluding(withinRange=True))) == [1, 0]


def test_an_exclusion_hits_only_between_its_steps() -> None:
    steps = "a b c"

    assert counts(funnel(steps, did("a 0, x 1, b 2, c 3"), spec=_between(2, 3))) == [1, 1, 1]
    assert counts(funnel(steps, did("a 0, b 2, x 2.5, c 3"), spec=_between(2, 3))) == [0, 0, 0]
    assert counts(funnel(steps, did("a 0, b 2, x 2.5, c 3"), spec=_between(1, 2))) == [1, 1, 1]
    assert counts(funnel(steps, did("a 0, x 1"), spec=_between(2, 3))) == [1, 0, 0]
    assert counts(funnel(steps, did("a 0, b 1, x 2"), spec=_between(2, 3))) == [0, 0, 0]
    assert counts(funnel(steps, did("a 0, x 2"), spec=_between(1, 2))) == [0, 0, 0]


def test_of_the_deepest_attempts_the_earliest_clean_one_counts() -> None:
    result = funnel("a b", did("a 0, x 1, b 2, a 10, b 15, a 20, b 21"), spec=_excluding())

    assert counts(result) == [1, 1]
    assert average_seconds(result) == [None, 5]


def test_a_clean_attempt_that_gets_less_far_does_not_count() -> None:
    """The deepest attempt is hit; a later one ends at step 1, clean because its window is over."""
    result = funnel("a b", did("a 0, x 1, b 2, a 10"), spec=_excluding())

    assert counts(result) == [0, 0]


def test_an_event_of_a_step_is_never_an_exclusion() -> None:
    any_event: dict[str, object] = {"funnel": {"exclusions": [{"event": {}}]}}

    assert counts(funnel("a b c", did("a 0, c 1, b 2, c 3"), spec=any_event)) == [1, 1, 1]
    assert counts(funnel("a b c", did("a 0, x 1, b 2, c 3"), spec=any_event)) == [0, 0, 0]


def test_exclusions_that_the_filters_drop_do_not_hit() -> None:
    no_x = {"filters": [{"property": "$event_name", "operator": "OPERATOR_NOT_EQUALS", "value": "x"}]}

    assert counts(funnel("a b", did("a 0, x 1, b 2"), spec={**_excluding(), **no_x})) == [1, 1]


def test_exclusions_of_an_unordered_funnel_are_between_the_steps_as_done() -> None:
    spec = _between(2, 3, order="FUNNEL_ORDER_UNORDERED")

    assert counts(funnel("a b c", did("c 0, x 1, b 2, a 3"), spec=spec)) == [1, 1, 1]
    assert counts(funnel("a b c", did("c 0, b 2, x 2.5, a 3"), spec=spec)) == [0, 0, 0]


def test_an_exclusion_of_a_strict_funnel_hits_what_it_broke() -> None:
    spec = _excluding(order="FUNNEL_ORDER_STRICT")

    assert counts(funnel("a b", did("a 0, x 1, b 2"), did("a 0, y 1, b 2", user="ben"), spec=spec)) == [1, 0]


OPTIONAL: Steps = [{"name": "a"}, {"name": "b", "optional": True}, {"name": "c"}]


def test_an_optional_step_may_be_left_out() -> None:
    result = funnel(OPTIONAL, did("a 0, b 10, c 60"), did("a 0, c 20", user="ben"))

    assert counts(result) == [2, 1, 2]
    assert average_seconds(result) == [None, 10, 40]  # both of c from a
    assert [step.step_conversion_rate for step in result.steps] == [0, 0.5, 1]


def test_an_optional_step_changes_no_other_time() -> None:
    """b comes only after the first c, which still serves."""
    result = funnel(OPTIONAL, did("a 0, c 20, b 30, c 40"))

    assert counts(result) == [1, 0, 1]
    assert average_seconds(result) == [None, None, 20]


def test_an_optional_step_is_done_before_the_next_required_one_is() -> None:
    assert counts(funnel(OPTIONAL, did("a 0, b 10"))) == [1, 1, 0]
    assert counts(funnel(OPTIONAL, did("a 0, b 3601"))) == [1, 0, 0]
    assert counts(funnel(OPTIONAL, did("b 0, a 1"))) == [1, 0, 0]
    assert counts(funnel(OPTIONAL, did("b 5, c 5, a 5"))) == [1, 1, 1]


def test_an_optional_step_needs_the_required_one_before_it() -> None:
    steps: Steps = [{"name": "a"}, {"name": "b"}, {"name": "o", "optional": True}, {"name": "c"}]

    assert counts(funnel(steps, did("a 0, o 1, b 2, c 3"))) == [1, 1, 0, 1]
    assert counts(funnel(steps, did("a 0, o 1"))) == [1, 0, 0, 0]


def test_an_optional_step_takes_no_event_of_a_required_one() -> None:
    steps: Steps = [{"name": "a"}, {"optional": True}, {"name": "a"}]

    assert counts(funnel(steps, did("a 0, a 1"))) == [1, 0, 1]
    assert counts(funnel(steps, did("a 0, x 0.5, a 1"))) == [1, 1, 1]


def test_within_refers_to_the_nearest_required_step() -> None:
    steps: Steps = [
        {"name": "a"},
        {"name": "b", "optional": True, "within": "5s"},
        {"name": "c", "within": "30s"},
    ]

    assert counts(funnel(steps, did("a 0, b 5, c 30"))) == [1, 1, 1]
    assert counts(funnel(steps, did("a 0, b 6, c 30"))) == [1, 0, 1]
    assert counts(funnel(steps, did("a 0, b 5, c 31"))) == [1, 1, 0]


def _holding(*names: str, **options: object) -> dict[str, object]:
    return {"funnel": {"holdConstant": names, **options}}


def test_all_steps_have_the_same_held_value() -> None:
    people = (
        did("a 0", p="x") + did("b 1", p="x"),
        did("a 0", user="ben", p="x") + did("b 1", user="ben", p="y"),
    )

    assert counts(funnel("a b", *people, spec=_holding("p"))) == [2, 1]


def test_held_values_are_compared_as_they_print() -> None:
    assert counts(funnel("a b", did("a 0", p=5.0) + did("b 1", p="5"), spec=_holding("p"))) == [1, 1]
    assert counts(funnel("a b", did("a 0", p=True) + did("b 1", p="true"), spec=_holding("p"))) == [1, 1]
    assert counts(funnel("a b", did("a 0", p=[1.0]) + did("b 1", p="[1]"), spec=_holding("p"))) == [1, 1]


def test_an_event_that_lacks_a_held_value_takes_no_part() -> None:
    assert counts(funnel("a b", did("a 0, b 1"), spec=_holding("p"))) == [0, 0]
    half = did("a 0, b 1", p="x") + did("a 0, b 1", user="ben", p="x", q="y")
    assert counts(funnel("a b", half, spec=_holding("p", "q"))) == [1, 1]


def test_a_person_counts_once_with_the_deepest_of_the_held_values() -> None:
    """x begins first but gets to step 1 only."""
    result = funnel("a b", did("a 0", p="x") + did("a 5, b 7", p="y"), spec=_holding("p"))

    assert counts(result) == [1, 1]
    assert average_seconds(result) == [None, 2]


def test_of_two_held_values_the_earliest_attempt_counts() -> None:
    """Both begin together; y is served first."""
    result = funnel("a b", did("a 0, b 9", p="x") + did("a 0, b 7", p="y"), spec=_holding("p"))

    assert average_seconds(result) == [None, 7]


@pytest.mark.parametrize(("value", "reached"), [("x", 0), ("y", 1), (None, 1)])
def test_an_exclusion_hits_only_with_the_same_held_value(value: str | None, reached: int) -> None:
    spec = _holding("p", exclusions=[{"event": {"name": "x"}}])

    assert counts(funnel("a b", did("a 0, b 2", p="x") + did("x 1", p=value), spec=spec)) == [reached] * 2


def test_a_clean_attempt_of_another_held_value_counts_if_it_is_as_deep() -> None:
    spec = _holding("p", exclusions=[{"event": {"name": "x"}}])
    hit = did("a 0, x 1, b 2", p="x")

    assert counts(funnel("a b", hit + did("a 5, b 6", p="y"), spec=spec)) == [1, 1]
    assert counts(funnel("a b", hit + did("a 5", p="y"), spec=spec)) == [0, 0]


SESSIONS = {"funnel": {"countBy": "FUNNEL_COUNT_BY_SESSIONS"}}


def test_sessions_convert_each_for_itself() -> None:
    events = did("a 0, b 1", session="s1") + did("a 10", session="s2") + did("b 11", session="s3")

    assert counts(funnel("a b", events, spec=SESSIONS)) == [2, 1]


def test_sessions_of_two_persons_are_two() -> None:
    events = did("a 0, b 1", session="s") + did("a 0", user="ben", session="s")

    assert counts(funnel("a b", events, spec=SESSIONS)) == [2, 1]


def test_events_without_a_session_or_a_person_take_no_part() -> None:
    assert counts(funnel("a b", did("a 0, b 1"), did("a 0, b 1", user="", session="s"), spec=SESSIONS)) == [
        0,
        0,
    ]
