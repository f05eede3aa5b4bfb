import gzip
import json
import math
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.errors import InvalidArgumentError
from eventglass.ingest.importer import Summary, import_file
from eventglass.ingest.mapping import Mapping
from eventglass.ingest.sources import Kind, kind_of
from eventglass.ingest.writer import Writer
from eventglass.sql.statement import Statement

NOW = datetime(2026, 5, 1, tzinfo=UTC)
Write = Callable[[str, str], Path]


class Load(Protocol):
    def __call__(self, path: Path, mapping: Mapping = ..., /) -> Awaitable[Summary]: ...


SIMPLE = Mapping(timestamp="at", name="visit", user_id="who")


@pytest.fixture
def load(writer: Writer, project_id: str) -> Load:
    async def into_the_project(path: Path, mapping: Mapping = SIMPLE) -> Summary:
        return await import_file(path, mapping, project_id=project_id, writer=writer, now=NOW)

    return into_the_project


async def stored(
    engine: Pool, project_id: str, columns: str = "properties::String"
) -> list[tuple[object, ...]]:
    statement = Statement(
        text=f"SELECT {columns} FROM events WHERE project_id = {{project:String}} ORDER BY time, event_id",
        parameters={"project": project_id},
    )
    return list(zip(*(await engine.query(statement, Limits())).columns, strict=True))


async def properties(engine: Pool, project_id: str) -> list[dict[str, object]]:
    return [json.loads(str(text)) for (text,) in await stored(engine, project_id)]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return to


async def test_csv_cells_become_numbers_booleans_and_texts(
    engine: Pool, load: Load, project_id: str, write: Write
) -> None:
    path = write(
        "a.csv", 'at,who,n,t,zip,big,flag,none\n2024-01-01,u,1.50,"a, ""b""",007,1234567890123456,true,\n'
    )

    summary = await load(path)

    assert summary == Summary(accepted=1, known=0, refused=())
    assert await properties(engine, project_id) == [
        {"n": 1.5, "t": 'a, "b"', "zip": "007", "big": "1234567890123456", "flag": True}
    ]


async def test_columns_can_be_chosen_renamed_and_kept_as_texts(
    engine: Pool, load: Load, project_id: str, write: Write
) -> None:
    path = write("a.csv", "at,who,version,price,noise\n2024-01-01,u,1.10,3,x\n")
    mapping = Mapping(
        timestamp="at",
        name_column="noise",
        properties={"version": "app.version", "price": "price"},
        texts=frozenset({"version"}),
    )

    await load(path, mapping)

    assert await stored(engine, project_id, "event, properties.`app~2Eversion`.:String, user_id") == [
        ("x", "1.10", "")
    ]
    assert await stored(engine, project_id, "properties.price.:Float64") == [(3.0,)]


@pytest.mark.parametrize(
    "file",
    [
        ("a.csv", "at;who;n\n2024-01-01;u;1\n"),
        ("a.tsv", "at\twho\tn\n2024-01-01\tu\t1\n"),
        ("a.txt", "  at   who n \n 2024-01-01  u   1 \n\n"),
        ("a.CSV", "\ufeffat|who|n\r\n2024-01-01|u|1\r\n\r\n"),
        ("a.csv", 'at;who;n;"a,b,c,d"\n2024-01-01;u;1;x\n'),
        ("a.csv", 'at,who,n,"in\na ""cell"""\n2024-01-01,u,1,x\n'),
        ("a.csv", '"a\nb",at,who,n\nx,2024-01-01,u,1\n'),
        ("a.jsonl", '{"at": "2024-01-01", "who": "u", "n": 1}\n\n'),
    ],
    ids=[
        "semicolons",
        "tabs",
        "blanks",
        "bars",
        "quoted names",
        "line break in a name",
        "first name",
        "json",
    ],
)
async def test_files_of_many_shapes_are_read(
    engine: Pool, load: Load, project_id: str, write: Write, file: tuple[str, str]
) -> None:
    assert (await load(write(*file))).accepted == 1
    assert await stored(engine, project_id, "user_id, properties.n.:Float64") == [("u", 1.0)]


async def test_gzip_is_seen_through_and_progress_reaches_the_end(
    writer: Writer, project_id: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"at,who\n2024-01-01,u\n"))
    seen: list[int] = []

    await import_file(path, SIMPLE, project_id=project_id, writer=writer, now=NOW, progress=seen.append)

    assert seen[-1] == path.stat().st_size


