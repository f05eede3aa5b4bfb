"""How the service's times grow with the world: what an answer costs for each event that the world has.

    python -m benchmarks.reference.growth [--folder var/bench] [--page docs/performance.md]

Reads what the runs in a folder measured over gRPC.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

from benchmarks.reference.kept_times import read_kept
from benchmarks.reference.page import rewritten
from benchmarks.reference.report import table

# Median seconds by the world's events, for each insight.
Growth = Mapping[str, Mapping[int, float]]


def growth(folder: Path) -> Growth:
    """Read the medians over gRPC of all worlds in a folder, the smallest first."""
    found: dict[str, dict[int, float]] = {}
    for path in sorted(folder.glob("*/times.json"), key=lambda each: int(each.parent.name)):
        for insight, ways in read_kept(path.parent).items():
            found.setdefault(insight, {})[int(path.parent.name)] = ways["grpc"].median
    return found


def costs(lines: Growth) -> str:
    """Write a table of nanoseconds for each event, and of how the largest world's are to the next one's."""
    sizes = sorted({size for line in lines.values() for size in line})
    head = ["insight", *(f"{size:,} events" for size in sizes), "the last ÷ the one before"]
    rows = []
    for insight, line in lines.items():
        nanoseconds = {size: seconds / size * 1e9 for size, seconds in line.items()}
        shown = [f"{nanoseconds[size]:.2f}" if size in nanoseconds else "" for size in sizes]
        whole = len(nanoseconds) == len(sizes) > 1
        rows.append(
            [insight, *shown, f"{nanoseconds[sizes[-1]] / nanoseconds[sizes[-2]]:.2f}" if whole else ""]
        )
    return table(head, rows)


def main() -> None:
    """Print the table, and write it into a page that is named."""
    parser = argparse.ArgumentParser(description="Tell what an answer costs for each event.")
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="where worlds are kept")
    parser.add_argument("--page", type=Path, help="a page to write the table into")
    asked = parser.parse_args()
    text = costs(growth(asked.folder))
    print(text)
    if asked.page:
        asked.page.write_text(rewritten(asked.page.read_text("utf-8"), "growth", text), "utf-8")


if __name__ == "__main__":
    main()
