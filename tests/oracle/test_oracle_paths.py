"""Hand-made cases of semantics 16: what follows what."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from insights.v1.paths_pb2 import PathsResult
from tests.oracle.answer import answer
from tests.oracle.building import ask, content
from tests.oracle.funnel_building import clock, did
from tests.oracle.funnel_worlds import funnel_worlds
from tests.oracle.history import Json, StoredEvent, stored
from tests.oracle.path_accounts import account_for_all
from tests.oracle.path_specs import path_specs

USERS: dict[str, object] = {"by": "PATHS_BY_USERS"}
FROM_A: dict[str, object] = {"startEvent": {"name": "a"}}
TO_Z: dict[str, object] = {"endEvent": {"name": "z"}}


def _paths(
    options: Mapping[str, object], *people: list[StoredEvent], spec: Mapping[str, object] | None = None
) -> PathsResult:
    """Ask for paths on 1 January 2024."""
    whole = {"visualization": "VISUALIZATION_PATHS", "paths": options, **(spec or {})}
    return ask(whole, *[deed for deeds in people for deed in deeds]).paths


def _visit(deeds: str, *, user: str = "anna", session: str = "s", **properties: Json) -> list[StoredEvent]:
    """What one person did in one session."""
    return did(deeds, user=user, session=session, **properties)


def _nodes(result: PathsResult) -> list[tuple[int, object, float]]:
    return [(node.step, content(node.node), node.count) for node in result.nodes]


def _left(result: PathsResult) -> list[tuple[float, float, float]]:
    """Of each node those who dropped off, went on beyond the last step, and ended."""
    return [(node.drop_offs, node.continues, node.ends) for node in result.nodes]


def _links(result: PathsResult) -> list[tuple[int, object, object, float]]:
    return [(link.step, content(link.source), content(link.target), link.count) for link in result.links]


def test_nodes_links_and_drop_offs() -> None:
    result = _paths({}, _visit("a 0, b 1, c 2"), _visit("a 0, b 1", user="ben"), _visit("a 0", user="cem"))

    assert result.total == 3
    assert _nodes(result) == [(0, "a", 3), (1, "b", 2), (2, "c", 1)]
    assert _links(result) == [(0, "a", "b", 2), (1, "b", "c", 1)]
    assert _left(result) == [(1, 0, 0), (1, 0, 0), (1, 0, 0)]


def test_nothing_has_no_nodes() -> None:
    assert _paths({}) == PathsResult(total=0)


def test_a_path_goes_on_beyond_the_last_step() -> None:
    result = _paths({"maxSteps": 2}, _visit("a 0, b 1, c 2"), _visit("a 0, b 1", user="ben"))

    assert _nodes(result) == [(0, "a", 2), (1, "b", 2)]
    assert _left(result) == [(0, 0, 0), (1, 1, 0)]


def test_five_steps_unless_told() -> None:
    assert len(_paths({}, _visit("a 0, b 1, c 2, d 3, e 4, f 5")).nodes) == 5


def test_events_without_a_person_or_session_are_in_no_session() -> None:
    assert _paths({}, _visit("a 0", user=""), _visit("a 0", session="")).total == 0


def test_events_of_nobody_are_in_no_path() -> None:
    assert _paths(USERS, _visit("a 0", user=""), _visit("a 0", session="")).total == 1


def test_a_session_that_begins_in_the_range_counts_whole() -> None:
    over = _visit("a 43199, b 43201")  # until after midnight
    before = _visit("a -43201, b 0", user="ben")

    assert _nodes(_paths({}, over, before)) == [(0, "a", 1), (1, "b", 1)]


def test_a_session_begins_with_its_first_event_of_any_kind() -> None:
    plan = {"filters": [{"property": "p", "operator": "OPERATOR_EQUALS", "value": "x"}]}

    assert _paths({}, _visit("a -43201"), _visit("b 0", p="x"), spec=plan).total == 0
    assert _nodes(_paths({}, _visit("a -1"), _visit("b 0", p="x"), spec=plan)) == [(0, "b", 1)]


def test_users_are_cut_where_the_pause_is_longer_than_the_gap() -> None:
    result = _paths(USERS, _visit("a 0, b 1800, c 3600.001"))

    assert result.total == 2
    assert _nodes(result) == [(0, "a", 1), (0, "c", 1), (1, "b", 1)]
    assert _paths({**USERS, "gap": "1800.001s"}, _visit("a 0, b 1800, c 3600.001")).total == 1


def test_the_gap_is_between_events_that_are_nodes() -> None:
    events = [*_visit("a 0, b 3000", p="x"), *_visit("c 1500")]

    assert _paths(USERS, events).total == 1
    assert _paths({**USERS, "nodeProperty": "p"}, events).total == 2


def test_users_have_no_events_outside_the_range() -> None:
    assert _nodes(_paths(USERS, _visit("a -43201, b -43200, c 43199, d 43200"))) == [(0, "b", 1), (0, "c", 1)]


def test_users_go_on_in_another_session() -> None:
    assert _paths(USERS, _visit("a 0"), _visit("b 1", session="t")).total == 1


def test_from_the_first_start_event() -> None:
    result = _paths(FROM_A, _visit("b 0, a 1, c 2, a 3"), _visit("b 0", user="ben"))

    assert result.total == 1
    assert _nodes(result) == [(0, "a", 1), (1, "c", 1), (2, "a", 1)]


def test_up_to_the_first_end_event_which_is_the_last_step() -> None:
    result = _paths({**TO_Z, "maxSteps": 3}, _visit("a 0, b 1, c 2, z 3, z 4"), _visit("z 0", user="ben"))

    assert result.total == 2
    assert _nodes(result) == [(0, "b", 1), (1, "c", 1), (2, "z", 2)]
    assert _links(result) == [(0, "b", "c", 1), (1, "c", "z", 1)]
    assert _left(result) == [(0, 0, 0), (0, 0, 0), (0, 0, 2)]


def test_nodes_of_a_property_are_typed_and_leave_events_without_it_out() -> None:
    values: list[Json] = [1.0, "1", True, None, "", [1.0]]
    mixed = [_visit(f"a {at}", p=value) for at, value in enumerate(values)]

    result = _paths({"nodeProperty": "p"}, *mixed)

    assert [content(node.node) for node in result.nodes] == [1.0, "1", True, "[1]"]


def test_a_start_event_without_the_property_starts_nothing() -> None:
    events = [*_visit("a 0"), *_visit("b 1", p="x"), *_visit("a 2", p="y")]

    assert _nodes(_paths({**FROM_A, "nodeProperty": "p"}, events)) == [(0, "y", 1)]


def test_repeats_are_collapsed_after_the_cut_and_before_steps_are_counted() -> None:
    events = [*_visit("b 0, a 1", p="x"), *_visit("a 2, a 3, b 4, a 5", p="y")]
    start = {
        "startEvent": {
            "name": "a",
            "filters": [{"property": "p", "operator": "OPERATOR_EQUALS", "value": "y"}],
        }
    }

    kept = _paths({**start, "maxSteps": 2}, events)
    collapsed = _paths({**start, "maxSteps": 3, "collapseRepeats": True}, events)

    assert _nodes(kept) == [(0, "a", 1), (1, "a", 1)]
    assert _nodes(collapsed) == [(0, "a", 1), (1, "b", 1), (2, "a", 1)]
    assert _left(collapsed)[-1] == (1, 0, 0)


def test_equal_times_are_in_the_order_of_their_nodes() -> None:
    assert _nodes(_paths({}, _visit("b 0, a 0, c 0"))) == [(0, "a", 1), (1, "b", 1), (2, "c", 1)]


def test_of_equal_times_and_nodes_the_start_or_end_event_is_first() -> None:
    events = [*_visit("a 0", p="x"), *_visit("a 0", p="y")]
    of_y = {"name": "a", "filters": [{"property": "p", "operator": "OPERATOR_EQUALS", "value": "y"}]}

    assert len(_paths({"startEvent": of_y}, events).nodes) == 2
    assert len(_paths({"endEvent": of_y}, events).nodes) == 1


def test_each_step_keeps_its_own_nodes_and_an_exact_other() -> None:
    people = [
        _visit(deeds, user=str(at))
        for at, deeds in enumerate(("a 0, x 1", "a 0, y 1", "b 0, y 1", "c 0, y 1"))
    ]

    result = _paths({"maxNodes": 1}, *people)

    assert _nodes(result) == [(0, "a", 2), (0, "other", 2), (1, "y", 3), (1, "other", 1)]
    assert _links(result) == [(0, "a", "y", 1), (0, "a", "other", 1), (0, "other", "y", 2)]


def test_of_equally_frequent_nodes_the_smallest_value_is_kept() -> None:
    values: list[Json] = ["b", "a", 7.0]
    people = [_visit("a 0", user=str(at), p=value) for at, value in enumerate(values)]

    result = _paths({"maxNodes": 2, "nodeProperty": "p"}, *people)

    assert [content(node.node) for node in result.nodes] == [7.0, "a", "other"]


def test_an_event_later_than_now_is_in_no_path() -> None:
    spec = {"visualization": "VISUALIZATION_PATHS"}

    assert _nodes(ask(spec, *_visit("a 0, b 60"), now=clock(59)).paths) == [(0, "a", 1)]


@settings(max_examples=60)
@given(data=st.data())
def test_whoever_comes_to_a_node_is_accounted_for(data: st.DataObject) -> None:
    world = data.draw(funnel_worlds(all_have_ids=True))
    spec = data.draw(path_specs(world, first_time=True))

    result = answer(spec, stored(world.events, world.now), now=world.now, timezone=world.timezone).paths

    account_for_all(spec, result)
