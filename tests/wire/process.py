"""A server process of its own: `python -m tests.wire.process slow|real FOLDER`.

It prints its ports as one JSON line when it answers, and ends on a signal. The slow one writes BEGAN to
its standard error whenever a statement begins.
"""

import json
import sys
from pathlib import Path

from eventglass.app import running
from eventglass.process import configure_logging, run, serve, stopped
from eventglass.settings import Settings
from eventglass.transport.ports import Ports
from tests.patience import PATIENCE
from tests.wire.fakes import FakeGrants, SlowEngine, fake_methods

BEGAN = "a statement begins"
# Longer than tests wait for anything: what took it would make them fail.
_GRACE_SECONDS = 600.0


def _announce(ports: Ports) -> None:
    sys.stdout.write(json.dumps({"http": ports.http, "grpc": ports.grpc}) + "\n")
    sys.stdout.flush()


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


async def _slow(settings: Settings) -> None:
    """Serve fakes whose queries take two seconds."""
    engine = SlowEngine(began=lambda: _say(BEGAN))
    methods = fake_methods(engine)
    async with running(methods, grants=FakeGrants(), ready=engine.ping, settings=settings) as ports:
        await stopped(lambda: _announce(ports), ends_within=PATIENCE)


def main() -> None:
    kind, folder = sys.argv[1:]
    settings = Settings(data_dir=Path(folder), http_port=0, grpc_port=0, grace_seconds=_GRACE_SECONDS)
    configure_logging(settings.log_level)
    run(serve(settings, on_ready=_announce) if kind == "real" else _slow(settings))


if __name__ == "__main__":
    main()
