"""`eventglass import`: files of each kind, into a data directory and into a running server."""

import gzip
import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cli.process import CDNOW, CDNOW_COLUMNS, SHOP, SHOP_COLUMNS, Finished, Serving, eventglass, shell

CSV = "who,when,what,price\nu1,2024-05-01 10:00:00,buy,12.5\nu2,2024-05-01 11:00:00,buy,7\nu3,never,buy,1\n"
COLUMNS = ("--name-column", "what", "--timestamp", "when", "--user-id", "who")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    made = eventglass("project", "create", "p", "--data-dir", tmp_path / "data")
    assert made.code == 0, made.err
    return tmp_path / "data"


def ask(spec: dict[str, object], *options: str | Path) -> dict[str, float]:
    """Ask for the KPIs of a spec, by label."""
    whole = {"timeRange": {"start": "1997-01-01T00:00:00Z", "end": "2025-01-01T00:00:00Z"}}
    spec = {"visualization": "VISUALIZATION_KPI", **whole, **spec}
    done = eventglass("query", "-", "--json", *options, stdin=json.dumps(spec))
    assert done.code == 0, done.err
    return {kpi["event"]: kpi["value"] for kpi in json.loads(done.out)["kpis"]}


def first_line(done: Finished) -> str:
    return done.out.splitlines()[0]


def test_a_csv_file_is_imported_once_however_often(tmp_path: Path, data_dir: Path) -> None:
    file = tmp_path / "sales.csv"
    file.write_text(CSV, "utf-8")
    options = (*COLUMNS, "--project", "p", "--data-dir", data_dir)

    first = eventglass("import", file, *options)
    again = eventglass("import", file, *options)

    assert (first.code, again.code) == (0, 0)
    assert first_line(first) == "sales.csv: 2 new, 0 already there, 1 refused"
    assert first_line(again) == "sales.csv: 0 new, 2 already there, 1 refused"
    assert "INVALID_TIMESTAMP" in first.out
    assert "line 4: when is 'never', which is no time" in first.out
    spec: dict[str, object] = {
        "events": [{"name": "buy"}],
        "aggregation": "AGGREGATION_SUM",
        "aggregationProperty": "price",
    }
    assert ask(spec, "--project", "p", "--data-dir", data_dir) == {"buy": 19.5}


def test_standard_input_and_pipes_are_imported_as_files_are(tmp_path: Path, data_dir: Path) -> None:
    file = tmp_path / "sales.csv"
    file.write_text(CSV, "utf-8")
    where = f"--project p --data-dir {data_dir} --format csv {' '.join(COLUMNS)}"
    command = f"{sys.executable} -m eventglass.cli.main import"

    by_dash = shell(f"cat {file} | {command} - {where}")
    by_name = shell(f"gzip -c {file} | {command} /dev/stdin {where}")

    assert first_line(by_dash) == "standard input: 2 new, 0 already there, 1 refused"
    assert first_line(by_name) == "stdin: 0 new, 2 already there, 1 refused"


