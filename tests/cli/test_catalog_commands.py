"""`eventglass project`, `key` and `audience`, also beside a running server."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.process import Serving, eventglass, shell

COUNT = {
    "query": {
        "timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2024-07-01T00:00:00Z"},
        "visualization": "VISUALIZATION_KPI",
    }
}


def test_what_a_command_logs_is_not_in_its_output(tmp_path: Path) -> None:
    eventglass("project", "create", "shop", "--data-dir", tmp_path)
    with sqlite3.connect(tmp_path / "catalog.db") as connection:
        connection.execute("DROP TABLE keys")
    connection.close()

    done = eventglass("key", "list", "shop", "--data-dir", tmp_path)

    assert (done.code, done.out) == (1, "")
    logged, told = done.err.splitlines()
    assert "no such table: keys" in logged
    assert told.startswith("eventglass: the catalog of projects and keys is damaged")


def test_projects_are_created_and_listed_beside_a_server(demo_server: Serving) -> None:
    where = ("--data-dir", demo_server.data_dir)

    options = ("--name", "Berlin shop", "--timezone", "Europe/Berlin", "--week-start", "sunday")
    created = eventglass("project", "create", "berlin", *options, *where)
    again = eventglass("project", "create", "berlin", *where)
    listed = eventglass("project", "list", *where)

    assert created.out == "created project berlin; next: eventglass key create berlin\n"
    assert (again.code, again.err) == (1, "eventglass: there is a project berlin already\n")
    rows = [line.split() for line in listed.out.splitlines()]
    assert ["berlin", "Berlin", "shop", "Europe/Berlin", "sunday"] in rows
    assert ["demo", "Demo", "shop", "UTC", "monday"] in rows


def test_a_project_with_several_faults_is_told_all_of_them(demo_server: Serving) -> None:
    wrong = ("a b", "--timezone", "Mars")

    done = eventglass("project", "create", *wrong, "--data-dir", demo_server.data_dir)

    assert done.code == 2
    assert [line.split(": ")[1] for line in done.err.splitlines()] == ["id", "timezone"]


def test_a_key_works_until_it_is_revoked(demo_server: Serving) -> None:
    where = ("--data-dir", demo_server.data_dir)
    created = eventglass("key", "create", "demo", "--name", "reader", "--access", "read", *where)
    key_id, secret = created.out.split()[2].rstrip(","), created.out.split()[-1]

    call = (
        f"curl -s {demo_server.url}/insights.v1.InsightsService/Query -H 'x-project-id: demo' "
        f"-H 'content-type: application/json' -H 'authorization: Bearer {secret}' -d '{json.dumps(COUNT)}'"
    )
    assert json.loads(shell(call).out)["kpis"][0]["value"] == 31_106
    assert f"created key {key_id}, which may read project demo" in created.out
    listed = eventglass("key", "list", "demo", *where).out
    assert ["reader", "read"] in [line.split()[1:] for line in listed.splitlines()]
    assert secret not in listed

    assert eventglass("key", "revoke", key_id, *where).out == f"revoked key {key_id}\n"

    # Other processes may know it for a second more.
    assert json.loads(shell(f"sleep 1.1; {call}").out)["code"] == "unauthenticated"


def test_a_key_of_no_project_is_refused(demo_server: Serving) -> None:
    where = ("--data-dir", demo_server.data_dir)

    created = eventglass("key", "create", "nowhere", *where)
    revoked = eventglass("key", "revoke", "nothing", *where)

    assert (created.code, created.err) == (1, "eventglass: there is no project nowhere\n")
    assert (revoked.code, revoked.err) == (1, "eventglass: there is no key nothing\n")


@pytest.mark.parametrize(
    "command", ["project list", "key list demo", "key create demo", "audience list demo"]
)
def test_a_data_directory_that_is_not_there_is_told_and_not_made(tmp_path: Path, command: str) -> None:
    done = eventglass(*command.split(), "--data-dir", tmp_path / "mistyped")

    assert done.code == 1
    assert done.err.startswith(f"eventglass: there is no data directory {tmp_path}/mistyped; name one")
    assert not list(tmp_path.iterdir())


def test_an_empty_path_is_no_data_directory(tmp_path: Path) -> None:
    done = shell(f"cd {tmp_path} && eventglass project create p --data-dir ''")

    assert done.code == 2
    assert "argument --data-dir: invalid path value: ''" in done.err
    assert not [*tmp_path.iterdir()]


def test_an_argument_that_is_no_text_is_told(tmp_path: Path) -> None:
    eventglass("project", "create", "p", "--data-dir", tmp_path)

    done = shell(f"eventglass key create p --name $'\\xff' --data-dir {tmp_path}")

    assert (done.code, done.err) == (2, "eventglass: an argument is not UTF-8\n")


def test_no_command_prints_how_to_use_it() -> None:
    done = eventglass()

    assert done.code == 2
    assert done.err.startswith("usage: eventglass")


def test_an_audience_is_made_asked_about_and_deleted(demo_server: Serving, tmp_path: Path) -> None:
    where = ("--data-dir", demo_server.data_dir)
    kept, wrong, asked = tmp_path / "audience.json", tmp_path / "wrong.json", tmp_path / "query.json"
    kept.write_text(json.dumps({"name": "Buyers", "where": {"did": {"name": "purchase"}}}))
    wrong.write_text(json.dumps({"name": "", "where": {"did": {"atLeast": -1}}}))

    created = eventglass("audience", "create", "demo", kept, *where)
    audience_id = created.out.split()[-1]
    refused = eventglass("audience", "create", "demo", wrong, *where)
    listed = eventglass("audience", "list", "demo", *where)
    asked.write_text(json.dumps({**COUNT["query"], "audienceId": audience_id}))
    answered = eventglass(
        "query", asked, "--json", "--url", demo_server.url, "--key", demo_server.key, *where
    )
    deleted = eventglass("audience", "delete", "demo", audience_id, *where)
    again = eventglass("audience", "delete", "demo", audience_id, *where)

    assert created.out == f"created audience {audience_id}\n"
    assert (refused.code, [line.split(": ")[1] for line in refused.err.splitlines()]) == (
        2,
        ["name", "where.did.at_least"],
    )
    assert [audience_id, "Buyers"] in [line.split() for line in listed.out.splitlines()]
    assert 0 < json.loads(answered.out)["kpis"][0]["value"] < 31_106
    assert deleted.out == f"deleted audience {audience_id}\n"
    assert again.code == 1
