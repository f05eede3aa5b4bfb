"""What arrived since a rollup was gathered, which is read from the events themselves."""

from eventglass.planning.selection import Selection
from eventglass.sql.fragment import Fragment, sql
from eventglass.sql.when import instant


def arrived_late(selection: Selection, table: str) -> list[Fragment]:
    """Keep the events that a table of rollups lacks, as one condition; none if there are no such events."""
    until = selection.gathered.get(table)
    if until is None:
        return [sql(f"received_at >= (SELECT max(until) FROM {table}_until)")]
    if selection.newest < until:
        return []
    return [sql("received_at >= {until}", until=instant(until))]
