"""What a run measured, as Markdown."""

from collections.abc import Mapping, Sequence

from benchmarks.reference.turns import Times

# By insight, then by way.
Measured = Mapping[str, Mapping[str, Times]]

# The service's table: its ways by their headings.
_WAYS = {
    "gRPC": "grpc",
    "Connect": "connect",
    "JSON": "json",
    "kept": "kept",
    "engine": "engine",
    "scan": "scan",
}


def report(measured: Measured, *, events: int, machine: str) -> str:
    """Write a run's tables.

    Args:
        measured: what each way took.
        events: how many the world has.
        machine: in one line.
    """
    rounds = len(next(iter(next(iter(measured.values())).values())).wall)
    return (
        f"{events:,} events, medians of {rounds} rounds in milliseconds; {machine}.\n\n{_service(measured)}"
    )


def _service(measured: Measured) -> str:
    head = ["insight", *_WAYS, "÷ engine", "+ ms", "processor ÷ engine", "÷ scan", "spread"]
    return _table(head, [[name, *_of_service(times)] for name, times in measured.items()])


def _of_service(times: Mapping[str, Times]) -> list[str]:
    ours, engine = times["grpc"], times["engine"]
    return [
        *(f"{times[way].median * 1000:.1f}" for way in _WAYS.values()),
        f"{ours.median / engine.median:.2f}",
        f"{(ours.median - engine.median) * 1000:+.1f}",
        f"{ours.median_cpu / engine.median_cpu:.2f}",
        f"{ours.median / times['scan'].median:.2f}",
        f"{ours.spread:.0%}",
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
