"""What rows are grouped by: keys that differ from row to row, for the engine looks at each key of every row.

With one series `series` is 0 in all rows, and with one range `comparison` is.
"""

from collections.abc import Sequence

from eventglass.planning.selection import Selection


def varying(keys: Sequence[str], selection: Selection) -> list[str]:
    """Leave out the keys that are 0 in all rows; if all are, none: without a key even no rows are a group."""
    return [key for key in keys if not _is_zero(key, selection)] or list(keys)


def selected(keys: Sequence[str], selection: Selection) -> list[str]:
    """Write the columns of a SELECT that has these keys and groups by those that vary."""
    by = varying(keys, selection)
    return [key if key in by else f"0 AS {key}" for key in keys]


def selected_series(selection: Selection) -> str:
    """Write the column of the series, of a SELECT that has more keys than that."""
    return "0 AS series" if _is_zero("series", selection) else "series"


def _is_zero(key: str, selection: Selection) -> bool:
    match key:
        case "series":
            return len(selection.series) == 1
        case "comparison":
            return len(selection.ranges) == 1
        case _:
            return False
