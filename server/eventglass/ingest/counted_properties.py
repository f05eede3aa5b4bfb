"""Of which promoted properties the values are counted by the hour: of those with few (event_hours.py)."""

from collections.abc import Collection

from eventglass.engine.engine import Limits
from eventglass.engine.pool import Pool
from eventglass.sql.fragment import Fragment, joined, quoted, sql, statement, value
from eventglass.sql.promoted import column_name

# Of more values there would be as many rows as events, or nearly.
_MOST_VALUES = 1_000


async def with_few_values(
    engine: Pool, names: Collection[str], *, since_ms: int, until_ms: int
) -> dict[str, bool]:
    """Say of promoted properties whether so few different values arrived in a time that each is counted.

    Args:
        engine: where events are.
        names: the properties'.
        since_ms: the first arrival, in milliseconds since 1970.
        until_ms: the first one after them.

    Raises:
        EventglassError: as the engine does.
    """
    if not names:
        return {}
    wanted = sorted(names)
    different = statement(_different(wanted, since_ms, until_ms), columns=len(wanted))
    numbers = (await engine.look_up(different, Limits())).columns
    return {name: number <= _MOST_VALUES for name, (number,) in zip(wanted, numbers, strict=True)}


def _different(names: Collection[str], since_ms: int, until_ms: int) -> Fragment:
    """Select about how many values each has."""
    numbers = [sql("uniqHLL12({column})", column=quoted(column_name(each))) for each in names]
    return sql(
        """\
SELECT {numbers}
FROM events
WHERE received_at >= fromUnixTimestamp64Milli({since})
    AND received_at < fromUnixTimestamp64Milli({until})""",
        numbers=joined(", ", numbers),
        since=value("Int64", since_ms),
        until=value("Int64", until_ms),
    )
