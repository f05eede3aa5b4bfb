"""Every example of the documentation is true: it is run as it stands, and its answer compared."""

import json
import shutil
from pathlib import Path

import httpx
import pytest

from eventglass.catalog.catalog import open_catalog
from eventglass.catalog.project import Access, Project
from tests.cli.process import Serving, shell
from tests.docs.pages import ASKED, EXPECTED, NOT_RUN, PAGES, ROOT, RUN, Block, blocks, differences
from tests.patience import PATIENCE

METHODS = {
    "json query": "/insights.v1.InsightsService/Query",
    "json events": "/events.v1.EventsService/BatchCreate",
    "json identify": "/profiles.v1.ProfilesSDKService/Identify",
    "json alias": "/profiles.v1.ProfilesSDKService/Alias",
    "json profile": "/profiles.v1.ProfilesService/Get",
    "json delete user": "/profiles.v1.ProfilesService/DeleteUser",
    "json audience": "/audiences.v1.AudiencesService/Create",
    "json size": "/audiences.v1.AudiencesService/EstimateSize",
}
ALL = [block for page in PAGES for block in blocks(page)]
# Pages about data of their own, besides those of the insights.
OWN_PROJECT = {"audiences", "identity"}
WITH_ANSWERS = [page for page in PAGES if any(block.kind in ASKED for block in blocks(page))]


def place(item: Block | Path) -> str:
    return item.place if isinstance(item, Block) else str(item.relative_to(ROOT))


@pytest.mark.parametrize("block", ALL, ids=place)
def test_a_block_says_whether_it_is_run(block: Block) -> None:
    assert block.kind in RUN | ASKED | EXPECTED | NOT_RUN, "see tests/docs/pages.py"


@pytest.mark.parametrize("page", PAGES, ids=place)
def test_an_answer_follows_what_is_asked(page: Path) -> None:
    kinds = [block.kind for block in blocks(page)]

    for index, kind in enumerate(kinds):
        if kind in ASKED:
            assert kinds[index + 1 : index + 2][0] in EXPECTED
        if kind in EXPECTED:
            assert kinds[index - 1] in ASKED


@pytest.mark.parametrize("block", [block for block in ALL if block.kind in RUN], ids=place)
def test_a_command_runs_as_it_stands(block: Block, demo_server: Serving, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    text = block.text.replace("http://127.0.0.1:8080", demo_server.url)
    text = text.replace("127.0.0.1:50051", demo_server.grpc).replace("--project PROJECT", "--project demo")
    if block.kind == "python":
        text = f"python - <<'END'\n{text}\nEND"
    # Commands that only manage or import do so in a directory that nobody has open.
    remote = (
        {} if "eventglass import" in text and "--url" not in text else {"EVENTGLASS_URL": demo_server.url}
    )
    variables = {
        "EVENTGLASS_KEY": demo_server.key,
        "EVENTGLASS_PROJECT": "demo",
        "EVENTGLASS_DATA_DIR": str(tmp_path / "data"),
        **remote,
    }
    if "demo" in text and not remote:
        text = f"eventglass project create demo\n{text}"

    done = shell(text, cwd=tmp_path, env=variables)

    assert done.code == 0, f"{done.out}\n{done.err}"
    assert done.out.strip()
    # curl ends well whatever is answered.
    assert '"code"' not in done.out, done.out


@pytest.mark.parametrize("page", WITH_ANSWERS, ids=place)
def test_a_page_gets_the_answers_that_it_shows(page: Path, demo_server: Serving) -> None:
    project, key = "demo", demo_server.key
    if page.parent.name == "insights" or page.stem in OWN_PROJECT:
        project = f"docs-{page.stem}"
        catalog = open_catalog(f"sqlite:///{demo_server.data_dir / 'catalog.db'}")
        catalog.create_project(Project(id=project))
        _, key = catalog.create_key(project, [Access.READ, Access.WRITE])
        catalog.close()
    headers = {"authorization": f"Bearer {key}", "x-project-id": project}
    wrong, audience = [], ""
    with httpx.Client(base_url=demo_server.url, headers=headers, timeout=PATIENCE) as client:
        for block in blocks(page):
            if block.kind in ASKED:
                asked = block.text.replace("AUDIENCE", audience)
                reply = client.post(
                    METHODS[block.kind], content=asked, headers={"content-type": "application/json"}
                )
                audience = reply.json().get("audience", {}).get("id", audience)
            elif block.kind in EXPECTED:
                assert (reply.status_code == 200) == (block.kind == "json answer"), reply.text
                found = differences(json.loads(block.text), reply.json())
                wrong += [f"{block.place}: {line}" for line in found]

    assert wrong == []


def test_the_chart_in_the_readme_is_what_is_printed(demo_server: Serving) -> None:
    (query,) = [block for block in blocks(ROOT / "README.md") if "eventglass query" in block.text]
    (shown,) = [block for block in blocks(ROOT / "README.md") if block.kind == "text"]

    variables = {"EVENTGLASS_KEY": demo_server.key, "EVENTGLASS_PROJECT": "demo"}
    done = shell(query.text, env={**variables, "EVENTGLASS_URL": demo_server.url})

    printed = [line.rstrip() for line in done.out.splitlines()]
    assert printed[: shown.text.count("\n")] == shown.text.splitlines()
