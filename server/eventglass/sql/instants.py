"""Reading dates and times in texts, as planning/instants.py does."""

from zoneinfo import ZoneInfo

from eventglass.planning.instants import FORM, local_clock
from eventglass.sql.fragment import Fragment, sql, value


def read(text: Fragment, zone: ZoneInfo) -> Fragment:
    """Read a text as an instant in milliseconds; NULL where it is none. Nullable(Int64)."""
    return sql(
        """\
if(
    match({text}, {form}) AND toString(toDate32OrNull(substring({text}, 1, 10))) = substring({text}, 1, 10),
    multiIf(
        length({text}) = 10, {beginning},
        extract({text}, '(Z|[+-]..:..)$') = '', {reading} - {offset},
        {reading} - {ahead}),
    NULL)""",
        text=text,
        form=value("String", FORM),
        beginning=_beginning(text, zone),
        reading=_reading(text),
        offset=_offset(_reading(text), zone),
        ahead=_ahead(text),
    )


def _midnight(text: Fragment) -> Fragment:
    return sql("toInt64(toInt32(toDate32OrNull(substring({text}, 1, 10)))) * 86400000", text=text)


def _reading(text: Fragment) -> Fragment:
    """What the clock shows, as if it were UTC."""
    return sql(
        """\
{midnight}
    + toInt64OrZero(substring({text}, 12, 2)) * 3600000
    + toInt64OrZero(substring({text}, 15, 2)) * 60000
    + toInt64OrZero(substring({text}, 18, 2)) * 1000
    + toInt64OrZero(rightPad(extract({text}, '[.]([0-9]{{1,3}})'), 3, '0'))""",
        midnight=_midnight(text),
        text=text,
    )


def _offset(reading: Fragment, zone: ZoneInfo) -> Fragment:
    table = local_clock(zone)
    return sql(
        "transform(roundDown({reading}, {since}), {since}, {offsets}, toInt64(0))",
        reading=sql("assumeNotNull({reading})", reading=reading),
        since=value("Array(Int64)", tuple(table.since)),
        offsets=value("Array(Int64)", tuple(table.offsets)),
    )


def _beginning(text: Fragment, zone: ZoneInfo) -> Fragment:
    table = local_clock(zone)
    midnight = _midnight(text)
    usual = sql("{midnight} - {offset}", midnight=midnight, offset=_offset(midnight, zone))
    if not table.skipped_midnights:
        return usual
    return sql(
        "transform(assumeNotNull({midnight}), {skipped}, {beginnings}, assumeNotNull({usual}))",
        midnight=midnight,
        skipped=value("Array(Int64)", tuple(table.skipped_midnights)),
        beginnings=value("Array(Int64)", tuple(table.beginnings)),
        usual=usual,
    )


def _ahead(text: Fragment) -> Fragment:
    return sql(
        """\
(if(extract({text}, '([+-])..:..$') = '-', -1, 1)
    * (toInt64OrZero(extract({text}, '[+-](..):..$')) * 3600000
        + toInt64OrZero(extract({text}, '[+-]..:(..)$')) * 60000))""",
        text=text,
    )
