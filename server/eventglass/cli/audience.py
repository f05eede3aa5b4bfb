"""`eventglass audience`: create, list or delete audiences."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from audiences.v1.audiences_service_pb2 import CreateRequest
from eventglass.catalog.audiences import MOST_OF_PROJECT, Audiences
from eventglass.cli.catalog import opened_catalog
from eventglass.cli.legible import legible
from eventglass.cli.place import data_directory, settings_of
from eventglass.errors import refuse
from eventglass.spec.audiences import violations_of_create
from eventglass.transport.decoding import Encoding, decode

_STDIN = "-"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="add an audience to a project and print its id")
    create.add_argument("project", help="the project's id")
    create.add_argument("file", help="its name, description and where as JSON; - reads standard input")
    data_directory(create)
    create.set_defaults(act=_create)
    listing = actions.add_parser("list", help="list a project's audiences")
    listing.add_argument("project", help="the project's id")
    data_directory(listing)
    listing.set_defaults(act=_list)
    delete = actions.add_parser("delete", help="take an audience away")
    delete.add_argument("project", help="the project's id")
    delete.add_argument("audience_id", metavar="AUDIENCE_ID", help="the audience's id")
    data_directory(delete)
    delete.set_defaults(act=_delete)


def run(given: argparse.Namespace) -> int:
    """Do what was asked for, also while a server runs."""
    given.act(given)
    return 0


def _create(given: argparse.Namespace) -> None:
    data = sys.stdin.buffer.read() if given.file == _STDIN else Path(given.file).read_bytes()
    asked = decode(data, Encoding.JSON, CreateRequest, violations_of_create)
    refuse(violations_of_create(asked))
    with opened_catalog(settings_of(given)) as catalog:
        catalog.project(given.project)
        made = Audiences(catalog).create(
            given.project,
            name=asked.name,
            description=asked.description,
            where=asked.where,
            now=datetime.now(UTC),
        )
    Console(highlight=False, markup=False, soft_wrap=True).print(f"created audience {made.id}")


def _list(given: argparse.Namespace) -> None:
    with opened_catalog(settings_of(given)) as catalog:
        catalog.project(given.project)
        found = Audiences(catalog).page(given.project, after=None, size=MOST_OF_PROJECT)
    table = Table("audience", "name", "description", box=None)
    for audience in found:
        table.add_row(*map(legible, (audience.id, audience.name, audience.description)))
    Console(markup=False).print(table)


def _delete(given: argparse.Namespace) -> None:
    with opened_catalog(settings_of(given)) as catalog:
        Audiences(catalog).delete(given.project, given.audience_id)
    Console(highlight=False, markup=False, soft_wrap=True).print(f"deleted audience {given.audience_id}")
