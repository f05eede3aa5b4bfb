"""The memory of a server that is asked the reference insights, each by itself.

    python -m benchmarks.reference.memory [--events 1000000] [--rounds 3] [--folder var/bench]

The world is that of the reference insights; the server is a process of its own, and answers one caller,
everything anew.
"""

import argparse
from pathlib import Path

import grpc

from benchmarks.reference.callers import over_grpc
from benchmarks.reference.insight import read_insights
from benchmarks.reference.machine import machine
from benchmarks.reference.report import table
from benchmarks.reference.served import PROJECT
from benchmarks.reference.world import ENVIRONMENT
from benchmarks.server_process import make_key, start
from eventglass.process import configure_logging


def main() -> None:
    """Print the most memory that the server had resident, by insight."""
    parser = argparse.ArgumentParser(description="Memory of a server while it answers.")
    parser.add_argument("--events", type=int, default=1_000_000, help="how many the world has")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is asked")
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="where worlds are kept")
    asked = parser.parse_args()
    configure_logging("error")
    found = _peaks(asked.folder / str(asked.events), rounds=asked.rounds)
    print(f"{asked.events:,} events; {machine()}.\n")
    print(
        table(["while it is asked", "MiB at most"], [[name, f"{most:.0f}"] for name, most in found.items()])
    )


def _peaks(world: Path, *, rounds: int) -> dict[str, float]:
    """Ask a server of a world, and give its peaks in MiB: as it starts, and by the insight's name."""
    secret = make_key(world, PROJECT.id)
    server = start(world, log=world / "server.log", settings=ENVIRONMENT)
    try:
        found = {"nothing yet": server.peak_mib()}
        with grpc.insecure_channel(server.grpc) as channel:
            for insight in read_insights():
                ask = over_grpc(channel, secret, insight.request)
                server.forget_peak()
                for _ in range(rounds):
                    ask()
                found[insight.name] = server.peak_mib()
        return found
    finally:
        server.stop()


if __name__ == "__main__":
    main()
