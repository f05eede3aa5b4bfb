"""Where a command finds its events: in a data directory, or at a running server with a key.

What is not given as an option is read from EVENTGLASS_URL, EVENTGLASS_KEY and EVENTGLASS_PROJECT,
else from the note that `eventglass serve --demo` leaves in its data directory.
"""

import argparse
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from eventglass.errors import InvalidArgumentError
from eventglass.settings import Settings, path, read_settings

_NOTE_FILE: Final = "demo.json"
# What only callers read; a server's settings have no such variables.
_URL: Final = "EVENTGLASS_URL"
_KEY: Final = "EVENTGLASS_KEY"
_PROJECT: Final = "EVENTGLASS_PROJECT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the demo server leaves for commands on the same machine.

    Args:
        project: its project.
        key: a key that may read and write it.
        url: where its HTTP port is.
    """

    project: str
    key: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a command was told, "" where it was not.

    Args:
        settings: of this machine: the data directory among them.
        url: of a running server.
        key: the caller's.
        project: the id of the project that is meant.
        usual_url: where a server on this machine would be.
    """

    settings: Settings
    url: str
    key: str
    project: str
    usual_url: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options that say where."""
    parser.add_argument("--project", metavar="ID", help="the project (or EVENTGLASS_PROJECT)")
    parser.add_argument("--url", help="of a running server, as in http://127.0.0.1:8080 (or EVENTGLASS_URL)")
    parser.add_argument("--key", help="for that server (or EVENTGLASS_KEY)")
    data_directory(parser)


def data_directory(parser: argparse.ArgumentParser) -> None:
    """Declare the option that names the data directory."""
    help_ = "the data directory (or EVENTGLASS_DATA_DIR; default var/eventglass)"
    parser.add_argument("--data-dir", type=path, metavar="PATH", help=help_)


def settings_of(given: argparse.Namespace, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings, with the data directory that was given.

    Raises:
        InvalidArgumentError: with every variable that is unknown or wrong.
    """
    of_server = {name: value for name, value in environment.items() if name not in (_URL, _KEY, _PROJECT)}
    settings = read_settings(of_server)
    return settings if given.data_dir is None else replace(settings, data_dir=given.data_dir)


def place_of(given: argparse.Namespace, environment: Mapping[str, str] = os.environ) -> Place:
    """Find out where; an option goes before a variable, and that before the note.

    A data directory that is given is where, whatever server a variable names; with a given URL, too, it is
    where the note is.

    Raises:
        InvalidArgumentError: a setting is wrong, or no project is named anywhere.
    """
    settings = settings_of(given, environment)
    note = read_note(settings.data_dir) or Note(project="", key="", url="")
    project = given.project or environment.get(_PROJECT) or note.project
    if not project:
        raise InvalidArgumentError(f"name the project with --project ID or {_PROJECT}")
    url_by_variable = environment.get(_URL, "") if given.data_dir is None else ""
    of_demo = note.key if project == note.project else ""
    return Place(
        settings=settings,
        url=given.url or url_by_variable,
        key=given.key or environment.get(_KEY) or of_demo,
        project=project,
        usual_url=note.url or f"http://{settings.host}:{settings.http_port}",
    )


def read_note(directory: Path) -> Note | None:
    """Read the note of a data directory; None without a whole one."""
    try:
        return Note(**json.loads((directory / _NOTE_FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_note(directory: Path, note: Note) -> None:
    """Leave a note that only this user can read, for it holds a key."""
    unfinished = directory / f"{_NOTE_FILE}.new"
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(note), file)
    unfinished.replace(directory / _NOTE_FILE)
