"""Retention as one statement: a row per person and start (starts.py), per cohort and returns, per cell."""

from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.retention import Retention
from eventglass.sql.bucket_numbers import fit_in_a_mask, in_order
from eventglass.sql.fragment import Fragment, listed, sql, value
from eventglass.sql.sortable import typed_in_text
from eventglass.sql.starts import started


def retained(retention: Retention) -> Fragment:
    """Select `of_value, cohort, period, persons[, place, kept_0 …]`.

    Columns:
        of_value: 0 for the rows of all persons together, 1 for those of one value of the breakdown.
        cohort: the number of the cohort's period in the range, from 1.
        period: of a return the number of its period in the range, and `cohort` for the cohort itself;
            with own periods, their number after the start, and 0 for the cohort itself.
        persons: how many. With ON_OR_AFTER a person stands in the last period of a return alone.
        place, kept_0 …: the rank of the value from 1 (other after the last), and it.
    """
    breakdown = retention.breakdown
    hides = breakdown is not None and breakdown.hide_other
    return sql(
        """\
SELECT
    of_value,
    cohort,
    period,
    sum(of_persons) AS persons{kept}
FROM (
    SELECT
        arrayJoin({of_value}) AS of_value,
        cohort,
        arrayJoin(periods) AS period,
        of_persons{of_kept}
    FROM (
        {cohorts}))
{hidden}GROUP BY of_value, cohort, period{place}""",
        kept=_kept(breakdown),
        of_value=sql("[0, 1]" if breakdown else "[0]"),
        of_kept=_of_kept(breakdown),
        cohorts=_placed(retention),
        hidden=sql("WHERE of_value = 0 OR place <= {limit}\n", limit=_limit(breakdown)) if hides else sql(""),
        place=sql(", place" if breakdown else ""),
    )


def width(retention: Retention) -> int:
    """Count the columns that `retained` selects."""
    return 4 + (1 + len(retention.breakdown.operands) if retention.breakdown else 0)


def _kept(breakdown: Breakdown | None) -> Fragment:
    """The place of a value, and the value, which is the same for a place."""
    if breakdown is None:
        return sql("")
    of = len(breakdown.operands)
    read = [typed_in_text(sql("any(kept)"), at, of=of) for at in range(of)]
    columns = [sql("place"), *(sql(f"{{read}} AS kept_{at}", read=each) for at, each in enumerate(read))]
    return sql(",\n{columns}", columns=listed(columns))


def _of_kept(breakdown: Breakdown | None) -> Fragment:
    """The place and the text of a row that is about a value; nothing for the others."""
    if breakdown is None:
        return sql("")
    return sql(
        """\
,
if(of_value = 1, least(rank, {limit} + 1), 0) AS place,
if(of_value = 1 AND rank <= {limit}, text, '') AS kept""",
        limit=_limit(breakdown),
    )


def _limit(breakdown: Breakdown | None) -> Fragment:
    return value("UInt64", breakdown.limit if breakdown else 0)


def _placed(retention: Retention) -> Fragment:
    """Rank the values by the sum of their cohorts' sizes; as they are without a breakdown."""
    if retention.breakdown is None:
        return _cohorts(retention)
    return sql(
        """\
SELECT
    *,
    dense_rank() OVER (ORDER BY size DESC, text) AS rank
FROM (
    SELECT
        *,
        sum(of_persons) OVER (PARTITION BY text) AS size
    FROM (
        {cohorts}))""",
        cohorts=_cohorts(retention),
    )


def _cohorts(retention: Retention) -> Fragment:
    """Select `cohort, text, periods, of_persons`: the own period, and those in which so many returned."""
    periods = _periods(retention)
    persons = started(retention)
    if not _has_few_answers(retention):
        return sql(
            """\
SELECT
    *,
    {periods} AS periods,
    1 AS of_persons
FROM (
    {persons})""",
            periods=periods,
            persons=persons,
        )
    return sql(
        """\
SELECT
    *,
    {periods} AS periods
FROM (
    SELECT
        {kept},
        count() AS of_persons
    FROM (
        {persons})
    GROUP BY {kept})""",
        periods=periods,
        kept=sql("cohort, text, returns" if retention.breakdown else "cohort, returns"),
        persons=persons,
    )


def _has_few_answers(retention: Retention) -> bool:
    """Tell whether the returns of a person are one integer, so that equal ones are counted first."""
    return retention.length is None and fit_in_a_mask(retention.edges[:-1])


def _periods(retention: Retention) -> Fragment:
    """Put a cohort's own period before those of returns that its cells show."""
    own = sql("cohort" if retention.length is None else "toInt64(0)")
    return sql("arrayPushFront({later}, {own})", own=own, later=_later(retention))


def _later(retention: Retention) -> Fragment:
    """List the periods of returns after the own one; with ON_OR_AFTER the last of them says it all."""
    is_later = "period > cohort" if retention.length is None else "period > 0"
    last = _last_shown(retention)
    if not retention.on_or_after:
        is_shown = sql(f"{is_later} AND period <= {{last}}", last=last) if last else sql(is_later)
        return _returned(retention, is_shown)
    later = sql("arraySlice(arrayReverseSort({later}), 1, 1)", later=_returned(retention, sql(is_later)))
    if last is None:
        return later
    # Who returns after the last cell counts for it, too.
    return sql(
        f"""\
arrayFilter(
    period -> {is_later},
    arrayMap(period -> least(period, {{last}}), {{later}}))""",
        last=last,
        later=later,
    )


def _last_shown(retention: Retention) -> Fragment | None:
    """Say which period a cohort's last cell is of; None where there are cells up to the range's end."""
    after = retention.cells - 1
    if after >= len(retention.edges) - 2:
        return None
    if retention.length is None:
        return sql("cohort + {after}", after=value("UInt32", after))
    return value("Int64", after)


def _returned(retention: Retention, condition: Fragment) -> Fragment:
    """List the different periods of a person's returns that meet a condition."""
    if retention.length is None:
        returns = in_order(retention.edges[:-1], sql("returns"))
        return sql("arrayFilter(period -> {condition}, {returns})", condition=condition, returns=returns)
    return sql(
        """\
arrayDistinct(arrayFilter(
    period -> {condition},
    arrayMap(at -> intDiv(at - begun, {length}), returns)))""",
        condition=condition,
        length=value("Int64", retention.length),
    )
