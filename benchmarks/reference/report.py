"""What a run measured, as Markdown."""

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.reference.insight import SCAN, Insight
from benchmarks.reference.kept_times import Measured
from benchmarks.reference.promise import promise
from benchmarks.reference.turns import Times

Asked = Sequence[tuple[Insight, Mapping[str, Times]]]

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
    asked = [(each, measured[each.name]) for each in insights if each.name in measured]
    return "\n".join(
        [
            f"{events:,} events, medians of {rounds} rounds in milliseconds; {machine}.\n",
            _service(measured),
            *_compared(asked),
            "Bytes per event on disk: "
            + ", ".join(f"{name} {size:.1f}" for name, size in disk.items())
            + ".",
        ]
    )


def _service(measured: Measured) -> str:
    shown = {head: way for head, way in _SERVICE.items() if all(way in each for each in measured.values())}
    head = ["insight", *shown, "÷ engine", "+ ms", "processor ÷ engine", "÷ scan", "spread"]
    ways = list(shown.values())
    return table(head, [[name, *_of_service(times, ways)] for name, times in measured.items()])


def _of_service(times: Mapping[str, Times], ways: Sequence[str]) -> list[str]:
    ours, engine = times["grpc"], times["engine"]
    return [
        *(_milliseconds(times[way]) for way in ways),
        f"{ours.median / engine.median:.2f}",
        f"{(ours.median - engine.median) * 1000:+.1f}",
        f"{ours.median_cpu / engine.median_cpu:.2f}",
        f"{ours.median / times[SCAN].median:.2f}",
        f"{ours.spread:.0%}",
    ]


def _compared(asked: Asked) -> Iterator[str]:
    """Tell of other layouts and engines, where they were asked."""
    ways = [way for way in _OTHERS if any(way in times for _, times in asked)]
    if ways:
        yield "Other layouts and engines, in milliseconds and as multiples of the service over gRPC:\n"
        yield _others(asked, ways)
        yield "Answers that are not equal to the service's:\n"
        yield "\n".join(_reasons([insight for insight, _ in asked])) + "\n"


def _others(asked: Asked, ways: Sequence[str]) -> str:
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
    return table(head, rows)


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


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table: names in its first column, numbers in the others."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