async def test_equal_rows_are_events_of_their_own_and_no_import_doubles_them(
    engine: Pool, load: Load, project_id: str, write: Write
) -> None:
    text = "at,who\n2024-01-01,u\n2024-01-01,u\n2024-01-02,v\n"
    first = await load(write("a.csv", text))
    again = await load(write("b.csv", text))
    appended = await load(write("a.csv", text + "2024-01-01,u\n2024-01-03,w\n"))
    reordered = await load(write("a.csv", "who,at\nv,2024-01-02\n"))

    assert [(each.accepted, each.known) for each in (first, again, appended, reordered)] == [
        (3, 0),
        (0, 3),
        (2, 3),
        (0, 1),
    ]
    assert len(await stored(engine, project_id)) == 5


async def test_the_files_own_event_ids_are_used(
    engine: Pool, load: Load, project_id: str, write: Write
) -> None:
    mapping = Mapping(timestamp="at", name="x", event_id="id")

    summary = await load(write("a.csv", "at,id\n2024-01-01,7\n2024-01-02,7\n2024-01-03,\n"), mapping)

    assert (summary.accepted, summary.known) == (2, 1)
    assert (await stored(engine, project_id, "event_id"))[0] == ("7",)


async def test_refused_rows_are_counted_by_reason_with_their_lines(
    engine: Pool, load: Load, project_id: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    lines = [
        b"at,who",
        b"2024-01-01,u",
        b"yesterday,u",
        b"2024-01-01",
        b',u\n"2024-01-01",\xff',
        b"1800-01-01,u",
        b'"2024-\n01-01",u',
        b"soon,u",
        b"later,u",
    ]
    path.write_bytes(b"\n".join(lines))

    summary = await load(path)

    assert summary.accepted == 1
    refused = {each.reason: (each.count, [line for line, _ in each.examples]) for each in summary.refused}
    assert refused == {
        "INVALID_TIMESTAMP": (5, [3, 5, 9]),
        "ROW_SHAPE": (1, [4]),
        "NOT_UTF8": (1, [6]),
        "OUT_OF_RANGE": (1, [7]),
    }
    assert summary.refused[0].examples[0] == (3, "at is 'yesterday', which is no time")
    assert len(await stored(engine, project_id)) == 1


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        pytest.param('2024-01-02,"5 inch\n' + "2024-01-03,v\n" * 20_000, 3, id="never closed"),
        pytest.param('2024-01-02,"5 inch\n2024-01-03,v\n2024-01-03,"v"\n', 3, id="closed by another"),
        pytest.param('2024-01-02,"a\nb"\n2024-01-02,"5 inch\n2024-01-03,v\n', 5, id="after a long cell"),
    ],
)
async def test_a_quote_that_swallows_rows_is_an_error_with_its_line(
    load: Load, write: Write, rows: str, first: int
) -> None:
    path = write("a.csv", f"at,who\n2024-01-01,u\n{rows}")

    told = rf"a\.csv cannot be read: in the row that begins in line {first} a quote is opened and not closed"
    with pytest.raises(InvalidArgumentError, match=told):
        await load(path)


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        pytest.param('u,2024-01-01,"5 inch\nv,2024-01-02,19"\n', 1, id="one"),
        pytest.param('u,2024-01-01,"5 inch\r\nv,2024-01-02,a\r\nw,2024-01-03,b"\r\n', 2, id="two"),
    ],
)
async def test_a_row_whose_cell_holds_rows_is_refused(
    load: Load, write: Write, rows: str, lines: int
) -> None:
    summary = await load(write("a.csv", f"who,at,p\n{rows}"))

    (refused,) = summary.refused
    assert (summary.accepted, refused.reason, refused.examples[0][0]) == (0, "INVALID_CSV", 2 + lines)
    assert refused.examples[0][1].startswith(f"p holds {lines} further lines that are rows")


@pytest.mark.parametrize(
    "text", ["a\nb", "a\n2024-01-01", "a\nv,2024-01-02,x\nend", "a\nv,soon,x", "a\n", "\n\n"]
)
async def test_texts_of_many_lines_are_no_rows(
    engine: Pool, load: Load, project_id: str, write: Write, text: str
) -> None:
    await load(write("a.csv", f'who,at,p\nu,2024-01-01,"{text}"\n'))

    assert await properties(engine, project_id) == [{"p": text}]


async def test_a_quote_out_of_place_refuses_its_row_and_cells_may_have_line_breaks(
    engine: Pool, load: Load, project_id: str, write: Write
) -> None:
    path = write(
        "a.csv", 'at,who\n2024-01-01,"5" inch\n2024-01-02,"a\n""b"""\n2024-01-03,3"\n2024-01-04,"u\n'
    )

    summary = await load(path)

    assert await stored(engine, project_id, "user_id") == [('a\n"b"',), ('3"',)]
    (refused,) = summary.refused
    assert (refused.reason, [line for line, _ in refused.examples]) == ("INVALID_CSV", [2, 6])


