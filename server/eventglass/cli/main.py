"""`eventglass`: the subcommands, and how their errors are told."""

import argparse
import importlib
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, cast

import structlog

from eventglass.cli.legible import legible
from eventglass.errors import EventglassError, InvalidArgumentError

# What a shell reports for a program that SIGINT ended.
_INTERRUPTED: Final = 130
_FAILED: Final = 1
_MISUSED: Final = 2


class Part(Protocol):
    """The module of a subcommand."""

    def arguments(self, parser: argparse.ArgumentParser, /) -> None:
        """Declare what it takes."""

    def run(self, given: argparse.Namespace, /) -> int:
        """Do it, and give the exit code; raises EventglassError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A subcommand.

    Args:
        help: what it is for, in one line.
        module: what declares its arguments and runs it. It is loaded when the subcommand is asked for:
            the engine and the servers take more than a second.
    """

    help: str
    module: str

    def part(self) -> Part:
        """Load the module."""
        return cast("Part", importlib.import_module(self.module))


COMMANDS: Final = {
    "serve": Command(help="run the server", module="eventglass.cli.serve"),
    "import": Command(help="add the events of a file", module="eventglass.cli.importing"),
    "query": Command(help="answer a query", module="eventglass.cli.query"),
    "erase": Command(help="take what was erased of persons off the disk", module="eventglass.cli.erase"),
    "project": Command(help="create or list projects", module="eventglass.cli.project"),
    "key": Command(help="create, list or revoke keys", module="eventglass.cli.key"),
    "audience": Command(help="create, list or delete audiences", module="eventglass.cli.audience"),
    "version": Command(help="print the version", module="eventglass.cli.version"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and give the exit code: 0, 1 for a failure, 2 for a wrong request."""
    words = sys.argv[1:] if arguments is None else arguments
    # Standard output is for answers; `serve` logs in a form of its own.
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal of few characters gets escapes of the others, as on standard error.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        parsed = parser(words).parse_args(words)
        return COMMANDS[parsed.command].part().run(parsed)
    except EventglassError as error:
        return _tell(error)
    except UnicodeEncodeError:
        # Arguments may be any bytes, and so may the names of files; all else here is text.
        sys.stderr.write("eventglass: an argument is not UTF-8\n")
        return _MISUSED
    except BrokenPipeError:
        # Whoever read the output has seen enough, as in `eventglass query … | head`.
        sys.stderr.close()
        return _FAILED
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"eventglass: {legible(f'{named}{error.strerror or error}')}\n")
        return _FAILED
    except KeyboardInterrupt:
        sys.stderr.write("eventglass: interrupted\n")
        return _INTERRUPTED


def parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Make the parser of the command, whole for the subcommands that `arguments` name."""
    made = argparse.ArgumentParser(prog="eventglass", description="Product analytics as a service.")
    subparsers = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        subparser = subparsers.add_parser(
            name, help=command.help, description=command.help.capitalize() + "."
        )
        if name in arguments:
            command.part().arguments(subparser)
    return made


def _tell(error: EventglassError) -> int:
    """Write an error to standard error: one line, and one more per further violation."""
    first, *others = error.violations or (None,)
    if first is None or not others:
        lines = [error.message]
    else:
        lines = [f"{found.field}: {found.description}" for found in error.violations]
    sys.stderr.write("".join(f"eventglass: {legible(line)}\n" for line in lines))
    return _MISUSED if isinstance(error, InvalidArgumentError) else _FAILED


if __name__ == "__main__":
    sys.exit(main())
