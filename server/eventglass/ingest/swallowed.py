"""Find rows of a CSV file that a stray quote has put into a cell.

Cells may have line breaks, so `a,2024-05-01,"5 inch` and, rows later, `b,2024-05-02,19"` are one row by
the letter. But all the lines that its last cell holds then are rows, each with a time in its place.
"""

import re
from collections.abc import Callable, Mapping

from eventglass.ingest.accept import Refusal

_BREAK = re.compile(r"\r\n|\r|\n")


def swallowed(
    values: Mapping[str, object], *, delimiter: str, timestamp: str, is_time: Callable[[str], bool]
) -> Refusal | None:
    """Refuse a row of which a cell holds rows.

    Args:
        values: its cells by column, in the file's order.
        delimiter: between cells.
        timestamp: the column of times.
        is_time: tells whether a cell of that column is one.
    """
    for index, (column, cell) in enumerate(values.items()):
        text = str(cell)
        if "\n" not in text and "\r" not in text:  # nearly all
            continue
        rows = [line.split(delimiter) for line in _BREAK.split(text)[1:]]
        place = [*values].index(timestamp)
        # The last of them goes on after the quote that closes the cell.
        sizes = [len(values)] * (len(rows) - 1) + [index + 1]
        if [*map(len, rows)] == sizes and place <= index and all(is_time(row[place]) for row in rows):
            message = f"holds {len(rows):,} further lines that are rows; the quote before it is stray"
            return Refusal(field=column, reason="INVALID_CSV", message=message)
    return None
