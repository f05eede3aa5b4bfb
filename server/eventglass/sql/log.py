"""Pages of the log: stored events by time.

The table is not in the order of time, and an event is wide. So the time at which the page ends is found
first, which reads what the conditions read and nothing else; the events themselves are then only read
up to there.
"""

from eventglass.planning.log import LogPage
from eventglass.planning.properties import Fact
from eventglass.sql import values
from eventglass.sql.conditions import holds
from eventglass.sql.erasures import events_remain
from eventglass.sql.fragment import Fragment, clauses, joined, sql, statement, value
from eventglass.sql.source import named
from eventglass.sql.statement import Statement
from eventglass.sql.when import instant, not_after, not_before

# One row per event, in the order of the page.
_COLUMNS = (
    sql("event_id"),
    sql("event"),
    sql("toUnixTimestamp64Milli(time)"),
    sql("toUnixTimestamp64Milli(received_at)"),
    sql("ifNull({person}, '')", person=values.text(Fact.PERSON_ID)),
    sql("user_id"),
    sql("anonymous_id"),
    sql("session_id"),
    sql("toJSONString(properties)"),
    sql("context"),
)


def log_page(page: LogPage) -> Statement:
    """Select the events of a page, and one more if there are more."""
    return statement(
        sql(
            """\
SELECT
    {columns}
FROM events
WHERE {conditions}
    AND time {nearer} (
        SELECT {last}(time)
        FROM (
            SELECT time
            FROM events
            WHERE {again}
            ORDER BY time {direction}
            LIMIT {rows}))
ORDER BY time {direction}, event_id {direction}
LIMIT {rows}""",
            columns=joined(",\n", _COLUMNS),
            conditions=clauses(conditions(page)),
            again=clauses(conditions(page)),
            nearer=sql(">=" if page.newest_first else "<="),
            last=sql("min" if page.newest_first else "max"),
            direction=sql("DESC" if page.newest_first else "ASC"),
            rows=value("UInt32", page.size + 1),
        ),
        columns=len(_COLUMNS),
    )


def log_count(page: LogPage) -> Statement:
    """Count the events of a page and all later ones."""
    counted = sql("SELECT count()\nFROM events\nWHERE {conditions}", conditions=clauses(conditions(page)))
    return statement(counted, columns=1)


def conditions(page: LogPage) -> list[Fragment]:
    """Tell which events are on this page or a later one."""
    return [
        sql("project_id = {project}", project=value("String", page.project_id)),
        not_after(page.end - 1),
        *([not_before(page.start)] if page.start is not None else []),
        *_arrived(page),
        *events_remain(page),
        *_further(page),
        *([named(list(page.names))] if page.names else []),
        holds(page.condition, page.zone),
    ]


def _arrived(page: LogPage) -> list[Fragment]:
    bounds = [("<=", page.pin.watermark), (">", page.arrived_after)]
    return [sql(f"received_at {order} {{at}}", at=instant(at)) for order, at in bounds if at is not None]


def _further(page: LogPage) -> list[Fragment]:
    """Keep what comes after the page before."""
    if page.after is None:
        return []
    order = "<" if page.newest_first else ">"
    # The first condition says nothing new, but partitions and granules are left out by it.
    return [
        sql(f"time {order}= {{at}}", at=instant(page.after.time_ms)),
        sql(
            f"(time {order} {{at}} OR event_id {order} {{event_id}})",
            at=instant(page.after.time_ms),
            event_id=value("String", page.after.event_id),
        ),
    ]
