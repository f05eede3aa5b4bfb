"""Whose value a funnel's breakdown has where several events have one time and match the same steps."""

from itertools import pairwise
from typing import Any

import pytest

from eventglass.engine.engine import Engine
from eventglass.ingest.writer import Writer
from tests.insights.asking import IN_ORDER, ask, did, store, value_of

FUNNEL: dict[str, Any] = {
    "visualization": "VISUALIZATION_FUNNEL",
    "events": [{"name": "a"}, {"name": "b"}],
    "breakdown": {"property": "p", "thenBy": ["q"], "limit": 100},
}
TWICE = [{"name": "a"}, {"name": "a"}, {"name": "b"}]
# Ways of the statement, each with which of two equal events counts.
WAYS: dict[str, tuple[dict[str, Any], int]] = {
    "deepest": ({}, 0),
    "optional": ({"events": [{"name": "a"}, {"name": "x", "optional": True}, {"name": "b"}]}, 0),
    "within": ({"events": [{"name": "a"}, {"name": "b", "within": "60s"}]}, 0),
    "overlapping": ({"events": [{"name": "a"}, {}]}, 0),
    "exclusion": ({"funnel": {"exclusions": [{"event": {"name": "x"}}]}}, 0),
    "trend": ({"funnel": {"trend": True}}, 0),
    "unordered": ({"funnel": {"order": "FUNNEL_ORDER_UNORDERED"}}, 0),
    # The first one begins an attempt that the second one breaks.
    "strict": ({"funnel": {"order": "FUNNEL_ORDER_STRICT"}}, 1),
    # Two steps take both.
    "second": (
        {"events": [{"name": "a"}, {"name": "a"}, {"name": "b"}], "funnel": {"attributionStep": 2}},
        1,
    ),
    # The first one's attempt has an exclusion between its second and third step.
    "later": (
        {
            "events": TWICE,
            "funnel": {"exclusions": [{"event": {"name": "x"}, "fromStep": 2, "toStep": 3}]},
        },
        1,
    ),
}


@pytest.mark.parametrize(("way", "counts"), WAYS.values(), ids=WAYS)
async def test_of_equal_events_the_value_of_the_one_that_serves_counts(
    way: dict[str, Any], counts: int, engine: Engine, writer: Writer, project_id: str
) -> None:
    """Each pair of values is a person's."""
    pairs = list(enumerate(pairwise(IN_ORDER)))
    events = [did("a", 5, user=f"{of}", p=value, q="\0") for of, pair in pairs for value in reversed(pair)]
    events += [did("b", 10, user=f"{of}", p="no") for of, _ in pairs]
    if "exclusions" in way.get("funnel", {}):
        then = [("x", 4 if len(way) == 1 else 6), ("a", 8)]
        events += [did(name, at, user=f"{of}", p="no") for of, _ in pairs for name, at in then]
    await store(writer, project_id, events)
    options = way.get("funnel", {})
    step = {"attribution": "FUNNEL_ATTRIBUTION_STEP"} if "attributionStep" in options else {}

    funnel = (await ask(engine, project_id, {**FUNNEL, **way, "funnel": {**options, **step}})).funnel

    found = [[value_of(of) for of in each.dimensions] for each in funnel.breakdowns]
    assert found == [[pair[counts], "\0"] for _, pair in pairs]
    assert {(each.steps[0].count, each.steps[-1].count) for each in funnel.breakdowns} == {(1, 1)}
