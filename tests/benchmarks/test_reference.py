"""The benchmark of the reference insights: that it runs, and that its figures are what they say."""

import contextlib
import json
import re
import subprocess
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks.reference.answers import difference, of_response, of_table
from benchmarks.reference.engines import Table
from benchmarks.reference.growth import costs, growth
from benchmarks.reference.insight import Insight, read_insights
from benchmarks.reference.kept_times import keep, read_kept
from benchmarks.reference.page import rewritten
from benchmarks.reference.plot import plot
from benchmarks.reference.promise import promise
from benchmarks.reference.report import report
from benchmarks.reference.turns import Times, in_turns
from benchmarks.server_process import ServerProcess
from eventglass.catalog.project import Project
from eventglass.spec.validation import violations_of_request
from insights.v1.query_service_pb2 import QueryRequest, QueryResponse

_WAYS = {"grpc", "connect", "json", "kept", "engine", "scan", "peer", "duckdb"}


def test_the_benchmark_runs(tmp_path: Path) -> None:
    asked = ("--folder", str(tmp_path), "--events", "20000", "--rounds", "1")

    alone = _run(*asked, "--alone", "--only", "01")

    assert alone.returncode == 0, alone.stderr[-3000:]
    assert "| insight | gRPC | engine | scan | ÷ engine |" in alone.stdout
    assert not re.search("peer|Parquet", alone.stdout)
    made = json.loads((tmp_path / "20000" / "made.json").read_text())
    assert made.keys() == {"size", "made", "events", "event_hashes"}

    done = _run(*asked)

    assert done.returncode == 0, done.stderr[-3000:]
    assert re.findall(r"made (\w+)", done.stdout) == ["peer_events", "peer_daily", "parquet"]
    times = json.loads((tmp_path / "20000" / "times.json").read_text())
    assert list(times) == [each.name for each in read_insights()]
    for name, ways in times.items():
        assert ways.keys() >= _WAYS, name
        assert all(way["wall"][0] > 0 for way in ways.values()), name
        assert re.search(rf"^\| {name} \|", done.stdout, re.MULTILINE)

    overhead = _run("--folder", str(tmp_path), "--events", "20000", "--rounds", "2", of="overhead")

    assert overhead.returncode == 0, overhead.stderr[-3000:]
    added = re.findall(r"^\| \d\d\w? .+ \| ([\d.]+) \| ([\d.]+) \|", overhead.stdout, re.MULTILINE)
    assert added
    assert all(float(engine) > 0 for engine, _ in added)


def test_a_run_keeps_what_others_measured_of_other_insights(tmp_path: Path) -> None:
    keep(tmp_path, {"b": {"grpc": _took(1.0)}, "no more": {"grpc": _took(2.0)}}, names=["b", "no more"])

    found = keep(tmp_path, {"a": {"grpc": _took(3.0)}}, names=["a", "b"])

    assert found == read_kept(tmp_path) == {"a": {"grpc": _took(3.0)}, "b": {"grpc": _took(1.0)}}
    assert list(found) == ["a", "b"]


def test_another_world_is_not_mixed_in(tmp_path: Path) -> None:
    (tmp_path / "20000").mkdir()
    (tmp_path / "20000" / "else").touch()

    done = _run("--folder", str(tmp_path), "--events", "20000")

    assert done.returncode != 0
    assert "has another world" in done.stderr


@pytest.mark.parametrize("insight", read_insights(), ids=lambda each: each.name)
def test_requests_are_valid(insight: Insight) -> None:
    assert violations_of_request(insight.request, Project(id="shop")) == []


def test_ways_are_run_in_turns_and_each_begins_a_round() -> None:
    ran: list[str] = []

    found = in_turns({"a": lambda: ran.append("a"), "b": lambda: ran.append("b")}, rounds=2)

    assert ran == ["a", "b", "a", "b", "b", "a"]
    assert len(found["a"].wall) == len(found["b"].cpu) == 2


def test_times_are_told_by_median_and_spread() -> None:
    times = Times(wall=[1.0, 9.0, 2.0, 3.0, 4.0], cpu=[1.0, 2.0, 6.0, 2.0, 1.0])

    assert (times.median, times.median_cpu, times.spread) == (3.0, 2.0, 2 / 3)


def test_a_report_gives_milliseconds_and_ratios() -> None:
    seconds = {
        "grpc": 0.012,
        "connect": 0.013,
        "json": 0.014,
        "kept": 0.001,
        "engine": 0.010,
        "scan": 0.005,
        "peer": 0.036,
    }
    ways = {way: Times(wall=[each], cpu=[each]) for way, each in seconds.items()}
    insight = Insight(
        name="daily count",
        request=QueryRequest(),
        statements={"scan": ("SELECT 1",), "peer": ("-- answers: within 2 %: uniq estimates\nSELECT 1",)},
    )

    text = report(
        {"daily count": ways}, [insight], events=1_000, machine="a machine", disk={"the service": 60.0}
    )

    assert text.startswith("1,000 events, medians of 1 rounds in milliseconds; a machine.\n")
    lines = text.splitlines()
    assert "| daily count | 12.0 | 13.0 | 14.0 | 1.0 | 10.0 | 5.0 | 1.20 | +2.0 | 1.20 | 2.40 | 0% |" in lines
    assert "| daily count | 12.0 | 36.0 | 3.0 |" in lines
    assert "- daily count, peer: within 2 %, uniq estimates" in lines
    assert lines[-1] == "Bytes per event on disk: the service 60.0."


