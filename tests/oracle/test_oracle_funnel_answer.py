"""Hand-made cases of semantics 11.14, 11.15 and 11.18: rates, times and trends."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.v1.funnel_pb2 import FunnelResult
from insights.v1.query_service_pb2 import QueryResponse
from tests.oracle.answer import answer
from tests.oracle.building import ms
from tests.oracle.compare import differences
from tests.oracle.funnel_building import HALF_A_DAY, Steps, clock, counts, did, funnel
from tests.oracle.funnel_specs import funnel_specs
from tests.oracle.funnel_steps import duration
from tests.oracle.funnel_worlds import funnel_worlds
from tests.oracle.history import StoredEvent, milliseconds, stored


def _crowd(deeds: str, number: int, prefix: str) -> list[StoredEvent]:
    return [event for at in range(number) for event in did(deeds, user=f"{prefix}{at}")]


def test_rates_of_1000_650_120() -> None:
    people = (
        _crowd("a 0, b 1, c 2", 120, "deep"),
        _crowd("a 0, b 1", 530, "half"),
        _crowd("a 0", 350, "short"),
    )

    result = funnel("a b c", *people)

    assert counts(result) == [1000, 650, 120]
    assert [step.conversion_rate for step in result.steps] == [1, 0.65, 0.12]
    assert not result.steps[0].HasField("step_conversion_rate")
    assert [step.step_conversion_rate for step in result.steps[1:]] == [0.65, 120 / 650]
    assert result.overall_conversion_rate == 0.12


def test_rates_of_nobody_are_absent() -> None:
    result = funnel("a b", did("b 0"))

    assert not result.HasField("overall_conversion_rate")
    for step in result.steps:
        assert not step.HasField("conversion_rate")
        assert not step.HasField("step_conversion_rate")
        assert not step.HasField("average_time")
    assert [bin_.count for bin_ in result.steps[1].histogram] == [0] * 12


def test_a_step_that_nobody_could_reach_has_no_step_rate() -> None:
    result = funnel("a b c", did("a 0"))

    assert result.steps[1].step_conversion_rate == 0
    assert result.steps[1].HasField("step_conversion_rate")
    assert not result.steps[2].HasField("step_conversion_rate")
    assert result.steps[2].conversion_rate == 0


def test_a_funnel_of_one_step() -> None:
    result = funnel("a", did("a 0, a 1"))

    assert counts(result) == [1]
    assert result.overall_conversion_rate == 1
    assert not result.steps[0].histogram


def test_labels_of_steps() -> None:
    steps: Steps = [{"name": "a", "label": "Anfang"}, {"name": "b"}, {}]

    assert [step.event for step in funnel(steps).steps] == ["Anfang", "b", "any event"]


def test_times_are_of_the_counted_attempts_zero_included() -> None:
    """0, 10, 20 and 40 seconds: interpolated at ranks 1.5, 2.7 and 2.85."""
    people = [did(f"a 0, b {at}", user=f"u{at}") for at in (0, 10, 20, 40)]

    step = funnel("a b", *people, did("a 0", user="never")).steps[1]

    assert step.average_time == duration(17_500)
    assert step.median_time == duration(15_000)
    assert step.p90_time == duration(34_000)
    assert step.p95_time == duration(37_000)


def test_the_histogram_has_half_open_bins_and_an_open_end() -> None:
    day = 86_400
    times = (
        0,
        29.999,
        30,
        120,
        300,
        900,
        3600,
        6 * 3600,
        day,
        3 * day,
        7 * day,
        14 * day,
        30 * day,
        31 * day,
    )
    people = [did(f"a 0, b {at}", user=f"u{at}") for at in times]

    first, second = funnel("a b", *people, spec={"conversionWindow": f"{366 * day}s"}).steps

    bins = second.histogram
    assert not first.histogram
    assert [bin_.start.ToSeconds() for bin_ in bins] == [0, 30, 120, 300, 900, 3600, 21600, *(
        days * day for days in (1, 3, 7, 14, 30)
    )]  # fmt: skip
    assert [bin_.end for bin_ in bins[:-1]] == [bin_.start for bin_ in bins[1:]]
    assert not bins[-1].HasField("end")
    assert [bin_.count for bin_ in bins] == [2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]


DAYS = {"timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-01-04T06:00:00Z"}}
TREND = {**DAYS, "conversionWindow": "36000s", "funnel": {"trend": True}}


def _trend(result: FunnelResult) -> list[tuple[float, float, str]]:
    return [(it.entered, it.converted, "p" if it.partial else "c") for it in result.trend]


def test_a_person_may_enter_in_several_buckets() -> None:
    """Anna begins on the first day and converts on the second, and begins there again in vain."""
    result = funnel("a b", did("a 36000, b 44000, a 50000"), did("a 0, b 1", user="ben"), spec=TREND)

    assert counts(result) == [2, 2]
    assert _trend(result) == [(2, 2, "c"), (1, 0, "c"), (0, 0, "c"), (0, 0, "p")]
    assert [point.HasField("conversion_rate") for point in result.trend] == [True, True, False, False]
    assert milliseconds(result.trend[0].timestamp) == ms("2024-01-01T00:00:00Z")


def test_a_bucket_is_partial_while_its_attempts_can_convert() -> None:
    """The first day ends at 43,200, its last window at 79,200; within the range it is the same here."""
    for now, expected in ((79_200, "cppp"), (79_199.999, "pppp")):
        result = funnel("a b", spec=TREND, now=clock(now))
        assert "".join(letter for *_, letter in _trend(result)) == expected


def test_within_the_range_nothing_converts_after_its_end() -> None:
    day = {"timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-01-02T00:00:00Z"}}
    spec = {**TREND, **day, "funnel": {"trend": True, "withinRange": True}}

    assert _trend(funnel("a b", spec=spec, now=clock(HALF_A_DAY))) == [(0, 0, "c")]
    assert _trend(funnel("a b", spec=spec, now=clock(HALF_A_DAY - 0.001))) == [(0, 0, "p")]


def test_exclusions_look_at_the_attempts_of_the_bucket_alone() -> None:
    """The first day's only attempt is hit; over all days the second's counts."""
    spec = {**TREND, "funnel": {"trend": True, "exclusions": [{"event": {"name": "x"}}]}}

    result = funnel("a b", did("a 0, x 1, b 2, a 50000, b 50001"), spec=spec)

    assert counts(result) == [1, 1]
    assert [entered for entered, *_ in _trend(result)] == [0, 1, 0, 0]


@pytest.mark.parametrize(
    ("expected", "actual", "different"), [(1000, 1000.5, False), (1000, 1000.6, True), (0, 1, True)]
)
def test_lengths_agree_to_the_millisecond(expected: float, actual: float, *, different: bool) -> None:
    first, second = QueryResponse(), QueryResponse()
    first.funnel.steps.add(event="b", average_time=duration(expected))
    second.funnel.steps.add(event="b", average_time=duration(actual))

    assert bool(differences(first, second)) == different


def test_compare_names_the_step_and_the_value() -> None:
    first, second = QueryResponse(), QueryResponse()
    for response, count in ((first, 1), (second, 2)):
        response.funnel.breakdowns.add().dimensions.add(text="x")
        response.funnel.breakdowns[0].steps.add(event="b", count=count)

    where = 'funnel.breakdowns[0](text: "x").steps[0](b).count'
    assert differences(first, second) == [f"{where}: expected 1.0, got 2.0"]


@settings(max_examples=60)
@given(data=st.data())
def test_all_funnels_add_up(data: st.DataObject) -> None:
    world = data.draw(funnel_worlds(all_have_ids=True))
    spec = data.draw(funnel_specs(world, first_time=True))
    events = stored(world.events, world.now)

    result = answer(spec, events, now=world.now, timezone=world.timezone).funnel

    required = [
        step.count for step, asked in zip(result.steps, spec.events, strict=True) if not asked.optional
    ]
    assert required == sorted(required, reverse=True)
    assert all(sum(bin_.count for bin_ in step.histogram) == step.count for step in result.steps[1:])
    assert all(0 <= step.conversion_rate <= 1 for step in result.steps)
    assert all(point.converted <= point.entered for point in result.trend)
    if spec.HasField("breakdown") and not spec.breakdown.hide_other:
        by_value = [[step.count for step in it.steps] for it in result.breakdowns]
        assert [sum(column) for column in zip(*by_value, strict=True)] == (counts(result) if by_value else [])
