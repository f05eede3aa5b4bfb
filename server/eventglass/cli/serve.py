"""`eventglass serve`: run the server until it is told to stop."""

import argparse
import asyncio
import sys
import time
from functools import partial

from eventglass import process
from eventglass.app import serving
from eventglass.backend import opened
from eventglass.cli import demo, paste
from eventglass.cli.place import Note, data_directory, settings_of, write_note
from eventglass.settings import Settings
from eventglass.transport.ports import Ports


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; everything else is in the environment (docs/operations.md)."""
    help_ = 'load the bundled shop data set into a project "demo", and print commands to ask it'
    parser.add_argument("--demo", action="store_true", help=help_)
    data_directory(parser)


def run(given: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM, then let running calls finish."""
    settings = settings_of(given)
    process.configure_logging(settings.log_level)
    process.run(_serve_demo(settings) if given.demo else process.serve(settings, on_ready=_welcome))
    return 0


async def _serve_demo(settings: Settings) -> None:
    async with opened(settings) as backend:
        started = time.monotonic()
        key, added = await demo.load(backend, settings.data_dir)
        if added:
            seconds = time.monotonic() - started
            _say(f'Loaded {added:,} events of the shop data set into project "demo" ({seconds:.1f} s).')
        async with serving(backend, settings) as ports:
            note = Note(project=demo.PROJECT, key=key, url=paste.url_of(ports))
            await asyncio.to_thread(write_note, settings.data_dir, note)
            within = settings.grace_seconds + process.CLOSING_SECONDS
            await process.stopped(partial(_welcome, ports, key), ends_within=within)


def _welcome(ports: Ports, key: str = "") -> None:
    address = paste.url_of(ports)
    _say(f"eventglass is ready: Connect, gRPC-Web and JSON on {address}, gRPC on port {ports.grpc}.")
    if key:
        _say(_first_questions(ports, key))


def _first_questions(ports: Ports, key: str) -> str:
    lines = ["Purchases per month of the shop data set; paste one into another terminal (Ctrl+C here stops):"]
    for title, command in paste.commands(ports, key=key, project=demo.PROJECT):
        lines += ["", f"# {title}", command]
    return "\n".join([*lines, ""])


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
