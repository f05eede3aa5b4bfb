"""`eventglass project`: create and list projects."""

import argparse

from rich.console import Console
from rich.table import Table

from eventglass.catalog.project import Project, WeekStart
from eventglass.cli.catalog import opened_catalog
from eventglass.cli.legible import legible
from eventglass.cli.place import data_directory, settings_of


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="add a project")
    create.add_argument("id", help="what callers send as x-project-id")
    create.add_argument("--name", default="", help="for people")
    create.add_argument("--timezone", default="UTC", metavar="ZONE", help="an IANA zone (default UTC)")
    create.add_argument(
        "--week-start",
        choices=[day.value for day in WeekStart],
        default=WeekStart.MONDAY.value,
        help="the day on which weeks begin (default monday)",
    )
    data_directory(create)
    create.set_defaults(act=_create)
    listing = actions.add_parser("list", help="list all projects")
    data_directory(listing)
    listing.set_defaults(act=_list)


def run(given: argparse.Namespace) -> int:
    """Do what was asked for, also while a server runs."""
    given.act(given)
    return 0


def _create(given: argparse.Namespace) -> None:
    project = Project(
        id=given.id, name=given.name, timezone=given.timezone, week_start=WeekStart(given.week_start)
    )
    with opened_catalog(settings_of(given), may_make=True) as catalog:
        catalog.create_project(project)
    Console().print(f"created project {project.id}; next: eventglass key create {project.id}", markup=False)


def _list(given: argparse.Namespace) -> None:
    with opened_catalog(settings_of(given)) as catalog:
        projects = catalog.projects()
    table = Table("project", "name", "zone", "weeks begin on", box=None)
    for project in projects:
        table.add_row(project.id, legible(project.name), project.timezone, project.week_start.value)
    Console(markup=False).print(table)
