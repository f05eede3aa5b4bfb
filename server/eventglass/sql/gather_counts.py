"""What counts events by the hour, and sums the numbers of promoted properties (see ingest/event_hours.py)."""

from dataclasses import dataclass

from eventglass.planning.properties import EventProperty
from eventglass.sql import values
from eventglass.sql.fragment import Fragment, joined, listed, quoted, sql, statement, value
from eventglass.sql.promoted import column_name
from eventglass.sql.statement import Statement

_AT = "toUnixTimestamp64Milli(time)"
# The begin of an event's hour (UTC): toStartOfHour ends at 1970 and 2106.
HOUR = f"fromUnixTimestamp64Milli({_AT} - positiveModulo({_AT}, 3600000), 'UTC')"

# The rule of sql/erasures.py, for all projects at once. Nobody has the key 0.
_REMAINING = """
ANY LEFT JOIN (
    SELECT project_id AS of_project, own, max(until) AS gone_until
    FROM erasures
    WHERE with_events
    GROUP BY of_project, own) AS gone ON of_project = project_id AND own = person
WHERE own = 0 OR least(time, received_at) > gone_until"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Which arrivals one call gathers, and how.

    Args:
        edition: of the rows.
        call: its number.
        since_ms: the first arrival, in milliseconds since 1970.
        until_ms: the first one after them.
        summed: the promoted properties whose numbers are summed.
        is_any_erased: there are persons who were erased, with their events.
        memory_bytes: beyond it, groups wait on disk.
    """

    edition: int
    call: int
    since_ms: int
    until_ms: int
    summed: tuple[str, ...]
    is_any_erased: bool
    memory_bytes: int


def counting(gathering: Gathering) -> Statement:
    """Gather how many events each name has in which hour."""
    keys = {"project_id": sql("project_id"), "event": sql("event"), "hour": sql(HOUR)}
    return _gathered("event_hours", keys, [], gathering)


def counting_values(gathering: Gathering, name: str) -> Statement:
    """Gather how many events of each name have which value of a promoted property in which hour."""
    keys = {
        "project_id": sql("project_id"),
        "property": value("String", name),
        "event": sql("event"),
        "hour": sql(HOUR),
        "value": sql("value"),
    }
    read = sql("{column} AS value", column=quoted(column_name(name)))
    return _gathered("property_hours", keys, [read], gathering)


def _gathered(
    table: str, keys: dict[str, Fragment], reads: list[Fragment], gathering: Gathering
) -> Statement:
    columns = {
        **keys,
        "edition": value("UInt64", gathering.edition),
        "call": value("UInt64", gathering.call),
        "events": sql("count()"),
        **({"sums": _sums(gathering.summed)} if gathering.summed else {}),
    }
    insert = sql(
        f"""\
INSERT INTO {table} ({", ".join(columns)})
SELECT
    {{columns}}
FROM (
    {{arrived}}) AS arrived{{remaining}}
GROUP BY ALL
SETTINGS max_execution_time = 0, max_bytes_before_external_group_by = {gathering.memory_bytes}""",
        columns=listed(columns.values()),
        arrived=_arrived(reads, gathering),
        remaining=sql(_REMAINING if gathering.is_any_erased else ""),
    )
    return statement(insert, columns=0)


def _arrived(reads: list[Fragment], gathering: Gathering) -> Fragment:
    """Select the events, with the number that each property has, if it has one."""
    numbers = [
        sql(f"{{number}} AS number_{at}", number=values.numeric(EventProperty(name, promoted=True)))
        for at, name in enumerate(gathering.summed)
    ]
    return sql(
        """\
SELECT
    {columns}
FROM events
WHERE received_at >= fromUnixTimestamp64Milli({since})
    AND received_at < fromUnixTimestamp64Milli({until})""",
        columns=listed([sql("project_id, event, time, received_at, person"), *reads, *numbers]),
        since=value("Int64", gathering.since_ms),
        until=value("Int64", gathering.until_ms),
    )


def _sums(names: tuple[str, ...]) -> Fragment:
    """Sum up the numbers of each property that has some."""
    of_names = [
        sql(f"{{name}}, (count(number_{at}), ifNull(sumKahan(number_{at}), 0))", name=value("String", name))
        for at, name in enumerate(names)
    ]
    return sql("mapFilter((name, each) -> each.1 > 0, map({of_names}))", of_names=joined(", ", of_names))