def test_nothing_imported_is_a_failure(tmp_path: Path, data_dir: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text('{"timestamp": "yesterday"}\nno json\n', "utf-8")

    done = eventglass("import", file, "--name", "x", "--project", "p", "--data-dir", data_dir)

    assert done.code == 1
    assert first_line(done) == "bad.jsonl: 0 new, 0 already there, 2 refused"


def test_a_column_that_no_line_has_is_told(tmp_path: Path, data_dir: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"timestamp": "2024-01-01", "user": "u"}\n', "utf-8")
    where = ("--project", "p", "--data-dir", data_dir)

    done = eventglass("import", file, "--name", "x", "--user-id", "usr", *where)

    assert (done.code, done.out.splitlines()[-1]) == (0, "no row has the column usr")


def test_a_missing_column_is_told_with_those_that_are_there(tmp_path: Path, data_dir: Path) -> None:
    file = tmp_path / "sales.csv"
    file.write_text(CSV, "utf-8")

    done = eventglass("import", file, "--name-column", "event", "--project", "p", "--data-dir", data_dir)

    assert done.code == 2
    assert done.err.splitlines() == [
        "eventglass: timestamp: no column 'timestamp'; there are who, when, what, price",
        "eventglass: name_column: no column 'event'; there are who, when, what, price",
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("nowhere.csv",), "eventglass: nowhere.csv: No such file or directory\n", id="no file"),
        pytest.param(("-",), "-: the name does not tell what is in it", id="no format"),
        pytest.param((SHOP, "--timezone", "Mars/Crater"), "'Mars/Crater' is no IANA time zone", id="no zone"),
        pytest.param((SHOP, "--timezone", "Berlin"), 'did you mean "Europe/Berlin"?', id="another zone"),
        pytest.param(
            (SHOP, "--property", "price=a", "--property", "price=b"),
            "properties.price: the column is given twice",
            id="column twice",
        ),
        pytest.param((SHOP, "--project", "q"), "there is no project q", id="no project"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    data_dir: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = eventglass("import", "--name", "x", "--project", "p", "--data-dir", data_dir, *arguments)

    assert done.code in (1, 2)
    assert told in done.err
    assert done.err.count("\n") == 1


def test_cdnow_gives_its_published_totals(data_dir: Path) -> None:
    where = ("--project", "p", "--data-dir", data_dir)

    imported = eventglass("import", CDNOW, *CDNOW_COLUMNS, *where)

    assert first_line(imported) == "purchases.txt.gz: 69,659 new, 0 already there, 0 refused"
    spec: dict[str, object] = {
        "events": [
            {"name": "purchase", "label": "purchases"},
            {"name": "purchase", "label": "customers", "aggregation": "AGGREGATION_UNIQUE_USERS"},
            {
                "name": "purchase",
                "label": "revenue",
                "aggregation": "AGGREGATION_SUM",
                "aggregationProperty": "dollar_value",
            },
        ]
    }
    totals = ask(spec, *where)
    assert totals == {"purchases": 69_659, "customers": 23_570, "revenue": pytest.approx(2_500_315.63)}


def test_a_directory_that_a_server_has_is_refused_with_a_remedy(demo_server: Serving) -> None:
    done = eventglass("import", SHOP, *SHOP_COLUMNS, "--data-dir", demo_server.data_dir)

    assert done.code == 1
    assert done.err.count("\n") == 1
    assert f"add --url {demo_server.url} --key KEY --project demo" in done.err


def test_every_kind_of_value_arrives_at_a_running_server(demo_server: Serving, tmp_path: Path) -> None:
    assert eventglass("project", "create", "kinds", "--data-dir", demo_server.data_dir).code == 0
    created = eventglass("key", "create", "kinds", "--data-dir", demo_server.data_dir)
    remote = ("--project", "kinds", "--url", demo_server.url, "--key", created.out.split()[-1])
    records: list[dict[str, object]] = [
        {"timestamp": "2024-05-01T10:00:00Z", "user": "u1", "$geo": {"country": "DE"}, "tags": ["b", "ü"]},
        {"timestamp": 1714557600, "user": "u2", "$geo.country": "FR", "flag": True, "price": 0.1},
    ]
    file = tmp_path / "kinds.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(map(json.dumps, records)).encode()))

    for counts in ("2 new, 0 already there", "0 new, 2 already there"):
        done = eventglass("import", file, "--name", "kind", "--user-id", "user", *remote)
        assert (done.code, first_line(done)) == (0, f"kinds.jsonl.gz: {counts}, 0 refused")

    spec: dict[str, object] = {
        "timeRange": {"start": "2024-01-01T00:00:00Z", "end": "2025-01-01T00:00:00Z"},
        "visualization": "VISUALIZATION_TABLE",
        "breakdown": {"property": "$geo.country", "thenBy": ["tags", "flag", "price"]},
    }
    asked = eventglass("query", "-", "--json", *remote, stdin=json.dumps(spec))
    assert asked.code == 0, asked.err
    rows = json.loads(asked.out)["rows"]
    flags = {"isMissing": False, "isOther": False}
    missing = {"isMissing": True, "isOther": False}
    assert [row["dimensions"] for row in rows] == [
        [{"text": "DE", **flags}, {"text": '["b","ü"]', **flags}, missing, missing],
        [{"text": "FR", **flags}, missing, {"boolean": True, **flags}, {"number": 0.1, **flags}],
    ]


def test_a_parquet_file_arrives_at_a_running_server(demo_server: Serving, tmp_path: Path) -> None:
    assert eventglass("project", "create", "parquet", "--data-dir", demo_server.data_dir).code == 0
    created = eventglass("key", "create", "parquet", "--data-dir", demo_server.data_dir)
    where = ("--project", "parquet", "--url", demo_server.url, "--key", created.out.split()[-1])
    rows = 2_500
    table = pa.table(
        {
            "at": pa.array([1_714_557_600_000_000_000 + row for row in range(rows)], pa.timestamp("ns")),
            "amount": pa.array([row / 2 for row in range(rows)]),
        }
    )
    file = tmp_path / "amounts.parquet"
    pq.write_table(table, file)

    done = eventglass("import", file, "--name", "paid", "--timestamp", "at", *where)

    assert first_line(done) == "amounts.parquet: 2,500 new, 0 already there, 0 refused"
    spec: dict[str, object] = {
        "events": [{"name": "paid"}],
        "aggregation": "AGGREGATION_SUM",
        "aggregationProperty": "amount",
    }
    assert ask(spec, *where) == {"paid": sum(range(rows)) / 2}


def test_a_wrong_key_is_told_in_one_line(demo_server: Serving) -> None:
    where = ("--project", "demo", "--url", demo_server.url, "--key", "eg_wrong")

    done = eventglass("import", SHOP, *SHOP_COLUMNS, *where)

    assert (done.code, done.err) == (1, "eventglass: this key is unknown or was revoked\n")
