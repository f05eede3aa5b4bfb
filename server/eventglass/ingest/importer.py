"""`eventglass import FILE`: the events of a file, each once, however often it is imported.

An event's id is made of its name, its record's content and how many equal records came before it in
the file. So equal records are events of their own, and the same file, also with more appended, adds
nothing twice. The records' hashes are kept until the end: some 150 bytes a record.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Protocol

import orjson

from eventglass.ingest.accept import Refusal, Row, accept
from eventglass.ingest.clock import Clock
from eventglass.ingest.commit import Stored
from eventglass.ingest.mapping import Mapping as Columns
from eventglass.ingest.mapping import check_columns, check_mapping, event_name, event_of, time_of
from eventglass.ingest.properties import MAX_DEPTH
from eventglass.ingest.sources import Kind, Record, Source, kind_of, open_source
from eventglass.ingest.swallowed import swallowed
from eventglass.ingest.times import milliseconds

_BLOCK = 20_000
_EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Records that were refused for one reason.

    Args:
        reason: in upper snake case.
        count: how many.
        examples: (line, what is wrong) of the first few.
    """

    reason: str
    count: int
    examples: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What became of a file.

    Args:
        accepted: events that were added.
        known: events that were there already.
        refused: by reason, the most frequent first.
        absent: columns that no record had though the mapping names them, of a file whose records have
            columns of their own.
    """

    accepted: int
    known: int
    refused: tuple[Refused, ...]
    absent: tuple[str, ...] = ()


class Stores(Protocol):
    """Where accepted rows go: this process's Writer, or a server elsewhere."""

    async def store(self, project_id: str, rows: Sequence[Row], *, now: datetime) -> Stored:
        """Store rows, and tell new events from known ones; raises EventglassError."""
        ...


async def import_file(
    path: Path,
    mapping: Columns,
    *,
    project_id: str,
    writer: Stores,
    now: datetime,
    kind: Kind | None = None,
    delimiter: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Summary:
    """Import a file. What was stored before an error stays, and importing again is safe.

    Args:
        path: CSV (or another delimiter), JSON lines or Parquet; gzip or not.
        mapping: which column is what.
        project_id: whose the events are.
        writer: where they go.
        now: the time, aware.
        kind: what the file holds; None: as its name says.
        delimiter: of a CSV file; a blank: any run of blanks; None: as its first line says.
        progress: called with the number of bytes of the file that are done.

    Raises:
        InvalidArgumentError: the file cannot be read, or does not fit the mapping.
        UnavailableError: the engine is away.
    """
    check_mapping(mapping)
    tally = _Tally()
    absent = dict.fromkeys(mapping.columns().values())
    with open_source(path, kind or kind_of(path), delimiter) as source:
        if source.columns is not None:
            check_columns(mapping, source.columns)
            absent.clear()
        occurrences: Counter[bytes] = Counter()
        while records := list(islice(source.records, _BLOCK)):
            rows = _rows(
                records=records,
                source=source,
                mapping=mapping,
                occurrences=occurrences,
                tally=tally,
                now=now,
            )
            _leave_out_found(absent, records)
            stored = await writer.store(project_id, rows, now=now)
            tally.accepted += stored.new
            tally.known += stored.known
            progress(records[-1].done)
    return replace(tally.summary(), absent=tuple(absent))


def _leave_out_found(absent: dict[str, None], records: Sequence[Record]) -> None:
    for record in records:
        if not absent:  # nearly always, but for the first
            return
        if not isinstance(record.values, Refusal):
            for column in absent.keys() & record.values.keys():
                del absent[column]


class _Tally:
    def __init__(self) -> None:
        self.accepted = 0
        self.known = 0
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[tuple[int, str]]] = {}

    def refuse(self, line: int, refusal: Refusal) -> None:
        self._counts[refusal.reason] += 1
        examples = self._examples.setdefault(refusal.reason, [])
        if len(examples) < _EXAMPLES:
            examples.append((line, f"{refusal.field} {refusal.message}".strip()))

    def summary(self) -> Summary:
        return Summary(
            accepted=self.accepted,
            known=self.known,
            refused=tuple(
                Refused(reason=reason, count=count, examples=tuple(self._examples[reason]))
                for reason, count in self._counts.most_common()
            ),
        )


def _rows(
    *,
    records: Sequence[Record],
    source: Source,
    mapping: Columns,
    occurrences: Counter[bytes],
    tally: _Tally,
    now: datetime,
) -> list[Row]:
    """Make a block of records rows; refused ones go to the tally."""
    clock = Clock(now_ms=milliseconds(now))
    rows = []
    for record in records:
        row: Row | Refusal
        if isinstance(record.values, Refusal):
            row = record.values
        elif refusal := _swallowed(record.values, source, mapping):
            row = refusal
        elif isinstance(content := _content(event_name(record.values, mapping), record.values), Refusal):
            row = content
        else:
            occurrences[content] += 1
            event = event_of(
                record.values,
                mapping,
                typed=source.typed,
                event_id=f"{content.hex()}-{occurrences[content]}",
            )
            row = event if isinstance(event, Refusal) else accept(event, clock)
        if isinstance(row, Refusal):
            tally.refuse(record.line, row)
        else:
            rows.append(row)
    return rows


def _swallowed(values: Mapping[str, object], source: Source, mapping: Columns) -> Refusal | None:
    if source.delimiter is None:
        return None
    return swallowed(
        values,
        delimiter=source.delimiter,
        timestamp=mapping.timestamp,
        is_time=lambda cell: time_of(cell, mapping) is not None,
    )


def _content(name: str, values: Mapping[str, object]) -> bytes | Refusal:
    """Hash a record, in whichever order its columns are."""
    options = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS
    try:
        text = orjson.dumps([name, values], option=options, default=str)
    except orjson.JSONEncodeError:  # reads four times as many levels as it writes
        message = f"is nested more than {MAX_DEPTH} levels deep; flatten it"
        return Refusal(field="", reason="TOO_DEEP", message=message)
    return blake2b(text, digest_size=16).digest()
