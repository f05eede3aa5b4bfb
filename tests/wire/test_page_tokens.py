"""Pages of every kind: their tokens are good for the project that they are of."""

from pathlib import Path
from typing import Any

import httpx

from eventglass.catalog.project import Access
from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.writer import Writer
from tests.in_process import serving_in_process
from tests.patience import PATIENCE

TABLE = {
    "timeRange": {"start": "2026-05-01T00:00:00Z", "end": "2026-05-02T00:00:00Z"},
    "visualization": "VISUALIZATION_TABLE",
    "breakdown": {"property": "k"},
    "pageSize": 1,
}
EVENTS = [
    {"name": "a", "userId": user, "timestamp": "2026-05-01T08:00:00Z", "properties": {"k": user}}
    for user in ("ann", "ben")
]
FIRST_PAGES: dict[str, dict[str, Any]] = {
    "/insights.v1.InsightsService/Query": {"query": TABLE},
    "/events.v1.EventsService/List": {"pageSize": 1},
    "/profiles.v1.ProfilesService/List": {"pageSize": 1},
    "/audiences.v1.AudiencesService/List": {"pageSize": 1},
}


async def test_a_token_of_another_project_is_refused(
    engine: Pool, writer: Writer, register: Register, tmp_path: Path, project_id: str
) -> None:
    """It was taken, and with it what the other project's first page had looked at."""
    async with serving_in_process(engine, writer, register, tmp_path) as server:
        whose = []
        for project in (f"{project_id}-a", f"{project_id}-b"):
            server.create_project(project)
            headers = server.headers(project, Access.READ, Access.WRITE)
            whose.append(httpx.AsyncClient(base_url=server.url, headers=headers, timeout=PATIENCE))
        async with whose[0] as one, whose[1] as other:
            await _fill(one)
            await _fill(other)
            for path, first in FIRST_PAGES.items():
                token = (await other.post(path, json=first)).json()["nextPageToken"]
                paged = {**first.get("query", first), "pageToken": token}
                later = {"query": paged} if "query" in first else paged

                refused = await one.post(path, json=later)
                taken = await other.post(path, json=later)

                assert (refused.status_code, refused.json()["code"]) == (400, "invalid_argument"), path
                assert "belongs to another question or project" in refused.text
                assert taken.status_code == 200, path


async def _fill(client: httpx.AsyncClient) -> None:
    """Have two of everything in a project."""
    reply = await client.post("/events.v1.EventsService/BatchCreate", json={"events": EVENTS})
    assert reply.status_code == 200, reply.text
    for name in ("one", "two"):
        made = {"name": name, "where": {"did": {"name": "a"}}}
        reply = await client.post("/audiences.v1.AudiencesService/Create", json=made)
        assert reply.status_code == 200, reply.text
