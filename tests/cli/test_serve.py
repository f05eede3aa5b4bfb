"""`eventglass serve --demo`: what it prints can be pasted, and a later start knows it already."""

import json
import re
import socket
import stat
from pathlib import Path

from tests.cli.process import Serving, environment, eventglass, serving_demo, shell

PURCHASES = [11, 31, 53, 108, 104, 163]


def test_the_curl_command_answers_when_pasted(demo_server: Serving) -> None:
    command = demo_server.commands()["curl"]

    done = shell(command)

    assert command.count("curl") == 1
    assert len(re.findall(r"-H '[^']+'", command)) == command.count("-H") == 3
    assert done.code == 0, done.err
    assert [point["value"] for point in json.loads(done.out)["series"]] == PURCHASES


def test_the_buf_curl_command_answers_by_reflection_when_pasted(demo_server: Serving, tmp_path: Path) -> None:
    command = demo_server.commands()["buf"]

    done = shell(command, cwd=tmp_path)

    assert "--protocol grpc --http2-prior-knowledge" in command
    assert done.code == 0, done.err
    assert [point["value"] for point in json.loads(done.out)["series"]] == PURCHASES


def test_the_python_command_answers_when_pasted(demo_server: Serving, tmp_path: Path) -> None:
    done = shell(demo_server.commands()["Python"], cwd=tmp_path)

    assert done.code == 0, done.err
    assert [float(line.split()[1]) for line in done.out.splitlines()] == PURCHASES


def test_a_later_start_loads_nothing_and_prints_the_same_key(tmp_path: Path) -> None:
    with serving_demo(tmp_path) as first:
        assert "Loaded 31,106 events" in first.welcome
        assert first.stop() == 0

    with serving_demo(tmp_path) as second:
        assert "Loaded" not in second.welcome
        assert second.key == first.key

    note = tmp_path / "demo.json"
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert json.loads(note.read_text("utf-8")) == {"project": "demo", "key": first.key, "url": second.url}


def test_a_revoked_demo_key_is_replaced(tmp_path: Path) -> None:
    with serving_demo(tmp_path) as first:
        pass
    listed = eventglass("key", "list", "demo", "--data-dir", tmp_path)
    eventglass("key", "revoke", listed.out.splitlines()[1].split()[0], "--data-dir", tmp_path)

    with serving_demo(tmp_path) as second:
        assert second.key != first.key
        done = shell(second.commands()["curl"])

    assert done.code == 0, done.err


def test_a_second_server_for_a_data_directory_is_told_so(demo_server: Serving) -> None:
    second = eventglass("serve", "--data-dir", demo_server.data_dir)

    assert (second.code, second.out) == (1, "")
    assert second.err.startswith(
        f"eventglass: the data directory {demo_server.data_dir} is in use by process"
    )
    assert second.err.count("\n") == 1


def test_a_taken_port_is_told_in_one_line(demo_server: Serving, tmp_path: Path) -> None:
    port = demo_server.url.rpartition(":")[2]

    second = eventglass("serve", "--data-dir", tmp_path, env={"EVENTGLASS_HTTP_PORT": port})

    assert second.code == 1
    assert second.err == (
        f"eventglass: cannot listen on 127.0.0.1:{port}; is another server running there?\n"
    )


def test_a_taken_port_for_grpc_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = eventglass("serve", "--data-dir", tmp_path, env={"EVENTGLASS_GRPC_PORT": str(port)})

    assert done.code == 1
    assert done.err == f"eventglass: cannot listen on 127.0.0.1:{port}; is another server running there?\n"


def test_an_address_of_another_machine_is_told_in_one_line(tmp_path: Path) -> None:
    done = eventglass("serve", "--data-dir", tmp_path, env={"EVENTGLASS_HOST": "192.0.2.1"})

    assert done.code == 1
    assert done.err == "eventglass: cannot listen on 192.0.2.1:0: Cannot assign requested address\n"


def test_a_clickhouse_server_that_is_away_is_told_in_one_line(tmp_path: Path) -> None:
    env = {"EVENTGLASS_CLICKHOUSE_DSN": "clickhouse://127.0.0.1:9/eventglass"}

    done = eventglass("serve", "--data-dir", tmp_path, env=env)

    assert done.code == 1
    assert done.err.startswith("eventglass: the ClickHouse server cannot be reached: ")
    assert done.err.endswith("Connection refused\n")
    assert len(done.err.splitlines()) == 1


def test_wrong_settings_are_told_all_at_once() -> None:
    done = eventglass("serve", env={"EVENTGLASS_HTTP_PORT": "http", "EVENTGLASS_COLOUR": "red"})

    assert done.code == 2
    lines = done.err.splitlines()
    assert lines[0].startswith("eventglass: EVENTGLASS_COLOUR: there is no such setting")
    assert lines[1] == "eventglass: EVENTGLASS_HTTP_PORT: must be a whole number from 0 to 65535"


def test_a_wrong_catalog_is_told_in_one_line(tmp_path: Path) -> None:
    done = eventglass("serve", "--data-dir", tmp_path, env={"EVENTGLASS_CATALOG_URL": "nonsense"})

    assert done.code == 2
    assert done.err.count("\n") == 1
    assert "EVENTGLASS_CATALOG_URL: cannot be used" in done.err


def test_variables_of_callers_are_no_settings() -> None:
    assert "EVENTGLASS_KEY" not in environment()
    done = eventglass("version", env={"EVENTGLASS_KEY": "eg_x"})

    assert (done.code, done.out) == (0, "eventglass 0.1.0\n")
