"""What becomes of a file: events, each once, refusals with their lines, or an error that says why."""

import gzip
from pathlib import Path

import pytest

from eventglass.errors import InvalidArgumentError
from eventglass.ingest.importer import Summary, import_file
from eventglass.ingest.mapping import Mapping
from eventglass.ingest.sources import Kind, kind_of
from eventglass.ingest.writer import Writer
from tests.importing.files import NOW, SIMPLE, Load, Properties, Stored, Write


async def test_csv_cells_become_numbers_booleans_and_texts(
    load: Load, write: Write, properties: Properties
) -> None:
    path = write(
        "a.csv", 'at,who,n,t,zip,big,flag,none\n2024-01-01,u,1.50,"a, ""b""",007,1234567890123456,true,\n'
    )

    summary = await load(path)

    assert summary == Summary(accepted=1, known=0, refused=())
    assert await properties() == [
        {"n": 1.5, "t": 'a, "b"', "zip": "007", "big": "1234567890123456", "flag": True}
    ]


async def test_columns_can_be_chosen_renamed_and_kept_as_texts(
    load: Load, write: Write, stored: Stored
) -> None:
    path = write("a.csv", "at,who,version,price,noise\n2024-01-01,u,1.10,3,x\n")
    mapping = Mapping(
        timestamp="at",
        name_column="noise",
        properties={"version": "app.version", "price": "price"},
        texts=frozenset({"version"}),
    )

    await load(path, mapping)

    assert await stored("event, properties.`app~2Eversion`.:String, user_id") == [("x", "1.10", "")]
    assert await stored("properties.price.:Float64") == [(3.0,)]


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
    load: Load, write: Write, file: tuple[str, str], stored: Stored
) -> None:
    assert (await load(write(*file))).accepted == 1
    assert await stored("user_id, properties.n.:Float64") == [("u", 1.0)]


async def test_gzip_is_seen_through_and_progress_reaches_the_end(
    writer: Writer, project_id: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"at,who\n2024-01-01,u\n"))
    seen: list[int] = []

    await import_file(path, SIMPLE, project_id=project_id, writer=writer, now=NOW, progress=seen.append)

    assert seen[-1] == path.stat().st_size


async def test_equal_rows_are_events_of_their_own_and_no_import_doubles_them(
    load: Load, write: Write, stored: Stored
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
    assert len(await stored()) == 5


async def test_the_files_own_event_ids_are_used(load: Load, write: Write, stored: Stored) -> None:
    mapping = Mapping(timestamp="at", name="x", event_id="id")

    summary = await load(write("a.csv", "at,id\n2024-01-01,7\n2024-01-02,7\n2024-01-03,\n"), mapping)

    assert (summary.accepted, summary.known) == (2, 1)
    assert (await stored("event_id"))[0] == ("7",)


async def test_refused_rows_are_counted_by_reason_with_their_lines(
    load: Load, tmp_path: Path, stored: Stored
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
    assert len(await stored()) == 1


async def test_a_column_without_a_name_can_be_named(load: Load, write: Write, properties: Properties) -> None:
    await load(
        write("a.csv", ",at\n7,2024-01-01\n"), Mapping(timestamp="at", name="x", properties={"": "row"})
    )

    assert await properties() == [{"row": 7}]


@pytest.mark.parametrize(
    ("file", "mapping", "message"),
    [
        (("a.csv", "when,who\n"), SIMPLE, "no column 'at'; there are when, who"),
        (("a.csv", ",at,who\n0,2024-01-01,u\n"), SIMPLE, "a column has no name"),
        (("a.csv", "at,who,at\n"), SIMPLE, "the first line must name the columns"),
        (("a.csv", ""), SIMPLE, "the first line must name the columns"),
        (("a.csv", "at,who\n"), Mapping(timestamp="at"), "either the events' name or the column"),
        (("a.csv", "at,who\n"), Mapping(timestamp="at", name="x", timezone="Mars"), "no IANA time zone"),
        (("a.csv", "at,who\n"), Mapping(timestamp="at", name="x", timezone="localtime"), "no IANA time zone"),
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
        (
            ("a.csv", "at\n"),
            Mapping(timestamp="at", name="x", time_format="%Y-%m-%d %H:%m:%S"),
            "time_format: '%Y-%m-%d %H:%m:%S' is no format of a time",
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
        "the machine's zone",
        "text",
        "same name",
        "format",
        "months for minutes",
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
    writer: Writer, project_id: str, write: Write, stored: Stored
) -> None:
    mapping = Mapping(timestamp="at", name="x")
    path = write("a.csv", "at\n2024-01-01 10:00:00\n")

    await import_file(path, mapping, project_id=project_id, writer=writer, now=NOW, delimiter=";")

    assert await stored("toUnixTimestamp(time)") == [(1_704_103_200,)]


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
