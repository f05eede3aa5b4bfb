"""The example queries, posted as they stand: each answers in its shape."""

import json
from pathlib import Path

import httpx
import pytest

from tests.cli.process import Serving
from tests.docs.pages import ROOT

QUERIES = sorted((ROOT / "examples" / "queries").glob("*.json"))
SHAPES = {
    "VISUALIZATION_FUNNEL": "funnel",
    "VISUALIZATION_RETENTION": "retention",
    "VISUALIZATION_LIFECYCLE": "lifecycle",
    "VISUALIZATION_PATHS": "paths",
    "VISUALIZATION_STICKINESS": "stickiness",
    "VISUALIZATION_DISTRIBUTION": "distribution",
    "VISUALIZATION_HEATMAP": "heatmap",
}


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_an_example_query(file: Path, demo_server: Serving) -> None:
    headers = {
        "authorization": f"Bearer {demo_server.key}",
        "x-project-id": "demo",
        "content-type": "application/json",
    }

    url = f"{demo_server.url}/insights.v1.InsightsService/Query"
    reply = httpx.post(url, content=file.read_bytes(), headers=headers)

    assert reply.status_code == 200, reply.text
    shape = SHAPES.get(json.loads(file.read_text("utf-8"))["query"].get("visualization", ""), "series")
    assert shape in reply.json()
