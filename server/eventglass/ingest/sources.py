"""Read the records of a file: CSV and its relatives, JSON lines, Parquet; gzip or not.

Columns of whitespace-separated files are apart by any run of blanks. A CSV file begins with a line
of column names; its delimiter is the one of `, ; tab |` that this line has most of outside
quotes, else blanks.
"""

import csv
import enum
import gzip
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final, cast

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from eventglass.errors import InvalidArgumentError
from eventglass.ingest.accept import Refusal
from eventglass.ingest.whole_numbers import long_numbers

BLANKS: Final = " "
_DELIMITERS: Final = (",", ";", "\t", "|")
_MAX_CELL_BYTES: Final = 64 * 2**20
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_QUOTED = re.compile(r'(\A|[,;\t|])"(?:[^"]|"")*"')
_MOST_LINES_OF_HEAD: Final = 100


class Kind(enum.Enum):
    """What a file holds."""

    CSV = "csv"
    JSON_LINES = "jsonl"
    PARQUET = "parquet"


_KINDS: Final = {
    ".csv": Kind.CSV,
    ".tsv": Kind.CSV,
    ".txt": Kind.CSV,
    ".jsonl": Kind.JSON_LINES,
    ".ndjson": Kind.JSON_LINES,
    ".json": Kind.JSON_LINES,
    ".parquet": Kind.PARQUET,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row of a file.

    Args:
        line: where it is, from 1; of a Parquet file the row, from 1.
        values: by column; a refusal when it cannot be read.
        done: bytes of the file that are read.
    """

    line: int
    values: Mapping[str, object] | Refusal
    done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file's columns and records.

    Args:
        columns: their names; of JSON lines None, as each line has its own.
        typed: whether values have types; else they are texts.
        records: to be read once.
        delimiter: between quotable cells; None: there are no such.
    """

    columns: Sequence[str] | None
    typed: bool
    records: Iterator[Record]
    delimiter: str | None = None


def kind_of(path: Path) -> Kind:
    """Tell a file's kind by its name, `.gz` aside.

    Raises:
        InvalidArgumentError: it does not tell.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    kind = _KINDS.get(suffixes[-1]) if suffixes else None
    if kind is None:
        raise InvalidArgumentError(
            f"{path.name}: the name does not tell what is in it: it should end in {', '.join(_KINDS)}; "
            f"else say --format {', '.join(kind.value for kind in Kind)}"
        )
    return kind


@contextmanager
def open_source(path: Path, kind: Kind, delimiter: str | None) -> Iterator[Source]:
    """Open a file for reading.

    Args:
        path: where it is.
        kind: what it holds.
        delimiter: of a CSV file; a blank stands for any run of blanks; None: by its first line.

    Raises:
        InvalidArgumentError: it cannot be read, now or in the middle.
    """
    try:
        with path.open("rb") as raw:
            if kind is Kind.PARQUET:
                yield _parquet(raw, path.stat().st_size)
                return
            with _plain(raw) as lines:
                yield _csv(lines, delimiter, raw.tell) if kind is Kind.CSV else _json_lines(lines, raw.tell)
    except (OSError, EOFError, zlib.error, csv.Error, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or str(error) or "it ends too early"
        raise InvalidArgumentError(f"{path.name} cannot be read: {reason}") from error


def _plain(raw: BinaryIO) -> TextIOWrapper:
    zipped = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    # GzipFile reads like a binary file, but typeshed does not say so.
    data = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if zipped else raw
    return TextIOWrapper(data, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _csv(lines: TextIOWrapper, delimiter: str | None, done: Callable[[], int]) -> Source:
    head = _head(lines)
    if delimiter is None:
        delimiter = _likely_delimiter("".join(head))
    elif len(delimiter) != 1 or delimiter in '"\r\n':
        raise InvalidArgumentError(
            f"delimiter: {delimiter!r} cannot be one; give a single character, such as ; or a real tab"
        )
    csv.field_size_limit(_MAX_CELL_BYTES)
    rows = _rows(chain(head, lines), delimiter)
    columns = next(rows, (0, list[str]()))[1]
    if (
        isinstance(columns, Refusal)
        or len(set(columns)) < len(columns)
        or not columns
        or any(map(_NOT_UTF8.search, columns))
    ):
        raise InvalidArgumentError("the first line must name the columns, each once, in UTF-8")
    return Source(
        columns=columns,
        typed=False,
        records=_cells(rows, columns, done),
        delimiter=None if delimiter == BLANKS else delimiter,
    )


def _head(lines: TextIOWrapper) -> list[str]:
    """Read the first line, and more while a quoted name in it goes on."""
    head = [lines.readline()]
    while sum(line.count('"') for line in head) % 2 and len(head) < _MOST_LINES_OF_HEAD:
        head.append(lines.readline())
    return head


def _likely_delimiter(head: str) -> str:
    outside_quotes = _QUOTED.sub(r"\1", head)
    found = max(_DELIMITERS, key=outside_quotes.count)
    return found if found in outside_quotes else BLANKS


def _rows(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str] | Refusal]]:
    """Give each row with the number of its last line, from 1."""
    if delimiter == BLANKS:
        yield from ((number, line.split()) for number, line in enumerate(lines, 1))
        return
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        first = reader.line_num + 1
        try:
            row: list[str] | Refusal = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            what = f"({error}); a quote within a quoted cell is written twice"
            # Further lines may be rows that a stray quote has swallowed.
            if reader.line_num > first:
                raise csv.Error(
                    f"in the row that begins in line {first} a quote is opened and not closed {what}"
                ) from None
            row = _refusal("INVALID_CSV", f"has a quote out of place {what}")
        yield reader.line_num, row


def _cells(
    rows: Iterator[tuple[int, list[str] | Refusal]], columns: Sequence[str], done: Callable[[], int]
) -> Iterator[Record]:
    for number, row in rows:
        if row:
            yield Record(line=number, values=_by_column(row, columns), done=done())


def _by_column(row: list[str] | Refusal, columns: Sequence[str]) -> Mapping[str, object] | Refusal:
    if isinstance(row, Refusal):
        return row
    if len(row) != len(columns):
        return _refusal("ROW_SHAPE", f"has {len(row)} cells where the first line has {len(columns)}")
    if any(map(_NOT_UTF8.search, row)):
        return _refusal("NOT_UTF8", "is not UTF-8")
    return dict(zip(columns, row, strict=True))


def _json_lines(lines: TextIOWrapper, done: Callable[[], int]) -> Source:
    return Source(columns=None, typed=True, records=_objects(lines, done))


def _objects(lines: TextIOWrapper, done: Callable[[], int]) -> Iterator[Record]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        text = line.encode("utf-8", "surrogateescape")
        try:
            values = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            values = _refusal("INVALID_JSON", f"is no JSON: {error.msg}")
        if isinstance(values, dict):
            values |= long_numbers(text)
        elif not isinstance(values, Refusal):
            values = _refusal("INVALID_JSON", "is no JSON object")
        yield Record(line=number, values=values, done=done())


def _parquet(raw: BinaryIO, size: int) -> Source:
    file = pq.ParquetFile(raw)
    if len(set(file.schema_arrow.names)) < len(file.schema_arrow.names):
        raise InvalidArgumentError("the file must name the columns, each once")
    return Source(columns=file.schema_arrow.names, typed=True, records=_table_rows(file, size))


def _table_rows(file: pq.ParquetFile, size: int) -> Iterator[Record]:
    number = 0
    for batch in file.iter_batches(batch_size=10_000):
        columns = [_values(_microseconds(column)) for column in batch.columns]
        for row in zip(*columns, strict=True):
            number += 1
            yield Record(
                line=number,
                values=dict(zip(batch.schema.names, row, strict=True)),
                done=size * number // file.metadata.num_rows,
            )


def _values(column: pa.Array) -> Sequence[object]:
    """Give a column's values; times that Python has not, such as the year 10,000, as texts."""
    try:
        return cast("Sequence[object]", column.to_pylist())
    except (OverflowError, ValueError):
        return [*map(_value, column)]


def _value(scalar: pa.Scalar) -> object:
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        if isinstance(scalar, pa.MapScalar):
            return [(each["key"].as_py(), _value(each["value"])) for each in scalar.values]
        if isinstance(scalar, pa.ListScalar):
            return [*map(_value, scalar.values)]
        if isinstance(scalar, pa.StructScalar):
            return {name: _value(each) for name, each in scalar.items()}
        return scalar.cast(pa.string()).as_py()


def _microseconds(column: pa.Array) -> pa.Array:
    """Cut times to microseconds, which is what Python's have at most."""
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    return column


def _refusal(reason: str, message: str) -> Refusal:
    return Refusal(field="", reason=reason, message=message)
