"""JSON lines and Parquet files, whose values have types; and objects that are spread."""

import json
import math
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from eventglass.errors import InvalidArgumentError
from eventglass.ingest.mapping import Mapping
from tests.importing.files import Load, Properties, Stored, Write

# What has a name or an id, by the columns below.
NAMED = Mapping(
    timestamp="at",
    name_column="what",
    event_id="id",
    user_id="user",
    anonymous_id="device",
    session_id="visit",
)


async def test_json_lines_keep_their_types_and_bad_lines_are_refused(
    load: Load, write: Write, stored: Stored, properties: Properties
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
    assert await stored("user_id, toUnixTimestamp(time)") == [("7", 1_704_067_200)]
    assert await properties() == [{"a": ['{"b":"1"}'], "a~2Eb": "1", "l": ["[1]"], "n": "2"}]


async def test_columns_that_no_line_has_are_told(load: Load, write: Write) -> None:
    lines = ['{"at": "2024-01-01"}', "{broken", '{"at": "2024-01-02", "user": "u", "p": null}']
    mapping = Mapping(timestamp="at", name="x", user_id="user", session_id="visit", properties={"p": "p"})

    summary = await load(write("a.jsonl", "\n".join(lines)), mapping)

    assert (summary.accepted, summary.absent) == (2, ("visit",))


async def test_parquet_keeps_its_types(
    load: Load, tmp_path: Path, stored: Stored, properties: Properties
) -> None:
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
    assert await stored("toUnixTimestamp64Milli(time)") == [(1_704_067_200_123,)]
    assert await properties() == [{"n": 5, "d": "2024-02-29", "money": 1.5, "tags": ['["a"]']}]


async def test_names_and_ids_of_typed_files_print_as_properties_do(
    load: Load, tmp_path: Path, stored: Stored
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

    assert await stored("event, user_id, anonymous_id, session_id") == [
        ("view", "12345", "7", str(2**63)),
        ("käufe", "", "1.5", "1"),
        ("view", "0.5", "100", ""),
    ]
    assert [(each.reason, each.examples) for each in summary.refused] == [
        ("NOT_FINITE", ((4, "who is no finite number"),))
    ]


async def test_times_that_python_has_not_cost_no_other_row(
    load: Load, tmp_path: Path, properties: Properties
) -> None:
    path = tmp_path / "a.parquet"
    year_10_000 = 253_402_300_800
    until = [1_704_067_200, year_10_000, None]
    seconds = pa.timestamp("s")
    table = pa.table(
        {
            "at": pa.array([1_704_067_200, 1_704_067_201, year_10_000], seconds),
            "until": pa.array(until, seconds),
            "list": pa.array([[each] for each in until], pa.list_(seconds)),
            "object": pa.array([{"to": each} for each in until], pa.struct([("to", seconds)])),
            "map": pa.array([[("to", each)] for each in until], pa.map_(pa.string(), seconds)),
        }
    )
    pq.write_table(table, path)

    summary = await load(path, Mapping(timestamp="at", name="x", spread="map"))

    assert [(each.reason, each.count) for each in summary.refused] == [("INVALID_TIMESTAMP", 1)]
    near, far = "2024-01-01T00:00:00", "10000-01-01 00:00:00.000"
    assert await properties() == [
        {
            "until": time,
            "to": time,
            "list": [f'["{time}"]'],
            "object": [f'{{"to":"{time}"}}'],
            "object~2Eto": time,
        }
        for time in (near, far)
    ]


@pytest.mark.parametrize("column", ["what", "id", "user", "device", "visit"])
async def test_bytes_that_are_no_text_are_no_names_and_no_ids(
    load: Load, tmp_path: Path, stored: Stored, column: str
) -> None:
    path = tmp_path / "a.parquet"
    table = {"at": [b"2024-01-01"] * 3, "what": [b"view"] * 3}
    table |= {each: [b"1", b"2", b"3"] for each in ("id", "user", "device", "visit")}
    pq.write_table(pa.table(table | {column: [b"\xfe", b"\xff", "ö".encode()]}), path)

    (refused,) = (await load(path, NAMED)).refused

    assert (refused.reason, refused.count) == ("NOT_UTF8", 2)
    assert refused.examples[0] == (1, f"{column} is not UTF-8")
    assert len(await stored()) == 1


async def test_a_parquet_file_names_each_column_once(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_arrays([["2024-01-01"], [1], [2]], names=["at", "n", "n"]), path)

    with pytest.raises(InvalidArgumentError, match="must name the columns, each once"):
        await load(path)


async def test_ids_that_are_long_numbers_keep_all_their_digits(
    load: Load, write: Write, stored: Stored, properties: Properties
) -> None:
    users = [2**64 - 1, 2**64, 2**64 + 1, -(2**63) - 1, 10**39]
    lines = [json.dumps({"at": "2024-01-01", "who": user, "n": 10**20}) for user in users]
    path = write("a.jsonl", "\n".join(lines))

    summaries = [await load(path) for _ in range(2)]

    assert [(each.accepted, each.known) for each in summaries] == [(5, 0), (0, 5)]
    assert {user for (user,) in await stored("user_id")} == set(map(str, users))
    assert await properties() == [{"n": 10**20}] * 5


async def test_records_that_differ_in_a_long_number_are_different_events(
    load: Load, write: Write, stored: Stored
) -> None:
    mapping = Mapping(timestamp="at", name="x", event_id="id")

    await load(write("a.jsonl", f'{{"at": "2024-01-01", "id": {2**64}}}'), mapping)
    await load(write("b.jsonl", f'{{"at": "2024-01-01", "id": {2**64 + 1}}}'), mapping)
    await load(write("a.jsonl", f'{{"at": "2024-01-01", "who": {2**64}}}'))
    await load(write("b.jsonl", f'{{"at": "2024-01-01", "who": {2**64 + 1}}}'))

    assert len(await stored()) == 4


@pytest.mark.parametrize("column", ["what", "id", "user", "device", "visit"])
@pytest.mark.parametrize(
    ("value", "kind"), [(True, "boolean"), ({"a": 1}, "list or an object"), ([], "list or an object")]
)
async def test_booleans_lists_and_objects_are_no_names_and_no_ids(
    load: Load, write: Write, column: str, value: object, kind: str
) -> None:
    path = write("a.jsonl", json.dumps({"at": "2024-01-01", "what": "view", column: value}))

    (refused,) = (await load(path, NAMED)).refused

    assert refused.reason == "WRONG_TYPE"
    assert refused.examples == ((1, f"{column} is a {kind}; it must be a text or a number"),)


@pytest.mark.parametrize("levels", [17, 300, 1_000])
async def test_a_record_that_is_too_deep_is_refused_and_no_other_one(
    load: Load, write: Write, levels: int
) -> None:
    deep = '{"a":' * levels + str(2**64) + "}" * levels
    lines = [f'{{"at": "2024-01-01", "p": {each}}}' for each in (deep, json.dumps(deep), "{}")]

    summary = await load(write("a.jsonl", "\n".join(lines)), Mapping(timestamp="at", name="x", spread="p"))

    assert summary.accepted == 1
    (refused,) = summary.refused
    assert (refused.reason, [line for line, _ in refused.examples]) == ("TOO_DEEP", [1, 2])


SPREAD = {"a.csv": ['"{""plan"": ""pro"", ""n"": ""1""}"', "", "pro", "[1]"]}


SPREAD["a.jsonl"] = [json.dumps('{"plan": "pro", "n": "1"}'), "null", "7", "[1]"]


@pytest.mark.parametrize("file", SPREAD)
async def test_objects_written_as_json_are_spread_and_what_is_none_is_refused(
    load: Load, write: Write, file: str, properties: Properties
) -> None:
    head, row = ("at,p\n", "2024-01-0{},{}\n") if file == "a.csv" else ("", '{{"at":"2024-01-0{}","p":{}}}\n')
    rows = (row.format(day, cell) for day, cell in enumerate(SPREAD[file], 1))

    summary = await load(write(file, head + "".join(rows)), Mapping(timestamp="at", name="x", spread="p"))

    assert await properties() == [{"plan": "pro", "n": "1"}, {}]
    (refused,) = summary.refused
    assert refused.reason == "INVALID_JSON"
    assert [what for _, what in refused.examples] == ["p is no JSON object to spread"] * 2


async def test_maps_and_objects_of_parquet_files_are_spread(
    load: Load, tmp_path: Path, properties: Properties
) -> None:
    path = tmp_path / "a.parquet"
    maps = pa.array([[("a", 1)], [], None], pa.map_(pa.string(), pa.int64()))
    pq.write_table(pa.table({"at": ["2024-01-01", "2024-01-02", "2024-01-03"], "p": maps}), path)

    await load(path, Mapping(timestamp="at", name="x", spread="p"))

    assert await properties() == [{"a": 1}, {}, {}]
