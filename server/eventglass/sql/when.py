"""Times as SQL: instants, ranges and buckets."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise

from eventglass.engine.layout import AFTER_LAST_TIME, FIRST_TIME
from eventglass.planning.ranges import Range
from eventglass.sql.evenly import begin_of
from eventglass.sql.fragment import Fragment, every, joined, sql, value

_DAY = 86_400_000
_EPOCH = date(1970, 1, 1).toordinal()


# A range's ends stand in its statement several times.
@lru_cache(maxsize=1_024)
def instant(at: int) -> Fragment:
    """Write an instant as the time column has it, kept within the years it can hold."""
    return sql("fromUnixTimestamp64Milli({at}, 'UTC')", at=value("Int64", _bounded(at)))


@lru_cache(maxsize=1_024)
def day(at: int) -> Fragment:
    """Write the day (UTC) of an instant; the engine takes 0.1 ms to find it out itself."""
    return value("Date32", date.fromordinal(_EPOCH + _bounded(at) // _DAY))


def _bounded(at: int) -> int:
    return min(max(at, FIRST_TIME), AFTER_LAST_TIME - 1)


def within(range_: Range, latest: int, *, column: str = "time") -> Fragment:
    """Tell whether a time is in a range, and not later than the latest of which there are events."""
    return sql(
        f"({column} >= {{start}} AND {column} < {{end}})",
        start=instant(range_.start),
        end=instant(min(range_.end, latest + 1)),
    )


def not_before(at: int) -> Fragment:
    """Keep what is of an instant or later.

    The index of events has days, and a condition on their times does not reach it. To find out an
    event's day costs a tenth of reading it, so only the index is asked for days.
    """
    if at >= AFTER_LAST_TIME:
        return sql("0")
    return sql("(indexHint(toDate32(time) >= {day}) AND time >= {at})", day=day(at), at=instant(at))


def not_after(at: int) -> Fragment:
    """Keep what is of an instant or earlier; by its day in the index, too, as `not_before` says."""
    if at < FIRST_TIME:
        return sql("0")
    return sql("(indexHint(toDate32(time) <= {day}) AND time <= {at})", day=day(at), at=instant(at))


def on_whole_days(first: int, last: int) -> Fragment:
    """Keep what is of the days (UTC) from that of one instant to that of another."""
    return every([not_before(first - first % _DAY), not_after(last - last % _DAY + _DAY - 1)])


def on_days(first: int, last: int, *, column: str = "toDate32(time)") -> Fragment:
    """Keep the days (UTC) from that of one instant to that of another."""
    return sql(f"{column} BETWEEN {{first}} AND {{last}}", first=day(first), last=day(last))


def comparison(ranges: Sequence[Range], latest: int, *, column: str = "time") -> Fragment:
    """Tell in which range a time is, by position; one row for each, where ranges overlap."""
    ordered = sorted(ranges, key=lambda each: each.start)
    disjoint = all(before.end <= after.start for before, after in pairwise(ordered))
    return position(
        [(at, within(each, latest, column=column)) for at, each in enumerate(ranges)], disjoint=disjoint
    )


def bucket(edges: Sequence[tuple[int, ...]], *, column: str = "time") -> Fragment:
    """Tell where the bucket begins that a time falls in, in milliseconds."""
    at = sql(f"toUnixTimestamp64Milli({column})")
    begins = [begin_of(at, each) for each in edges]
    if len(begins) == 1:
        return begins[0]
    cases = [sql(f"comparison = {at}, {{begin}}", begin=each) for at, each in enumerate(begins[:-1])]
    return sql("multiIf({cases}, {last})", cases=joined(", ", cases), last=begins[-1])


def position(conditions: Sequence[tuple[int, Fragment]], *, disjoint: bool) -> Fragment:
    """Tell which of the conditions a row meets, by number; one row for each, where it can meet several."""
    if len(conditions) == 1:
        return sql(str(conditions[0][0]))
    if disjoint:
        cases = [sql(f"{{condition}}, {at}", condition=each) for at, each in conditions[:-1]]
        return sql(f"multiIf({{cases}}, {conditions[-1][0]})", cases=joined(", ", cases))
    met = [sql(f"if({{condition}}, {at}, -1)", condition=each) for at, each in conditions]
    return sql("arrayJoin(arrayFilter(at -> at >= 0, [{met}]))", met=joined(", ", met))
