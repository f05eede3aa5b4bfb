"""`eventglass key`: create, list and revoke keys."""

import argparse

from rich.console import Console
from rich.table import Table

from eventglass.catalog.project import Access
from eventglass.cli.catalog import opened_catalog
from eventglass.cli.legible import legible
from eventglass.cli.place import data_directory, settings_of


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="add a key to a project and print its secret, once")
    create.add_argument("project", help="the project's id")
    create.add_argument("--name", default="", help="for people")
    create.add_argument(
        "--access",
        action="append",
        choices=[access.value for access in Access],
        help="what it may do; give it more than once for more (default: read and write)",
    )
    data_directory(create)
    create.set_defaults(act=_create)
    listing = actions.add_parser("list", help="list a project's keys, without their secrets")
    listing.add_argument("project", help="the project's id")
    data_directory(listing)
    listing.set_defaults(act=_list)
    revoke = actions.add_parser("revoke", help="make a key unknown")
    revoke.add_argument("key_id", metavar="KEY_ID", help="the key's id (not its secret)")
    data_directory(revoke)
    revoke.set_defaults(act=_revoke)


def run(given: argparse.Namespace) -> int:
    """Do what was asked for, also while a server runs."""
    given.act(given)
    return 0


def _create(given: argparse.Namespace) -> None:
    access = map(Access, given.access) if given.access else (Access.READ, Access.WRITE)
    with opened_catalog(settings_of(given)) as catalog:
        key, secret = catalog.create_key(given.project, frozenset(access), name=given.name)
    may = " and ".join(sorted(each.value for each in key.access))
    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(f"created key {key.id}, which may {may} project {key.project_id}")
    console.print(f"its secret, shown only now: {secret}")


def _list(given: argparse.Namespace) -> None:
    with opened_catalog(settings_of(given)) as catalog:
        catalog.project(given.project)
        keys = catalog.keys(given.project)
    table = Table("key", "name", "may", "", box=None)
    for key in keys:
        may = ", ".join(sorted(each.value for each in key.access))
        table.add_row(key.id, legible(key.name), may, "revoked" if key.revoked else "")
    Console(markup=False).print(table)


def _revoke(given: argparse.Namespace) -> None:
    with opened_catalog(settings_of(given)) as catalog:
        catalog.revoke_key(given.key_id)
    Console().print(f"revoked key {given.key_id}", markup=False, highlight=False, soft_wrap=True)
