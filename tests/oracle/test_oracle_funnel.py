"""Hand-made cases of semantics 11.1 to 11.8: which attempt counts, in each order."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.v1.funnel_pb2 import FunnelOrder
from tests.oracle.attempts import Chain, deepest
from tests.oracle.funnel_building import HALF_A_DAY, Steps, average_seconds, clock, counts, did, funnel
from tests.oracle.funnel_events import FunnelEvent, by_held, units
from tests.oracle.funnel_rules import FunnelRules, rules_of
from tests.oracle.funnel_specs import funnel_specs
from tests.oracle.funnel_worlds import funnel_worlds
from tests.oracle.history import stored
from tests.oracle.question import question

STRICT = {"funnel": {"order": "FUNNEL_ORDER_STRICT"}}
UNORDERED = {"funnel": {"order": "FUNNEL_ORDER_UNORDERED"}}
WITHIN_RANGE = {"funnel": {"withinRange": True}}


def test_each_step_is_reached_by_those_who_did_it_after_the_one_before() -> None:
    result = funnel(
        "a b c",
        did("a 0, b 60, c 120", user="anna"),
        did("a 0, x 30, b 60", user="ben"),
        did("a 0, c 60", user="cleo"),
        did("b 0, c 60", user="dora"),
    )

    assert counts(result) == [3, 2, 1]


def test_nobody_is_not_a_person() -> None:
    assert counts(funnel("a b", did("a 0, b 60", user=""))) == [0, 0]


def test_one_event_never_serves_two_identical_steps() -> None:
    assert counts(funnel("a a", did("a 0"))) == [1, 0]
    assert counts(funnel("a a", did("a 0, a 0"))) == [1, 1]  # two of the same millisecond
    assert counts(funnel("a a a", did("a 0, a 1"))) == [1, 1, 0]


def test_one_event_never_serves_two_overlapping_steps() -> None:
    any_event_then_a: Steps = [{}, {"name": "a"}]

    assert counts(funnel(any_event_then_a, did("a 0"))) == [1, 0]
    assert counts(funnel(any_event_then_a, did("b 0, a 1"))) == [1, 1]


def test_reversed_steps_do_not_convert() -> None:
    assert counts(funnel("a b", did("b 0, a 0.001"))) == [1, 0]


def test_events_of_one_millisecond_stand_in_the_order_of_the_steps() -> None:
    result = funnel("a b c", did("c 5, b 5, a 5"))

    assert counts(result) == [1, 1, 1]
    assert average_seconds(result) == [None, 0, 0]


def test_an_event_of_several_steps_stands_where_its_lowest_step_does() -> None:
    """The any-event step comes second: a comes first, then b may serve it; the other way nothing is left."""
    steps: Steps = [{"name": "a"}, {}, {"name": "b"}]

    assert counts(funnel(steps, did("b 0, x 0, a 0"))) == [1, 1, 1]
    assert counts(funnel(steps, did("b 0, a 0"))) == [1, 1, 0]


@pytest.mark.parametrize(("seconds", "converted"), [(3600, 1), (3600.001, 0)])
def test_the_window_is_inclusive_to_the_millisecond(seconds: float, converted: int) -> None:
    assert counts(funnel("a b", did(f"a 0, b {seconds}"))) == [1, converted]


def test_the_window_counts_from_the_first_step() -> None:
    assert counts(funnel("a b c", did("a 0, b 3000, c 4000"))) == [1, 1, 0]


def test_the_window_is_seven_days_by_default() -> None:
    week = 7 * 86_400
    spec = {"conversionWindow": None}

    assert counts(funnel("a b", did(f"a 0, b {week}"), spec=spec)) == [1, 1]
    assert counts(funnel("a b", did(f"a 0, b {week + 0.001}"), spec=spec)) == [1, 0]


def test_attempts_begin_in_the_range_and_may_end_after_it() -> None:
    late = did(f"a {HALF_A_DAY - 1}, b {HALF_A_DAY + 1}")

    assert counts(funnel("a b", late)) == [1, 1]
    assert counts(funnel("a b", late, spec=WITHIN_RANGE)) == [1, 0]
    assert counts(funnel("a b", did(f"a {HALF_A_DAY}, b {HALF_A_DAY + 1}"))) == [0, 0]
    assert counts(funnel("a b", did(f"a {-HALF_A_DAY - 1}, b {-HALF_A_DAY}"))) == [0, 0]
    assert counts(funnel("a b", did(f"a {-HALF_A_DAY}, b {-HALF_A_DAY}"))) == [1, 1]


@pytest.mark.parametrize(("seconds", "converted"), [(HALF_A_DAY - 0.001, 1), (HALF_A_DAY, 0)])
def test_the_end_itself_is_not_within_the_range(seconds: float, converted: int) -> None:
    spec = {"conversionWindow": "86400s", **WITHIN_RANGE}

    assert counts(funnel("a b", did(f"a 0, b {seconds}"), spec=spec)) == [1, converted]


def test_nothing_after_now_counts() -> None:
    assert counts(funnel("a b", did("a 0, b 60"), now=clock(60))) == [1, 1]
    assert counts(funnel("a b", did("a 0, b 60"), now=clock(59.999))) == [1, 0]


def test_an_earlier_beginning_that_gets_no_further_gives_way_to_a_later_one() -> None:
    result = funnel("a b c", did("a 0, b 100, a 3000, b 4000, c 5000"))

    assert counts(result) == [1, 1, 1]
    assert average_seconds(result) == [None, 1000, 1000]


def test_of_equally_deep_attempts_the_earliest_counts() -> None:
    """Both reach b; the first one takes 100 seconds, the second only 10."""
    assert average_seconds(funnel("a b c", did("a 0, a 90, b 100"))) == [None, 100, None]


def test_within_an_attempt_each_step_is_served_as_early_as_possible() -> None:
    assert average_seconds(funnel("a b c", did("a 0, b 10, b 50, c 60"))) == [None, 10, 50]


def test_one_counted_attempt_per_person() -> None:
    assert counts(funnel("a b", did("a 0, b 1, a 2, b 3"))) == [1, 1]


WITHIN_A_MINUTE: Steps = [{"name": "a"}, {"name": "b"}, {"name": "c", "within": "60s"}]


def test_within_counts_from_the_event_that_served_the_step_before() -> None:
    assert counts(funnel(WITHIN_A_MINUTE, did("a 0, b 1000, c 1060"))) == [1, 1, 1]
    assert counts(funnel(WITHIN_A_MINUTE, did("a 0, b 1000, c 1060.001"))) == [1, 1, 0]


def test_within_does_not_cost_depth() -> None:
    """The first b is too early for c, so the second one serves."""
    result = funnel(WITHIN_A_MINUTE, did("a 0, b 10, b 100, c 130"))

    assert counts(result) == [1, 1, 1]
    assert average_seconds(result) == [None, 100, 30]


def test_without_a_deeper_way_the_earliest_event_still_serves() -> None:
    assert average_seconds(funnel(WITHIN_A_MINUTE, did("a 0, b 10, b 100, c 500"))) == [None, 10, None]


def test_the_specs_filters_make_events_disappear() -> None:
    only_de = {"filters": [{"property": "p", "operator": "OPERATOR_EQUALS", "value": "DE"}]}
    people = (did("a 0, b 60", p="DE"), did("a 0", user="ben", p="DE"), did("b 60", user="ben", p="FR"))

    assert counts(funnel("a b", *people, spec=only_de)) == [2, 1]


def test_steps_have_filters_of_their_own() -> None:
    de = {"filters": [{"property": "p", "operator": "OPERATOR_EQUALS", "value": "DE"}]}
    steps: Steps = [{"name": "a", **de}, {"name": "a"}]

    assert counts(funnel(steps, did("a 0", p="FR") + did("a 1", p="DE") + did("a 2", p="FR"))) == [1, 1]
    assert counts(funnel(steps, did("a 0", p="FR") + did("a 1", p="DE"))) == [1, 0]


def test_first_time_steps_are_only_the_first_event_in_all_history() -> None:
    steps: Steps = [{"name": "a", "firstTime": True}, {"name": "b"}]

    assert counts(funnel(steps, did("a 0, b 60"))) == [1, 1]
    assert counts(funnel(steps, did("a -100000, a 0, b 60"))) == [0, 0]


def test_strict_is_broken_by_a_foreign_event() -> None:
    assert counts(funnel("a b c", did("a 0, b 1, c 2"), spec=STRICT)) == [1, 1, 1]
    assert counts(funnel("a b c", did("a 0, b 1, x 1.5, c 2"), spec=STRICT)) == [1, 1, 0]
    assert counts(funnel("a b c", did("a 0, x 1, b 2, c 3, a 4, b 5, c 6"), spec=STRICT)) == [1, 1, 1]


def test_strict_is_broken_by_a_step_out_of_turn() -> None:
    assert counts(funnel("a b c", did("a 0, c 1, b 2"), spec=STRICT)) == [1, 0, 0]
    assert counts(funnel("a b", did("a 0, a 1, b 2"), spec=STRICT)) == [1, 1]


def test_strict_is_not_broken_by_what_the_filters_drop() -> None:
    without_x = {"filters": [{"property": "$event_name", "operator": "OPERATOR_NOT_EQUALS", "value": "x"}]}

    assert counts(funnel("a b", did("a 0, x 1, b 2"), spec={**STRICT, **without_x})) == [1, 1]


def test_foreign_events_stand_last_in_their_millisecond() -> None:
    assert counts(funnel("a b", did("x 0, a 0, b 0"), spec=STRICT)) == [1, 1]
    assert counts(funnel("a b", did("a 0, x 0, b 1"), spec=STRICT)) == [1, 0]


def test_unordered_counts_how_many_steps_were_done() -> None:
    result = funnel("a b c", did("c 0, a 10, x 20, b 30"), did("b 0, b 1, a 2", user="ben"), spec=UNORDERED)

    assert counts(result) == [2, 2, 1]
    assert [step.event for step in result.steps] == ["any 1", "any 2", "any 3"]
    assert average_seconds(result) == [None, 6, 20]


def test_unordered_events_serve_the_lowest_open_step() -> None:
    """Of three steps two are any event: the first event serves the lowest of them, b then has its own."""
    steps: Steps = [{}, {"name": "b"}, {}]

    assert counts(funnel(steps, did("x 0, b 1, y 2"), spec=UNORDERED)) == [1, 1, 1]
    assert counts(funnel(steps, did("b 0, b 1"), spec=UNORDERED)) == [1, 1, 0]
    assert counts(funnel([{}, {"name": "b"}], did("b 0, x 1"), spec=UNORDERED)) == [1, 0]


def test_unordered_attempts_have_the_window_from_their_first_event() -> None:
    assert counts(funnel("a b c", did("c 0, b 3000, a 3601"), spec=UNORDERED)) == [1, 1, 0]
    assert counts(funnel("a b", did(f"b {-HALF_A_DAY - 1}, a {-HALF_A_DAY}"), spec=UNORDERED)) == [1, 0]


@settings(max_examples=60)
@given(data=st.data())
def test_the_deepest_chain_is_the_first_of_all_chains(data: st.DataObject) -> None:
    """Write all combinations of events down, the deepest and earliest first: the first that fits."""
    world = data.draw(funnel_worlds(all_have_ids=True))
    spec = data.draw(funnel_specs(world, first_time=True))
    asked = question(spec, now=world.now, timezone=world.timezone, week_start=world.week_start)
    rules = rules_of(asked)
    if rules.order != FunnelOrder.FUNNEL_ORDER_ORDERED:
        return
    for unit in units(asked, stored(world.events, world.now)):
        for part in by_held(unit).values():
            few = part[:9]
            for first, event in enumerate(few):
                if 1 in event.steps:
                    assert deepest(rules, few, first) == _first_of_all(rules, few, first)


def _first_of_all(rules: FunnelRules, events: list[FunnelEvent], first: int) -> Chain:
    for depth in range(len(rules.required), 0, -1):
        for rest in combinations(range(first + 1, len(events)), depth - 1):
            if _fits(rules, [events[place] for place in (first, *rest)]):
                return (first, *rest)
    raise AssertionError("the first event alone fits")


def _fits(rules: FunnelRules, chain: list[FunnelEvent]) -> bool:
    for at, event in enumerate(chain):
        step = rules.required[at]
        too_late = at > 0 and event.time - chain[at - 1].time > rules.within.get(step, rules.window)
        too_late = too_late or event.time - chain[0].time > rules.window
        outside = rules.within_range and event.time >= rules.span.end
        if step not in event.steps or too_late or (outside and at > 0):
            return False
    return True
