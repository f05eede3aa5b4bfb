"""The reference insights through the service, and by the other ways, in turns.

    python -m benchmarks.reference [--events 1000000] [--rounds 7] [--folder var/bench] [--alone]

The world is made at the first run of its size; what was measured is kept beside it, and written into a
page that is named by `--page`. How the service grows is told `--alone`: of a hundred million events, what
it is compared with takes as long to make again, and longer to answer.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.reference.callers import callers
from benchmarks.reference.contenders import check, contenders
from benchmarks.reference.disk import bytes_per_event
from benchmarks.reference.engines import Engine, chdb, duck
from benchmarks.reference.insight import SCAN, Insight, read_insights
from benchmarks.reference.kept_times import keep
from benchmarks.reference.machine import machine
from benchmarks.reference.page import rewritten
from benchmarks.reference.report import report
from benchmarks.reference.served import served, settle
from benchmarks.reference.turns import Times, in_turns
from benchmarks.reference.world import LAYOUTS, PROMOTED, SERVICE, bare_client, make_world, settle_in
from eventglass.process import configure_logging
from eventglass.settings import Settings

_SECONDS = 120.0
# What is timed of the service alone.
_ALONE = ("grpc", "engine", SCAN)


def main() -> None:
    """Measure, print, and keep what was measured."""
    asked = _arguments()
    configure_logging("error")
    world = asked.folder / str(asked.events)
    make_world(world, asked.events, SERVICE if asked.alone else LAYOUTS)
    settle_in(world)
    insights = [each.alone() if asked.alone else each for each in read_insights()]
    now = _measure(world, [each for each in insights if asked.only in each.name], asked)
    measured = keep(world, now, names=[each.name for each in insights])
    with bare_client(world) as client:
        disk = bytes_per_event(client, world, asked.events)
    text = report(measured, insights, events=asked.events, machine=machine(), disk=disk)
    print(text)
    if asked.page:
        page = rewritten(asked.page.read_text("utf-8"), f"{asked.events} events", text)
        asked.page.write_text(page, "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time the reference insights in turns.")
    parser.add_argument("--events", type=int, default=1_000_000, help="how many the world has")
    parser.add_argument("--rounds", type=int, default=7, help="how often each runs, after one to warm up")
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="where worlds are kept")
    parser.add_argument(
        "--only", default="", help="insights with this in their names; others stay as they were"
    )
    parser.add_argument("--alone", action="store_true", help="the service, its engine and the scan alone")
    parser.add_argument("--page", type=Path, help="a page to write the tables into")
    return parser.parse_args()


def _measure(world: Path, insights: list[Insight], asked: argparse.Namespace) -> dict[str, dict[str, Times]]:
    """Time every way of every insight, by their names."""
    settings = Settings(
        data_dir=world, http_port=0, grpc_port=0, max_seconds=_SECONDS, promoted_properties=PROMOTED
    )
    measured = {}
    with (
        served(settings) as server,
        callers(server) as asking,
        bare_client(world) as client,
        _engines(world, chdb(client), alone=asked.alone) as engines,
    ):
        settle()
        for insight in insights:
            apart = check(insight, callers=asking, engines=engines)
            ways = contenders(insight, server=server, callers=asking, client=client, engines=engines)
            ways = {way: run for way, run in ways.items() if way in _ALONE or not asked.alone}
            measured[insight.name] = in_turns(ways, rounds=asked.rounds)
            shares = ", ".join(f"{way} {share:.2%}" for way, share in apart.items())
            print(f"measured {insight.name}; answers are apart: {shares}", flush=True)
    return measured


@contextmanager
def _engines(world: Path, ours: Engine, *, alone: bool) -> Iterator[dict[str, Engine]]:
    """Open what statements run on, by their ways."""
    if alone:
        yield {SCAN: ours}
        return
    with duck(world) as on_duck:
        yield {SCAN: ours, "peer": ours, "rollup": ours, "duckdb": on_duck}


if __name__ == "__main__":
    main()
