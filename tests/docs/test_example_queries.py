"""The example queries, posted as they stand: each answers in its shape, those about the shop with numbers."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.process import Serving
from tests.docs.pages import ROOT
from tests.patience import PATIENCE

QUERIES = sorted((ROOT / "examples" / "queries").glob("*.json"))
# The demo's data set is of this year; queries of other years are about callers' own events.
OF_SHOP = "2024-"
SERIES = "series"
SHAPES = {
    "VISUALIZATION_KPI": "kpis",
    "VISUALIZATION_TABLE": "rows",
    "VISUALIZATION_FUNNEL": "funnel",
    "VISUALIZATION_RETENTION": "retention",
    "VISUALIZATION_LIFECYCLE": "lifecycle",
    "VISUALIZATION_PATHS": "paths",
    "VISUALIZATION_STICKINESS": "stickiness",
    "VISUALIZATION_DISTRIBUTION": "distribution",
    "VISUALIZATION_HEATMAP": "heatmap",
}
# The members of answers that are numbers of events, persons, sessions or paths.
NUMBERS = {"value", "count", "size", "newUsers"}


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_an_example_query(file: Path, demo_server: Serving) -> None:
    headers = {
        "authorization": f"Bearer {demo_server.key}",
        "x-project-id": "demo",
        "content-type": "application/json",
    }
    query = json.loads(file.read_text("utf-8"))["query"]

    url = f"{demo_server.url}/insights.v1.InsightsService/Query"
    reply = httpx.post(url, content=file.read_bytes(), headers=headers, timeout=PATIENCE)

    assert reply.status_code == 200, reply.text
    answer = reply.json()
    shape = SHAPES.get(query.get("visualization", ""), SERIES)
    assert {each for each in (SERIES, *SHAPES.values()) if answer.get(each)} <= {shape}
    assert shape in answer
    if query["timeRange"]["start"].startswith(OF_SHOP):
        assert any(_numbers(answer[shape]))


def test_every_shape_has_an_example_about_the_shop() -> None:
    queries = [json.loads(file.read_text("utf-8"))["query"] for file in QUERIES]

    asked = {
        SHAPES.get(query.get("visualization", ""), SERIES)
        for query in queries
        if query["timeRange"]["start"].startswith(OF_SHOP)
    }

    assert asked == {SERIES, *SHAPES.values()}


def _numbers(found: object) -> Iterator[float]:
    """Find all numbers of an answer, wherever they stand."""
    if isinstance(found, list):
        for each in found:
            yield from _numbers(each)
    elif isinstance(found, dict):
        for name, each in found.items():
            if name in NUMBERS and isinstance(each, (int, float)):
                yield each
            else:
                yield from _numbers(each)
