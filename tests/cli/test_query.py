"""`eventglass query`: from a data directory, from a running server, as tables and as JSON."""

import json
from pathlib import Path

import pytest

from tests.cli.process import Serving, eventglass, serving_demo

FIRST_HALF = {"start": "2024-01-01T00:00:00Z", "end": "2024-07-01T00:00:00Z"}
SPEC: dict[str, object] = {
    "events": [{"name": "purchase"}],
    "timeRange": FIRST_HALF,
    "granularity": "GRANULARITY_MONTH",
}


@pytest.fixture(scope="module")
def quiet_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the demo project, which no server has."""
    directory = tmp_path_factory.mktemp("quiet")
    with serving_demo(directory):
        pass
    return directory


def test_the_data_directory_and_the_server_give_the_same_answer(
    quiet_dir: Path, demo_server: Serving, tmp_path: Path
) -> None:
    file = tmp_path / "spec.json"
    file.write_text(json.dumps({"query": SPEC}), "utf-8")

    embedded = eventglass("query", file, "--json", "--data-dir", quiet_dir)
    beside = eventglass("query", file, "--json", "--data-dir", demo_server.data_dir)
    variables = {
        "EVENTGLASS_URL": demo_server.url,
        "EVENTGLASS_KEY": demo_server.key,
        "EVENTGLASS_PROJECT": "demo",
    }
    remote = eventglass("query", file, "--json", env=variables)

    answers = [json.loads(done.out)["series"] for done in (embedded, beside, remote)]
    assert answers[0] == answers[1] == answers[2]
    assert sum(point["value"] for point in answers[0]) == 470


@pytest.mark.parametrize("columns", ["120", "0"])
def test_series_are_shown_as_bars(demo_server: Serving, columns: str) -> None:
    env = {"COLUMNS": columns}

    done = eventglass("query", "-", "--data-dir", demo_server.data_dir, stdin=json.dumps(SPEC), env=env)

    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0].split() == ["time", "purchase"]
    assert lines[1].split() == ["2024-01-01", "11", "██▏"]
    assert lines[6].split() == ["2024-06-01", "163", "█" * 32]


def test_a_breakdown_is_shown_as_lines_and_columns(demo_server: Serving) -> None:
    spec = {**SPEC, "breakdown": {"property": "platform"}}

    done = eventglass("query", "-", "--data-dir", demo_server.data_dir, stdin=json.dumps(spec))

    lines = [line.split() for line in done.out.splitlines()]
    assert [line[0] for line in lines[1:4]] == ["desktop", "mobile", "tablet"]
    assert all(len(line[1]) == 6 for line in lines[1:4])
    assert lines[4] == ["time", "desktop", "mobile", "tablet"]
    assert sum(int(number) for line in lines[5:11] for number in line[1:]) == 470


def test_kpis_are_shown_with_their_changes(demo_server: Serving) -> None:
    spec = {
        "events": [{"name": "purchase"}],
        "timeRange": {"start": "2024-03-01T00:00:00Z", "end": "2024-04-01T00:00:00Z"},
        "visualization": "VISUALIZATION_KPI",
        "comparisons": [{"previousPeriod": True}],
    }

    done = eventglass("query", "-", "--data-dir", demo_server.data_dir, stdin=json.dumps(spec))

    assert done.out.splitlines()[1].split() == ["purchase", "53", "previous_period", "31", "+71.0", "%"]


def test_a_table_is_shown_with_its_other(demo_server: Serving) -> None:
    spec = {
        "events": [{"name": "purchase"}],
        "timeRange": FIRST_HALF,
        "visualization": "VISUALIZATION_TABLE",
        "breakdown": {"property": "acquisition_channel", "limit": 3},
    }

    done = eventglass("query", "-", "--data-dir", demo_server.data_dir, stdin=json.dumps(spec))

    rows = [line.split()[:2] for line in done.out.splitlines()[1:5]]
    assert rows == [["organic", "161"], ["paid_search", "161"], ["email", "75"], ["(other)", "73"]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("{", "the JSON is broken at line 1", id="broken"),
        pytest.param("[]", "must be an object, not a list", id="no object"),
        pytest.param('{"events": [{"nam": "x"}]}', "query.events[0].nam: there is no such field", id="typo"),
    ],
)
def test_a_wrong_query_is_told_without_asking_anyone(text: str, told: str) -> None:
    done = eventglass("query", "-", "--url", "http://127.0.0.1:1", "--key", "k", "--project", "p", stdin=text)

    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert all(line.startswith("eventglass: ") for line in done.err.splitlines())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param(("--project", "p"), "there is no data directory nowhere", id="no directory"),
        pytest.param((), "name the project with --project ID", id="no project"),
        pytest.param(("--project", "p", "--url", "ftp://x"), "'ftp://x' is no URL of a server", id="no URL"),
        pytest.param(
            ("--project", "p", "--url", "http://127.0.0.1:1"), "name the key for http://127", id="no key"
        ),
        pytest.param(
            ("--project", "p", "--url", "http://127.0.0.1:1", "--key", "k"),
            "cannot reach http://127.0.0.1:1: Connection refused",
            id="no server",
        ),
    ],
)
def test_an_unknown_place_is_told_in_one_line(options: tuple[str, ...], told: str) -> None:
    done = eventglass("query", "-", "--data-dir", "nowhere", *options, stdin=json.dumps(SPEC))

    assert done.code in (1, 2)
    assert told in done.err
    assert done.err.count("\n") == 1


def test_events_of_strangers_give_the_terminal_no_orders(tmp_path: Path) -> None:
    hostile = "ü\x1b]0;pwn\x07\x1b[31mRED\n"
    event = {"timestamp": "2024-01-01T00:00:00Z", "event": "\x1b[2Jesc", "user_id": "u", "colour": hostile}
    file = tmp_path / "events.jsonl"
    file.write_text(json.dumps(event), "utf-8")
    place = ("--data-dir", tmp_path / "data", "--project", "p")
    eventglass("project", "create", "p", "--name", "[bold]\x1b[31m", "--data-dir", tmp_path / "data")
    eventglass("import", file, "--name-column", "event", "--user-id", "user_id", *place)
    spec = {
        "events": [{"name": "\x1b[2Jesc"}],
        "timeRange": FIRST_HALF,
        "visualization": "VISUALIZATION_TABLE",
        "breakdown": {"property": "colour"},
    }

    table = eventglass("query", "-", *place, stdin=json.dumps(spec))
    series = eventglass("query", "-", *place, stdin=json.dumps({**SPEC, "events": spec["events"]}))
    ascii_only = eventglass("query", "-", *place, stdin=json.dumps(spec), env={"PYTHONIOENCODING": "ascii"})
    projects = eventglass("project", "list", "--data-dir", tmp_path / "data")

    assert table.out.splitlines()[1].split()[:2] == [r"ü\x1b]0;pwn\x07\x1b[31mRED\n", "1"]
    assert ascii_only.out.splitlines()[1].split()[:2] == [r"\xfc\x1b]0;pwn\x07\x1b[31mRED\n", "1"]
    assert series.out.splitlines()[0].split() == ["time", r"\x1b[2Jesc"]
    assert projects.out.splitlines()[1].split()[:2] == ["p", r"[bold]\x1b[31m"]
    assert "\x1b" not in table.out + series.out + projects.out


def test_an_unknown_audience_is_told_in_one_line(demo_server: Serving) -> None:
    spec = {**SPEC, "audienceId": "a"}

    done = eventglass("query", "-", "--data-dir", demo_server.data_dir, stdin=json.dumps(spec))

    assert done.code == 2
    assert "query.audience_id: names no audience of this project" in done.err
    assert done.err.count("\n") == 1
