"""Which event is a funnel's first or last touch, each nasty way of telling as a case."""

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
ATTRIBUTIONS = {"FUNNEL_ATTRIBUTION_FIRST_TOUCH": 1, "FUNNEL_ATTRIBUTION_LAST_TOUCH": -1}
# The same answer by all the ways of the statement.
WAYS: dict[str, dict[str, Any]] = {
    "deepest": {},
    "optional": {"events": [{"name": "a"}, {"name": "x", "optional": True}, {"name": "b"}]},
    "overlapping": {"events": [{"name": "a"}, {}]},
    "exclusion": {"funnel": {"exclusions": [{"event": {"name": "x"}}]}},
    "trend": {"funnel": {"trend": True}},
    "strict": {"funnel": {"order": "FUNNEL_ORDER_STRICT"}},
    "unordered": {"funnel": {"order": "FUNNEL_ORDER_UNORDERED"}},
    "hold": {"funnel": {"holdConstant": ["h"]}},
}


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_of_touches_in_one_millisecond_the_smallest_value_counts(
    way: dict[str, Any], attribution: str, engine: Engine, writer: Writer, project_id: str
) -> None:
    """Each pair of values is a person's, and what has none of them comes before and after."""
    pairs = list(enumerate(pairwise(IN_ORDER[1:])))
    sign = ATTRIBUTIONS[attribution]
    events = [
        did("a", 5, user=f"{of}", p=value, q="\0", h=number)
        for of, pair in pairs
        for number, value in enumerate(reversed(pair))
    ]
    for of, _ in pairs:
        events += [did("a", at, user=f"{of}", h=0) for at in (1, 9)]
        events += [did("a", 5 + sign, user=f"{of}", p="", q="later", h=0), did("b", 10, user=f"{of}", h=0)]
    events += [did(name, at, user="none", h=0) for at, name in enumerate("ab")]
    await store(writer, project_id, events)
    spec = {**FUNNEL, **way, "funnel": {**way.get("funnel", {}), "attribution": attribution}}

    funnel = (await ask(engine, project_id, spec)).funnel

    found = [[value_of(of) for of in each.dimensions] for each in funnel.breakdowns]
    assert found == [["", ""], *([smaller, "\0"] for _, (smaller, _) in pairs)]
    assert {(each.steps[0].count, each.steps[-1].count) for each in funnel.breakdowns} == {(1, 1)}


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_a_touch_that_buckets_make_missing_is_as_good_as_none(
    way: dict[str, Any], attribution: str, engine: Engine, writer: Writer, project_id: str
) -> None:
    events = [did("a", 0, user="text", p="no number", h=0), did("a", 0, user="none", h=0)]
    await store(writer, project_id, [*events, *(did("b", 1, user=user, h=0) for user in ("text", "none"))])
    spec = {**FUNNEL, **way, "funnel": {**way.get("funnel", {}), "attribution": attribution}}

    for breakdown in ({"property": "p"}, {"property": "p", "thenBy": ["q"]}):
        asked = {**spec, "breakdown": {**breakdown, "buckets": [5]}}
        (found,) = (await ask(engine, project_id, asked)).funnel.breakdowns

        assert all(of.is_missing for of in found.dimensions)
        assert (found.steps[0].count, found.steps[-1].count) == (2, 2)
