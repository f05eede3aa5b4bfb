"""The rules of funnels: the field that each names, its code, and a remedy."""

from typing import Any

import pytest

from eventglass.spec.validation import violations_of_request
from tests.unit.asked import MAY, only_violation, request_of

HOURS = {"granularity": "GRANULARITY_HOUR"}
BY_A = {"property": "a"}
FUNNEL = {"visualization": "VISUALIZATION_FUNNEL"}
STEPS = [{"name": "a"}, {"name": "b"}, {"name": "c"}]


def _funnel(steps: list[dict[str, Any]] | None = None, **options: Any) -> dict[str, Any]:
    given = {"events": STEPS if steps is None else steps, **FUNNEL}
    return {**given, "funnel": options} if options else given


def _excluding(**exclusion: Any) -> dict[str, Any]:
    return _funnel(exclusions=[{"event": {"name": "x"}, **exclusion}])


OPTIONAL: list[dict[str, Any]] = [{"name": "a"}, {"name": "b", "optional": True}, {"name": "c"}]
EXCLUSION = "query.funnel.exclusions[0]"
STRICT = "FUNNEL_ORDER_STRICT"

CASES: list[tuple[dict[str, Any], str, str]] = [
    (_funnel([]), "query.events", "OUT_OF_RANGE"),
    (_funnel([{}] * 31), "query.events", "OUT_OF_RANGE"),
    ({**_funnel(), "conversionWindow": "0s"}, "query.conversion_window", "OUT_OF_RANGE"),
    ({**_funnel(), "conversionWindow": "-5s"}, "query.conversion_window", "OUT_OF_RANGE"),
    ({**_funnel(), "conversionWindow": "12622780800s"}, "query.conversion_window", "OUT_OF_RANGE"),
    ({**_funnel(), "conversionWindow": "0.0001s"}, "query.conversion_window", "TOO_FINE"),
    (_funnel([{}, {"within": "0s"}]), "query.events[1].within", "OUT_OF_RANGE"),
    (_funnel([{"within": "5s"}, {}]), "query.events[0].within", "UNUSED_FIELD"),
    (_funnel([{"optional": True}, {}]), "query.events[0].optional", "NOT_OPTIONAL"),
    (_funnel([{}, {"optional": True}]), "query.events[1].optional", "NOT_OPTIONAL"),
    (_funnel(OPTIONAL, order="FUNNEL_ORDER_UNORDERED"), "query.events[1].optional", "UNUSED_FIELD"),
    (_funnel([{}, {"within": "5s"}], order=STRICT), "query.events[1].within", "UNUSED_FIELD"),
    (
        _funnel([{}, {"aggregation": "AGGREGATION_COUNT"}]),
        "query.events[1].aggregation",
        "UNUSED_FIELD",
    ),
    (_funnel(exclusions=[{}]), f"{EXCLUSION}.event", "REQUIRED"),
    (_excluding(event={"name": "x", "label": "y"}), f"{EXCLUSION}.event.label", "UNUSED_FIELD"),
    (_excluding(fromStep=4), f"{EXCLUSION}.from_step", "NO_SUCH_STEP"),
    (_excluding(toStep=-1), f"{EXCLUSION}.to_step", "NO_SUCH_STEP"),
    (_excluding(fromStep=2, toStep=2), f"{EXCLUSION}.to_step", "NOT_AFTER_FROM_STEP"),
    (
        _funnel([{}], exclusions=[{"event": {"name": "x"}}]),
        f"{EXCLUSION}.to_step",
        "NOT_AFTER_FROM_STEP",
    ),
    (
        _funnel(OPTIONAL, exclusions=[{"event": {"name": "x"}, "toStep": 2}]),
        f"{EXCLUSION}.to_step",
        "NO_SUCH_STEP",
    ),
    (
        _funnel(exclusions=[{"event": {"name": "x", "optional": True}}]),
        f"{EXCLUSION}.event.optional",
        "UNUSED_FIELD",
    ),
    (
        _funnel(exclusions=[{"event": {"filters": [{"operator": "OPERATOR_IS_SET"}]}}]),
        f"{EXCLUSION}.event.filters[0].property",
        "REQUIRED",
    ),
    (_funnel(exclusions=[{"event": {"name": "x"}}] * 11), "query.funnel.exclusions", "TOO_MANY"),
    (_funnel(holdConstant=["a"], order=STRICT), "query.funnel.hold_constant", "UNUSED_FIELD"),
    (_funnel(holdConstant=["a", "a"]), "query.funnel.hold_constant[1]", "DUPLICATE"),
    (_funnel(holdConstant=[""]), "query.funnel.hold_constant[0]", "REQUIRED"),
    (_funnel(holdConstant=list("abcdef")), "query.funnel.hold_constant", "TOO_MANY"),
    (
        _funnel(attribution="FUNNEL_ATTRIBUTION_LAST_STEP"),
        "query.funnel.attribution",
        "UNUSED_FIELD",
    ),
    (
        {**_funnel(attribution="FUNNEL_ATTRIBUTION_STEP"), "breakdown": BY_A},
        "query.funnel.attribution_step",
        "NO_SUCH_STEP",
    ),
    ({**_funnel(attributionStep=2), "breakdown": BY_A}, "query.funnel.attribution_step", "UNUSED_FIELD"),
    ({**_funnel(), "formula": "A"}, "query.formula", "UNUSED_FIELD"),
    ({**_funnel(), "retention": {"rolling": True}}, "query.retention", "UNUSED_FIELD"),
    (
        {**_funnel(trend=True), **HOURS, "timeRange": {**MAY, "end": "2036-05-01T00:00:00Z"}},
        "query.granularity",
        "TOO_MANY_POINTS",
    ),
]


@pytest.mark.parametrize(("change", "field", "code"), CASES)
def test_wrong_funnels_name_field_and_remedy(change: dict[str, Any], field: str, code: str) -> None:
    found = only_violation(change)

    assert (found.field, found.code) == (field, code)


@pytest.mark.parametrize(
    "change",
    [
        _funnel(),
        _funnel([{}] * 30),
        {**_funnel(), "conversionWindow": "31622400s"},
        _funnel(OPTIONAL, exclusions=[{"event": {"name": "x"}}]),
        {**_funnel(attribution="FUNNEL_ATTRIBUTION_STEP", attributionStep=3), "breakdown": BY_A},
    ],
)
def test_right_funnels_pass(change: dict[str, Any]) -> None:
    assert violations_of_request(request_of(change)) == []
