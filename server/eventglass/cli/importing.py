"""`eventglass import FILE`: the events of a file, into a data directory or a running server."""

import argparse
import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from eventglass.cli import place
from eventglass.cli.legible import legible
from eventglass.cli.patient import Patient
from eventglass.cli.place import Place
from eventglass.cli.remote import Remote
from eventglass.cli.spooled import spooled
from eventglass.cli.upload import Upload
from eventglass.errors import UnavailableError, Violation, refuse
from eventglass.ingest.importer import Stores, Summary, import_file
from eventglass.ingest.mapping import Mapping
from eventglass.ingest.sources import Kind, kind_of

_COLUMNS = (
    ("--user-id", "of the id of who did it"),
    ("--anonymous-id", "of the device's id of who did it"),
    ("--session-id", "of the visit's id"),
    ("--event-id", "of the event's own id (default: made from the row's content)"),
    ("--spread", "of objects whose members are properties, too"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file, which column is what, and where it goes."""
    help_ = "CSV, JSON lines or Parquet; also gzipped; - is standard input"
    parser.add_argument("file", type=Path, help=help_)
    named = parser.add_mutually_exclusive_group(required=True)
    named.add_argument("--name-column", metavar="COLUMN", help="of the event's name")
    named.add_argument("--name", help="the name of every event")
    help_ = "of when it happened (default: timestamp)"
    parser.add_argument("--timestamp", metavar="COLUMN", default="timestamp", help=help_)
    for option, help_ in _COLUMNS:
        parser.add_argument(option, metavar="COLUMN", help=help_)
    parser.add_argument(
        "--time-format", metavar="FORMAT", help="as in %%Y%%m%%d (default: ISO 8601 or since 1970)"
    )
    help_ = "the zone of times that name none (default UTC)"
    parser.add_argument("--timezone", metavar="ZONE", default="UTC", help=help_)
    help_ = "a column to keep as a property; may be given often (default: all the rest)"
    parser.add_argument("--property", metavar="COLUMN[=NAME]", action="append", help=help_)
    help_ = "a CSV column whose cells stay texts, also 007 or true; may be given often"
    parser.add_argument("--text", metavar="COLUMN", action="append", default=[], help=help_)
    help_ = "what the file holds (default: as its name says; standard input has none)"
    parser.add_argument("--format", choices=[kind.value for kind in Kind], help=help_)
    help_ = "of a CSV file; ' ' is any run of blanks (default: as its first line says)"
    parser.add_argument("--delimiter", metavar="CHARACTER", help=help_)
    place.arguments(parser)


def run(given: argparse.Namespace) -> int:
    """Import a file; the exit code is 1 if nothing of it could be."""
    where = place.place_of(given)
    # Before all of standard input is read.
    kind = Kind(given.format) if given.format else kind_of(given.file)
    with spooled(given.file) as file:
        summary = asyncio.run(_import(given, file, kind, file.stat().st_size, where))
        _print(file.name, summary)
    return 0 if summary.accepted + summary.known else 1


async def _import(given: argparse.Namespace, file: Path, kind: Kind, size: int, where: Place) -> Summary:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(file.name, total=size)
        async with _stores(where) as stores:
            return await import_file(
                file,
                _mapping(given),
                project_id=where.project,
                writer=stores,
                now=datetime.now(UTC),
                kind=kind,
                delimiter=given.delimiter,
                progress=lambda done: progress.update(task, completed=done),
            )


@contextlib.asynccontextmanager
async def _stores(where: Place) -> AsyncIterator[Stores]:
    """Open where the rows go."""
    if where.url:
        with Remote(url=where.url, key=where.key, project=where.project) as remote:
            yield Upload(remote)
        return
    from eventglass.backend import opened  # noqa: PLC0415 - the engine takes a second, and an upload has no use for it

    async with contextlib.AsyncExitStack() as stack:
        try:
            store = await stack.enter_async_context(opened(where.settings))
        except UnavailableError as error:
            if error.reason != "DATA_DIRECTORY_IN_USE":
                raise
            remedy = f"--url {where.usual_url} --key KEY --project {where.project}"
            message = f"{error.message}; to send the file to the server that runs there, add {remedy}"
            raise UnavailableError(message, reason=error.reason) from error
        store.catalog.project(where.project)
        yield Patient(store.writer)


def _mapping(given: argparse.Namespace) -> Mapping:
    return Mapping(
        timestamp=given.timestamp,
        name=given.name,
        name_column=given.name_column,
        user_id=given.user_id,
        anonymous_id=given.anonymous_id,
        session_id=given.session_id,
        event_id=given.event_id,
        time_format=given.time_format,
        timezone=given.timezone,
        properties=_properties(given.property) if given.property else None,
        spread=given.spread,
        texts=frozenset(given.text),
    )


def _properties(given: Sequence[str]) -> dict[str, str]:
    """Read names of properties by column; raises InvalidArgumentError for a column that is there twice."""
    pairs = [each.partition("=") for each in given]
    columns = [column for column, _, _ in pairs]
    description = "the column is given twice; it can be one property only"
    refuse(
        [
            Violation(field=f"properties.{column}", code="DUPLICATE", description=description)
            for column in dict.fromkeys(columns)
            if columns.count(column) > 1
        ]
    )
    return {column: name or column for column, _, name in pairs}


def _print(file: str, summary: Summary) -> None:
    console = Console(markup=False, highlight=False)
    refused = sum(each.count for each in summary.refused)
    counts = f"{summary.accepted:,} new, {summary.known:,} already there, {refused:,} refused"
    console.print(f"{legible(file)}: {counts}", soft_wrap=True)
    for column in summary.absent:
        console.print(f"no row has the column {legible(column)}", soft_wrap=True)
    if not summary.refused:
        return
    table = Table("refused", "reason", "for example", box=None)
    table.columns[0].justify = "right"
    for each in summary.refused:
        examples = "\n".join(f"line {line}: {legible(what)}" for line, what in each.examples)
        table.add_row(f"{each.count:,}", legible(each.reason), examples)
    console.print(table)
