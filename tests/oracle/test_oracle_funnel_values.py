"""Hand-made cases of semantics 11.16 and 11.17: which value a person of a funnel has, and which are shown."""

import pytest

from tests.oracle.funnel_building import HALF_A_DAY, Steps, counts, counts_by_value, did, funnel
from tests.oracle.history import Json, StoredEvent

BY_P: dict[str, object] = {"breakdown": {"property": "p"}}


def _by_p(attribution: str, **options: object) -> dict[str, object]:
    return {**BY_P, "funnel": {"attribution": f"FUNNEL_ATTRIBUTION_{attribution}", **options}}


WAY = did("a 0", p="x") + did("b 1", p="y") + did("c 2", p="z")


@pytest.mark.parametrize(
    ("attribution", "options", "value"),
    [
        ("UNSPECIFIED", {}, "x"),
        ("FIRST_STEP", {}, "x"),
        ("LAST_STEP", {}, "z"),
        ("STEP", {"attributionStep": 2}, "y"),
        ("STEP", {"attributionStep": 4}, "z"),
    ],
)
def test_attribution_to_a_step(attribution: str, options: dict[str, object], value: str) -> None:
    result = funnel("a b c d", WAY, spec=_by_p(attribution, **options))

    assert counts_by_value(result) == [(value, [1, 1, 1, 0])]


def test_attribution_to_an_optional_step() -> None:
    steps: Steps = [{"name": "a"}, {"name": "b", "optional": True}, {"name": "c"}]
    spec = _by_p("STEP", attributionStep=2)

    assert counts_by_value(funnel(steps, WAY, spec=spec)) == [("y", [1, 1, 1])]
    assert counts_by_value(funnel(steps, [WAY[0], WAY[2]], spec=spec)) == [("x", [1, 0, 1])]
    assert counts_by_value(funnel(steps, WAY[:2], spec=_by_p("LAST_STEP"))) == [("x", [1, 1, 0])]


def test_attribution_of_an_unordered_funnel_is_to_the_steps_as_done() -> None:
    spec = _by_p("STEP", attributionStep=2, order="FUNNEL_ORDER_UNORDERED")

    assert counts_by_value(funnel("c b a", WAY, spec=spec)) == [("y", [1, 1, 1])]


TOUCHES = did("x 0", p="no step") + did("b 1") + did("b 2", p="first") + did("a 3, b 4", p="") + did(
    "a 5", p="last"
) + did("x 6", p="no step")  # fmt: skip


def test_touches_are_events_of_steps_with_a_value() -> None:
    assert counts_by_value(funnel("a b", TOUCHES, spec=_by_p("FIRST_TOUCH"))) == [("first", [1, 1])]
    assert counts_by_value(funnel("a b", TOUCHES, spec=_by_p("LAST_TOUCH"))) == [("last", [1, 1])]


def test_touches_are_in_the_range() -> None:
    outside = did(f"b {-HALF_A_DAY - 1}", p="before") + did(f"b {HALF_A_DAY}", p="after")

    assert counts_by_value(funnel("a b", TOUCHES + outside, spec=_by_p("FIRST_TOUCH"))) == [("first", [1, 1])]
    assert counts_by_value(funnel("a b", TOUCHES + outside, spec=_by_p("LAST_TOUCH"))) == [("last", [1, 1])]


def test_without_a_touch_the_value_is_missing() -> None:
    assert counts_by_value(funnel("a b", did("a 0, b 1"), spec=_by_p("FIRST_TOUCH"))) == [("missing", [1, 1])]


def test_of_the_touches_of_one_millisecond_the_smallest_value_counts() -> None:
    events = did("a 0", p="b") + did("b 0", p="a") + did("b 0", p=7.0)

    assert counts_by_value(funnel("a b", events, spec=_by_p("FIRST_TOUCH"))) == [(7, [1, 1])]


def test_of_equal_events_the_one_with_the_smallest_value_serves_first() -> None:
    events = did("a 0", p="z") + did("a 0", p="m") + did("a 0", p=True)

    assert counts_by_value(funnel("a a", events, spec=_by_p("FIRST_STEP"))) == [(True, [1, 1])]
    assert counts_by_value(funnel("a a", events, spec=_by_p("LAST_STEP"))) == [("m", [1, 1])]


def _people_by_value(values: str) -> list[list[StoredEvent]]:
    return [did("a 0, b 1" if at % 2 else "a 0", user=f"u{at}", p=value) for at, value in enumerate(values)]


def test_values_are_ranked_by_the_first_step_and_other_is_the_rest() -> None:
    spec: dict[str, object] = {"breakdown": {"property": "p", "limit": 2}}

    result = funnel("a b", *_people_by_value("cbbcdccaa"), spec=spec)

    assert counts(result) == [9, 4]
    assert counts_by_value(result) == [("c", [4, 2]), ("a", [2, 1]), ("other", [3, 1])]
    assert result.breakdowns[0].overall_conversion_rate == 0.5


def test_other_can_be_hidden_and_ten_values_are_kept() -> None:
    hidden: dict[str, object] = {"breakdown": {"property": "p", "limit": 1, "hideOther": True}}

    assert counts_by_value(funnel("a b", *_people_by_value("abb"), spec=hidden)) == [("b", [2, 1])]
    assert len(funnel("a b", *_people_by_value("abcdefghijkl"), spec=BY_P).breakdowns) == 11
    assert not funnel("a b", did("b 0", p="x"), spec=BY_P).breakdowns


def test_buckets_come_in_the_order_of_their_edges() -> None:
    spec: dict[str, object] = {"breakdown": {"property": "p", "buckets": [10]}}
    values: list[Json] = [20.0, 10.0, 9.0, "no number"]
    people = [did("a 0", user=f"u{at}", p=value) for at, value in enumerate(values)]

    result = funnel("a b", *people, spec=spec)

    assert counts_by_value(result) == [("missing", [1, 0]), ((None, 10), [1, 0]), ((10, None), [2, 0])]