def test_a_response_and_a_table_give_equal_answers() -> None:
    response = QueryResponse()
    point = response.series.add(value=3.0, series_index=1)
    point.timestamp.FromJsonString("2025-05-05T00:00:00Z")
    point.dimensions.add(is_other=True)
    table = Table(
        names=("day", "place", "value_1", "value_2", "shown beside"),
        columns=([date(2025, 5, 5)], ["other"], [0.0], [3.0], ["…"]),
    )

    assert of_response(response) == of_table(table) == {("2025-05-05", "other", "1"): 3.0}


def test_answers_differ_by_what_is_missing_and_what_is_more() -> None:
    assert difference({("a",): 6.0, ("b",): 4.0}, {("a",): 5.0, ("c",): 1.0}) == 0.6


@pytest.mark.parametrize(
    ("statement", "difference", "holds"),
    [
        pytest.param("-- answers: equal\nSELECT", 1e-12, True, id="equal but for rounding"),
        pytest.param("-- answers: equal\nSELECT", 0.001, False, id="not equal"),
        pytest.param("-- answers: within 2 %: uniq estimates\nSELECT", 0.019, True, id="near"),
        pytest.param("-- answers: within 2 %: uniq estimates\nSELECT", 0.021, False, id="not near"),
        pytest.param("-- answers: differ: other rows\nSELECT", 0.9, True, id="differs"),
    ],
)
def test_promises_are_checked(statement: str, difference: float, holds: bool) -> None:
    expected = (
        contextlib.nullcontext() if holds else pytest.raises(ValueError, match=r"away from the service's")
    )

    with expected:
        promise(statement).check(difference, name="a way")


def test_a_statement_must_promise_something() -> None:
    with pytest.raises(ValueError, match="begins with what it promises"):
        promise("SELECT 1")


def test_a_page_is_rewritten_in_its_part_alone() -> None:
    page = "before\n<!-- table -->\nold\n<!-- end table -->\nafter\n"

    assert rewritten(page, "table", "new") == ("before\n<!-- table -->\n\nnew\n<!-- end table -->\nafter\n")
    with pytest.raises(ValueError, match="no part 'other'"):
        rewritten(page, "other", "new")


def test_a_plot_has_a_labelled_line_for_each_insight(tmp_path: Path) -> None:
    for events, seconds in ((1_000, 0.010), (10_000, 0.100)):
        (tmp_path / str(events)).mkdir()
        times = {"daily count": {"grpc": asdict(_took(seconds))}, "paths": {"grpc": asdict(_took(seconds))}}
        (tmp_path / str(events) / "times.json").write_text(json.dumps(times))

    drawn = ET.fromstring(plot(growth(tmp_path)))

    lines = drawn.findall("{*}polyline")
    assert [line.get("points") for line in lines] == ["60.0,410.0 520.0,20.0"] * 2
    assert "M60 410L520.0 20.0" in [
        path.get("d") for path in drawn.findall("{*}path")
    ]  # each event costs the same
    labels = {text.text: float(text.get("y", "")) for text in drawn.findall("{*}text")}
    assert {"10 ms", "100 ms", "1,000", "10,000"} <= labels.keys()
    assert labels["paths 100 ms"] - labels["daily count 100 ms"] == 15


def test_the_cost_of_an_event_is_told_by_sizes() -> None:
    told = costs({"daily count": {1_000: 0.010, 10_000: 0.080}, "paths": {1_000: 0.020}})

    assert told.splitlines() == [
        "| insight | 1,000 events | 10,000 events | the last ÷ the one before |",
        "| --- | ---: | ---: | ---: |",
        "| daily count | 10000.00 | 8000.00 | 0.80 |",
        "| paths | 20000.00 |  |  |",
    ]


def test_the_most_memory_of_a_server_is_told_and_forgotten() -> None:
    holding = "held = b'x' * 2**26; print('held', flush=True); input(); del held; print('freed'); input()"
    command = [sys.executable, "-u", "-c", holding]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        server = ServerProcess(process=process, grpc="", url="", seconds=0.0)
        assert process.stdout.readline() == "held\n"
        assert server.peak_mib() > 64
        print(file=process.stdin, flush=True)
        assert process.stdout.readline() == "freed\n"
        assert server.peak_mib() > 64

        server.forget_peak()

        assert server.peak_mib() < 64
        server.kill()


def _took(seconds: float) -> Times:
    return Times(wall=[seconds], cpu=[seconds])


def _run(*words: str, of: str = "reference") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", f"benchmarks.{of}", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
