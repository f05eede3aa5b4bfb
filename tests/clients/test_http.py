"""The examples, by plain HTTP."""

import json

import httpx
import pytest

from tests.clients.examples import EXPECTED, points_of
from tests.patience import PATIENCE
from tests.wire.callers import QUERY
from tests.wire.servers import Demo


@pytest.mark.parametrize("example", EXPECTED, ids=["active users", "revenue"])
async def test_an_example_as_it_stands(demo: Demo, example: str) -> None:
    async with httpx.AsyncClient(base_url=demo.url, headers=demo.headers, timeout=PATIENCE) as client:
        answer = await client.post(QUERY, content=example, headers={"content-type": "application/json"})

    assert answer.status_code == 200, answer.text
    assert points_of(json.loads(answer.text)) == EXPECTED[example]
