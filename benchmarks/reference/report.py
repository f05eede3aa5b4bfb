"""What a run measured, as Markdown."""

from collections.abc import Mapping, Sequence

from benchmarks.reference.insight import SCAN, Insight
from benchmarks.reference.promise import promise
from benchmarks.reference.turns import Times

# By insight, then by way.
Measured = Mapping[str, Mapping[str, Times]]

# The service's table: its ways by their headings.
_SERVICE = {
    "gRPC": "grpc",
    "Connect": "connect",
    "JSON": "json",
    "kept": "kept",
    "engine": "engine",
    "scan": SCAN,
}
_OTHERS = {"peer": "peer", "rollup": "peer's rollup", "duckdb": "DuckDB"}


def report(
    measured: Measured, insights: Sequence[Insight], *, events: int, machine: str, disk: Mapping[str, float]
) -> str:
    """Write a run's tables.

    Args:
        measured: what each way took.
        insights: what was asked.
        events: how many the world has.
        machine: in one line.
        disk: bytes per event, by layout.
    """
    rounds = len(next(iter(next(iter(measured.values())).values())).wall)
    asked = [(each, measured[each.name]) for each in insights]
    return "\n".join(
        [
            f"{events:,} events, medians of {rounds} rounds in milliseconds; {machine}.\n",
            _service(measured),
            "Other layouts and engines, in milliseconds and as multiples of the service over gRPC:\n",
            _others(asked),
            "Answers that are not equal to the service's:\n",
            *_reasons(insights),
            "\nBytes per event on disk: "
            + ", ".join(f"{name} {size:.1f}" for name, size in disk.items())
            + ".",
        ]
    )


def _service(measured: Measured) -> str:
    head = ["insight", *_SERVICE, "÷ engine", "+ ms", "processor ÷ engine", "÷ scan", "spread"]
    return _table(head, [[name, *_of_service(times)] for name, times in measured.items()])


def _of_service(times: Mapping[str, Times]) -> list[str]:
    ours, engine = times["grpc"], times["engine"]
    return [
        *(_milliseconds(times[way]) for way in _SERVICE.values()),
        f"{ours.median / engine.median:.2f}",
        f"{(ours.median - engine.median) * 1000:+.1f}",
        f"{ours.median_cpu / engine.median_cpu:.2f}",
        f"{ours.median / times[SCAN].median:.2f}",
        f"{ours.spread:.0%}",
    ]


def _others(asked: Sequence[tuple[Insight, Mapping[str, Times]]]) -> str:
    ways = [way for way in _OTHERS if any(way in times for _, times in asked)]
    head = ["insight", "gRPC", *(cell for way in ways for cell in (_OTHERS[way], "×"))]
    rows = []
    for insight, times in asked:
        row = [insight.name, _milliseconds(times["grpc"])]
        for way in ways:
            if way in times:
                row += [_milliseconds(times[way]), f"{times[way].median / times['grpc'].median:.1f}"]
            else:
                row += ["", ""]
        rows.append(row)
    return _table(head, rows)


def _reasons(insights: Sequence[Insight]) -> list[str]:
    said = [
        (insight.name, _OTHERS[way], promise(statements[0]))
        for insight in insights
        for way, statements in insight.statements.items()
        if way != SCAN
    ]
    return [f"- {name}, {way}: {each.shown}, {each.reason}" for name, way, each in said if each.reason]


def _milliseconds(times: Times) -> str:
    return f"{times.median * 1000:.1f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