async def test_json_lines_keep_their_types_and_bad_lines_are_refused(
    engine: Pool, load: Load, project_id: str, write: Write
) -> None:
    text = "\n".join(
        [
            json.dumps({"at": 1_704_067_200, "who": 7, "props": {"a": {"b": "1"}, "l": [1]}, "n": "2"}),
            "{broken",
            "[1]",
            json.dumps({"who": "u"}),
        ]
    )
    mapping = Mapping(timestamp="at", name="x", user_id="who", spread="props")

    summary = await load(write("a.jsonl", text), mapping)

    assert [(each.reason, each.count, each.examples[0][0]) for each in summary.refused] == [
        ("INVALID_JSON", 2, 2),
        ("INVALID_TIMESTAMP", 1, 4),
    ]
    assert await stored(engine, project_id, "user_id, toUnixTimestamp(time)") == [("7", 1_704_067_200)]
    assert await properties(engine, project_id) == [
        {"a": ['{"b":"1"}'], "a~2Eb": "1", "l": ["[1]"], "n": "2"}
    ]


async def test_parquet_keeps_its_types(engine: Pool, load: Load, project_id: str, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table(
        {
            "at": pa.array([1_704_067_200_123_456_789, None], pa.timestamp("ns")),
            "who": ["u", "v"],
            "n": pa.array([5, 6], pa.int64()),
            "d": pa.array([date(2024, 2, 29), None], pa.date32()),
            "money": [Decimal("1.50"), None],
            "tags": [["a"], []],
        }
    )
    pq.write_table(table, path)

    summary = await load(path)

    assert (summary.accepted, summary.refused[0].examples) == (1, ((2, "at is empty, which is no time"),))
    assert await stored(engine, project_id, "toUnixTimestamp64Milli(time)") == [(1_704_067_200_123,)]
    assert await properties(engine, project_id) == [
        {"n": 5, "d": "2024-02-29", "money": 1.5, "tags": ['["a"]']}
    ]


async def test_names_and_ids_of_typed_files_print_as_properties_do(
    engine: Pool, load: Load, project_id: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table(
        {
            "at": ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"],
            "what": [b"view", "käufe".encode(), b"view", b"view"],
            "who": pa.array([12345, None, 0.5, math.nan], pa.float64()),
            "device": pa.array(
                [Decimal("7.00"), Decimal("1.50"), Decimal("100"), None], pa.decimal128(38, 2)
            ),
            "visit": pa.array([2**63, 1, None, None], pa.uint64()),
        }
    )
    pq.write_table(table, path)
    mapping = Mapping(
        timestamp="at", name_column="what", user_id="who", anonymous_id="device", session_id="visit"
    )

    summary = await load(path, mapping)

    assert await stored(engine, project_id, "event, user_id, anonymous_id, session_id") == [
        ("view", "12345", "7", str(2**63)),
        ("käufe", "", "1.5", "1"),
        ("view", "0.5", "100", ""),
    ]
    assert [(each.reason, each.examples) for each in summary.refused] == [
        ("NOT_FINITE", ((4, "who is no finite number"),))
    ]


@pytest.mark.parametrize("column", ["what", "id", "user", "device", "visit"])
@pytest.mark.parametrize(
    ("value", "kind"), [(True, "boolean"), ({"a": 1}, "list or an object"), ([], "list or an object")]
)
async def test_booleans_lists_and_objects_are_no_names_and_no_ids(
    load: Load, write: Write, column: str, value: object, kind: str
) -> None:
    mapping = Mapping(
        timestamp="at",
        name_column="what",
        event_id="id",
        user_id="user",
        anonymous_id="device",
        session_id="visit",
    )
    path = write("a.jsonl", json.dumps({"at": "2024-01-01", "what": "view", column: value}))

    (refused,) = (await load(path, mapping)).refused

    assert refused.reason == "WRONG_TYPE"
    assert refused.examples == ((1, f"{column} is a {kind}; it must be a text or a number"),)


SPREAD = {"a.csv": ['"{""plan"": ""pro"", ""n"": ""1""}"', "", "pro", "[1]"]}
SPREAD["a.jsonl"] = [json.dumps('{"plan": "pro", "n": "1"}'), "null", "7", "[1]"]


@pytest.mark.parametrize("file", SPREAD)
async def test_objects_written_as_json_are_spread_and_what_is_none_is_refused(
    engine: Pool, load: Load, project_id: str, write: Write, file: str
) -> None:
    head, row = ("at,p\n", "2024-01-0{},{}\n") if file == "a.csv" else ("", '{{"at":"2024-01-0{}","p":{}}}\n')
    rows = (row.format(day, cell) for day, cell in enumerate(SPREAD[file], 1))

    summary = await load(write(file, head + "".join(rows)), Mapping(timestamp="at", name="x", spread="p"))

    assert await properties(engine, project_id) == [{"plan": "pro", "n": "1"}, {}]
    (refused,) = summary.refused
    assert refused.reason == "INVALID_JSON"
    assert [what for _, what in refused.examples] == ["p is no JSON object to spread"] * 2


async def test_maps_and_objects_of_parquet_files_are_spread(
    engine: Pool, load: Load, project_id: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.parquet"
    maps = pa.array([[("a", 1)], [], None], pa.map_(pa.string(), pa.int64()))
    pq.write_table(pa.table({"at": ["2024-01-01", "2024-01-02", "2024-01-03"], "p": maps}), path)

    await load(path, Mapping(timestamp="at", name="x", spread="p"))

    assert await properties(engine, project_id) == [{"a": 1}, {}, {}]


async def test_a_column_without_a_name_can_be_named(
    engine: Pool, load: Load, project_id: str, write: Write
) -> None:
    await load(
        write("a.csv", ",at\n7,2024-01-01\n"), Mapping(timestamp="at", name="x", properties={"": "row"})
    )

    assert await properties(engine, project_id) == [{"row": 7}]


@pytest.mark.parametrize(
    ("file", "mapping", "message"),
    [
        (("a.csv", "when,who\n"), SIMPLE, "no column 'at'; there are when, who"),
        (("a.csv", ",at,who\n0,2024-01-01,u\n"), SIMPLE, "a column has no name"),
        (("a.csv", "at,who,at\n"), SIMPLE, "the first line must name the columns"),
        (("a.csv", ""), SIMPLE, "the first line must name the columns"),
        (("a.csv", "at,who\n"), Mapping(timestamp="at"), "either the events' name or the column"),
        (("a.csv", "at,who\n"), Mapping(timestamp="at", name="x", timezone="Mars"), "no IANA zone"),
        (
            ("a.csv", "at\n"),
            Mapping(timestamp="at", name="x", texts=frozenset("z")),
            "no column 'z'; there are at",
        ),
        (
            ("a.csv", "at,p,q\n"),
            Mapping(timestamp="at", name="x", properties={"p": "a", "q": "a"}),
            "two columns are to be the property 'a'",
        ),
        (
            ("a.csv", "at\n"),
            Mapping(timestamp="at", name="x", time_format="%Y %Q"),
            "time_format: '%Y %Q' is no format of a time",
        ),
        (("a.jsonl", ""), Mapping(timestamp="at"), "either the events' name or the column"),
        (("a.parquet", "no parquet"), SIMPLE, "cannot be read"),
        (("a.gif", ""), SIMPLE, "does not tell what is in it"),
    ],
    ids=[
        "column",
        "no name of a column",
        "twice",
        "empty",
        "no name",
        "zone",
        "text",
        "same name",
        "format",
        "no name in lines",
        "parquet",
        "kind",
    ],
)
async def test_a_file_that_does_not_fit_says_why(
    load: Load, write: Write, file: tuple[str, str], mapping: Mapping, message: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=message):
        await load(write(*file), mapping)


@pytest.mark.parametrize("delimiter", ["ab", "", '"', "\\t", "\n"])
async def test_a_delimiter_is_a_single_character(
    writer: Writer, project_id: str, write: Write, delimiter: str
) -> None:
    path = write("a.csv", "at,who\n")

    with pytest.raises(InvalidArgumentError, match="cannot be one; give a single character"):
        await import_file(path, SIMPLE, project_id=project_id, writer=writer, now=NOW, delimiter=delimiter)


async def test_a_delimiter_that_is_given_holds_though_the_first_line_has_none(
    engine: Pool, writer: Writer, project_id: str, write: Write
) -> None:
    mapping = Mapping(timestamp="at", name="x")
    path = write("a.csv", "at\n2024-01-01 10:00:00\n")

    await import_file(path, mapping, project_id=project_id, writer=writer, now=NOW, delimiter=";")

    assert await stored(engine, project_id, "toUnixTimestamp(time)") == [(1_704_103_200,)]


async def test_a_file_that_is_not_there_or_is_cut_off_says_so(load: Load, tmp_path: Path) -> None:
    with pytest.raises(InvalidArgumentError, match=r"nope\.csv cannot be read: No such file"):
        await load(tmp_path / "nope.csv")

    whole = gzip.compress(b"at,who\n" + b"2024-01-01,u\n" * 100_000)
    (tmp_path / "a.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InvalidArgumentError, match="cannot be read"):
        await load(tmp_path / "a.csv.gz")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv.gz", Kind.CSV),
        ("b.ndjson", Kind.JSON_LINES),
        ("c.Parquet", Kind.PARQUET),
        ("v1.2.txt", Kind.CSV),
    ],
)
def test_a_files_name_tells_its_kind(name: str, kind: Kind) -> None:
    assert kind_of(Path(name)) is kind
