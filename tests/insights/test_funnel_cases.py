"""What was once wrong with funnels, each as a case."""

from collections.abc import Sequence

import pytest

from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from eventglass.sql.funnel.packing import MOST_EVENTS
from events.v1.event_pb2 import Event
from insights.v1.query_service_pb2 import QueryResponse
from tests.insights.asking import ask, did, store
from tests.oracle.building import content
from tests.oracle.funnel_building import counts, counts_by_value


async def _funnel(
    engine: Engine, writer: Writer, project_id: str, happened: Sequence[Event], **spec: object
) -> QueryResponse:
    """Store events, and ask for the funnel a, b."""
    await store(writer, project_id, happened)
    steps = {"visualization": "VISUALIZATION_FUNNEL", "events": [{"name": "a"}, {"name": "b"}]}
    return await ask(engine, project_id, {**steps, **spec})


async def test_a_touch_may_have_a_value_that_is_in_no_range(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    """ "abc" is a value, so the event is the first touch; as a number it is missing."""
    events = [did("a", 0, p="abc"), did("b", 1, p=15.0)]

    response = await _funnel(
        engine,
        writer,
        project_id,
        events,
        breakdown={"property": "p", "buckets": [10, 20]},
        funnel={"attribution": "FUNNEL_ATTRIBUTION_FIRST_TOUCH"},
    )

    assert counts_by_value(response.funnel) == [("missing", [1, 1])]


async def test_a_touch_has_its_range(engine: Engine, writer: Writer, project_id: str) -> None:
    events = [did("a", 0), did("b", 1, p=15.0), did("b", 1, p=5.0)]

    response = await _funnel(
        engine,
        writer,
        project_id,
        events,
        breakdown={"property": "p", "buckets": [10, 20]},
        funnel={"attribution": "FUNNEL_ATTRIBUTION_FIRST_TOUCH"},
    )

    assert counts_by_value(response.funnel) == [((None, 10.0), [1, 1])]


async def test_attempts_of_other_held_values_compare_by_the_breakdown_before_the_held_value(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    """Both are at the same time and of the same step: "x" comes before "y", whatever is held."""
    events = [did("a", 0, p="x", held="2"), did("a", 0, p="y", held="1")]

    response = await _funnel(
        engine,
        writer,
        project_id,
        events,
        breakdown={"property": "p"},
        funnel={"holdConstant": ["held"]},
    )

    assert counts_by_value(response.funnel) == [("x", [1, 0])]


async def test_a_strict_funnel_says_what_it_cuts_off(engine: Engine, writer: Writer, project_id: str) -> None:
    """Ten events too many of any kind push the steps of one person out of a strict funnel alone."""
    many = [did("x", at) for at in range(MOST_EVENTS + 8)]
    events = [*many, did("a", MOST_EVENTS + 8), did("b", MOST_EVENTS + 9), did("a", 0, user="bert")]

    strict = await _funnel(engine, writer, project_id, events, funnel={"order": "FUNNEL_ORDER_STRICT"})
    ordered = await _funnel(engine, writer, project_id, [])

    assert counts(strict.funnel) == [1, 0]
    (truncation,) = strict.metadata.truncations
    assert (truncation.reason, truncation.kept, truncation.total) == (
        "FUNNEL_EVENTS",
        MOST_EVENTS,
        MOST_EVENTS + 10,
    )
    assert counts(ordered.funnel) == [2, 1]
    assert not ordered.metadata.truncations


async def test_an_ordered_funnel_cuts_off_steps(engine: Engine, writer: Writer, project_id: str) -> None:
    events = [*(did("a", at) for at in range(MOST_EVENTS + 1)), did("b", MOST_EVENTS + 1)]

    response = await _funnel(engine, writer, project_id, events)

    assert counts(response.funnel) == [1, 0]
    assert [it.total for it in response.metadata.truncations] == [MOST_EVENTS + 2]


async def test_what_was_left_out_is_told_of_who_did_not_begin(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    """The step that begins may be among the events that were not looked at."""
    events = [*(did("b", at) for at in range(MOST_EVENTS)), did("a", MOST_EVENTS), did("b", 0, user="bert")]

    response = await _funnel(engine, writer, project_id, events)

    assert counts(response.funnel) == [0, 0]
    assert [it.total for it in response.metadata.truncations] == [MOST_EVENTS + 1]


async def test_a_repeated_step_may_be_the_last_event(engine: Engine, writer: Writer, project_id: str) -> None:
    """It begins an attempt, and serves no second step of it."""
    events = [did("a", 1), *(did("a", at, user="bert") for at in (1, 1, 2))]

    response = await _funnel(
        engine, writer, project_id, events, events=[{"name": "a"}, {"name": "a"}, {"name": "a"}]
    )

    assert counts(response.funnel) == [2, 1, 1]
    assert [step.average_time.ToMilliseconds() for step in response.funnel.steps] == [0, 0, 1]


async def test_a_robot_may_do_what_is_excluded_as_often_as_it_begins(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    """To look at all that is excluded for each attempt would take more memory than there is."""
    robot = [did("ax"[at % 2], at) for at in range(40_000)]
    events = [*robot, did("a", 0, user="bert"), did("b", 1, user="bert")]

    response = await _funnel(
        engine, writer, project_id, events, funnel={"exclusions": [{"event": {"name": "x"}}]}
    )

    assert counts(response.funnel) == [1, 1]


@pytest.mark.parametrize(
    "asked",
    [
        {"events": [{"name": "a"}, {"name": "b", "within": "0.005s"}]},
        {
            "events": [{"name": "a"}, {}],
            "funnel": {"order": "FUNNEL_ORDER_UNORDERED"},
            "conversionWindow": "0.01s",
        },
    ],
    ids=["within", "unordered"],
)
async def test_a_robot_costs_what_is_in_its_windows_where_each_attempt_is_looked_at(
    engine: Engine, writer: Writer, project_id: str, asked: dict[str, object]
) -> None:
    """To look through all of its events for each attempt would take more memory than there is."""
    robot = [did("ax"[at % 2], at) for at in range(40_000)]
    events = [*robot, did("a", 0, user="bert"), did("b", 1, user="bert")]

    response = await _funnel(engine, writer, project_id, events, **asked)

    begun, done = counts(response.funnel)
    assert (begun, done) == (2, 2 if "funnel" in asked else 1)


async def test_an_optional_step_does_not_decide_which_held_value_counts(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    """Attempts are made of required steps alone, so these two are equal, and "5" comes before "free"."""
    events = [did("a", 0, plan="free"), did("a", 0, plan="5"), did("b", 1, plan="5")]

    response = await _funnel(
        engine,
        writer,
        project_id,
        events,
        events=_WITH_OPTIONAL,
        funnel={"holdConstant": ["plan"]},
    )

    assert counts(response.funnel) == [1, 1, 0]


async def test_nobody_is_in_an_empty_funnel(engine: Engine, writer: Writer, project_id: str) -> None:
    response = await _funnel(engine, writer, project_id, [])

    assert counts(response.funnel) == [0, 0]
    assert not response.metadata.truncations


_WITH_OPTIONAL = [{"name": "a"}, {"name": "b", "optional": True}, {"name": "c"}]
_FROM_NOON = {"start": "2026-05-01T12:00:00Z", "end": "2026-05-02T00:00:00Z"}


async def test_an_attempt_may_begin_in_the_first_millisecond_of_the_range(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    events = [did("a", 0), did("c", 5), did("a", 0, user="bert")]

    response = await _funnel(engine, writer, project_id, events, events=_WITH_OPTIONAL, timeRange=_FROM_NOON)

    assert counts(response.funnel) == [2, 0, 1]
    assert response.funnel.steps[2].average_time.ToMilliseconds() == 5


async def test_an_optional_step_may_share_the_millisecond_of_the_next_one(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    events = [did("a", 1), did("b", 5), did("c", 5)]

    response = await _funnel(engine, writer, project_id, events, events=_WITH_OPTIONAL)

    assert counts(response.funnel) == [1, 1, 1]
    assert [step.average_time.ToMilliseconds() for step in response.funnel.steps] == [0, 4, 4]


async def test_the_range_may_end_long_after_its_last_event(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    """So long that its end does not fit into the bits that the events need."""
    steps = [{"name": f"s{at}"} for at in range(30)]
    day = 86_400_000
    events = [did(f"s{at}", day * 59 + at) for at in range(30)]

    response = await _funnel(
        engine,
        writer,
        project_id,
        events,
        events=steps,
        timeRange={"start": "2026-05-01T00:00:00Z", "end": "2026-11-16T00:00:00Z"},
    )

    assert counts(response.funnel) == [1] * 30


async def test_a_window_may_end_where_no_event_can_be(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    """Of 30 steps and 95 days an event fits into 63 bits, but not what is a window of 30 days later."""
    steps = [{"name": f"s{at}"} for at in range(30)]
    day = 86_400_000
    events = [
        did("s4", 36 * day, user="u"),
        did("s1", 36 * day + day // 2, user="u"),
        did("s0", 37 * day, user="u"),
        did("s0", 36 * day, user="v"),
        did("s1", 37 * day, user="v"),
    ]

    response = await _funnel(
        engine,
        writer,
        project_id,
        events,
        events=steps,
        timeRange={"start": "2026-03-28T00:00:00Z", "end": "2026-07-01T00:00:00Z"},
        conversionWindow="2592000s",
    )

    assert counts(response.funnel) == [2, 1] + [0] * 28


async def test_values_that_are_looked_up_are_what_was_stored(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    """Texts with zero bytes, numbers below 0 and nothing at all, in two dimensions of the last step."""
    values = [("x\0", "\0\0y"), (-1.5, 0.0), (True, "3"), (None, ""), ([1.0, "a"], 1e300)]
    events = []
    for number, (one, two) in enumerate(values):
        told = {"p": one, "q": two} if one is not None else {"q": two}
        events += [did("a", 0, user=str(number)), did("b", 1, user=str(number), **told)]

    response = await _funnel(
        engine,
        writer,
        project_id,
        events,
        breakdown={"property": "p", "thenBy": ["q"]},
        funnel={"attribution": "FUNNEL_ATTRIBUTION_LAST_STEP"},
    )

    found = [[content(each) for each in value.dimensions] for value in response.funnel.breakdowns]
    assert found == [
        ["missing", "missing"],
        [True, "3"],
        [-1.5, 0.0],
        ['[1,"a"]', 1e300],
        ["x\0", "\0\0y"],
    ]


_ANY, _BIG = {"name": "a"}, {"name": "a", "filters": [{"property": "big", "operator": "OPERATOR_IS_TRUE"}]}


async def test_a_window_ends_where_it_ends_whatever_steps_its_start_matches(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    """The start matches all steps, what comes after it only two: of one time the start would stand later."""
    window = 1000
    steps = [_ANY, _BIG, _ANY]
    in_time = [did("a", 0, big=True), did("a", 1, big=True), did("a", window)]
    too_late = [
        did("a", 0, user="bert", big=True),
        did("a", 1, user="bert", big=True),
        did("a", window + 1, user="bert"),
    ]

    response = await _funnel(
        engine, writer, project_id, [*in_time, *too_late], events=steps, conversionWindow="1s"
    )

    assert counts(response.funnel) == [2, 2, 1]


async def test_of_equal_steps_of_one_millisecond_the_second_has_the_second_value(
    engine: Engine, writer: Writer, project_id: str
) -> None:
    events = [did("a", 5, p="y"), did("a", 5, p="x"), did("b", 5, p="w")]
    steps = {"events": [{"name": "a"}, {"name": "a"}, {"name": "b"}], "breakdown": {"property": "p"}}

    first, second = [
        await _funnel(engine, writer, project_id, events, **steps),
        await _funnel(
            engine,
            writer,
            f"{project_id}-2",
            events,
            **steps,
            funnel={"attribution": "FUNNEL_ATTRIBUTION_STEP", "attributionStep": 2},
        ),
    ]

    assert counts_by_value(first.funnel) == [("x", [1, 1, 1])]
    assert counts_by_value(second.funnel) == [("y", [1, 1, 1])]
