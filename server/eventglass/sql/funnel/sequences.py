"""2. A row per unit (and tuple of held values): its events in order, as arrays."""

from eventglass.planning.funnel import Funnel, Order
from eventglass.sql.fragment import ALWAYS, Fragment, listed, sql, value
from eventglass.sql.funnel.events import event_rows, has_late_starts, simple_rows, units
from eventglass.sql.funnel.packing import MOST_EVENTS, POSITION_BITS, matches, packing
from eventglass.sql.funnel.told import gathered, is_told, keeps_lists
from eventglass.sql.funnel.touches import first_of, reads_touches
from eventglass.sql.stages import IN_LARGE_BLOCKS, Columns


def keys(funnel: Funnel) -> list[str]:
    """Name the columns that make a row."""
    return [*units(funnel), *(["held"] if funnel.held else [])]


def sequences(funnel: Funnel) -> Fragment:
    """Select arrays with one element per event that matches a step (STRICT: per event), in order.

    Columns:
        sort_keys: see packing.py.
        marks: UInt64, likewise.
        masks: the steps each event matches.
        reads: the breakdown values of each; only where lists of them are kept.
        told, told_of: see told.py; only where values are told.
        excluded_0 …: the times of each exclusion's events; only where there are some.
        touch: see touches.py; only where touches count.
        cut: how many events were left out.
    """
    packed = packing(funnel)
    return sql(
        """\
SELECT
    {keys},
    {carried},
    {sort_keys} AS sort_keys,
    arrayMap(
        (sort_key, position) ->
            bitShiftLeft(toUInt64(bitShiftRight(sort_key, {code_bits})), {position_bits}) + position,
        sort_keys, arrayEnumerate(sort_keys)) AS marks,
    arrayMap(sort_key -> toUInt32(bitAnd(sort_key, {all_steps})), sort_keys) AS masks
FROM (
    {grouped}){blocks}""",
        keys=listed(map(sql, keys(funnel))),
        carried=listed(_carried(funnel)),
        sort_keys=sql("arrayMap(each -> each.1, ordered)" if keeps_lists(funnel) else "ordered"),
        code_bits=sql(str(packed.code_bits)),
        position_bits=sql(str(POSITION_BITS)),
        all_steps=sql(f"to{packed.type}({2**packed.step_bits - 1})"),
        grouped=_grouped(
            funnel,
            [*map(sql, keys(funnel)), *_gathered(funnel)],
            of=event_rows(funnel),
            can_begin=_can_begin(funnel, _events(funnel), "each.1" if keeps_lists(funnel) else "each"),
        ),
        blocks=IN_LARGE_BLOCKS,
    )


def simple_sequences(funnel: Funnel, before: Fragment) -> Fragment:
    """Select `cut`, `events`, the sort keys behind an event that is before all others, and what is told.

    For funnels that are simple (see events.py); with a breakdown told.py says of which events what is told.
    """
    keys_ = "groupArray(sort_key)"
    columns = [
        sql("{cut} AS cut", cut=_cut(f"length({keys_})")),
        sql("arrayPushFront({ordered}, {before}) AS events", ordered=_in_order(keys_), before=before),
        *(sql(f"{{gathered}} AS {name}", gathered=each) for name, each in beside(funnel).items()),
    ]
    return _grouped(funnel, columns, of=simple_rows(funnel), can_begin=_can_begin(funnel, keys_, "each"))


def beside(funnel: Funnel) -> Columns:
    """Make what is known of a unit's breakdown values, beside its events: what is told, or the touch."""
    if is_told(funnel):
        return gathered(funnel)
    return {"touch": first_of("text")} if reads_touches(funnel) else {}


def _grouped(funnel: Funnel, columns: list[Fragment], *, of: Fragment, can_begin: Fragment) -> Fragment:
    return sql(
        """\
SELECT
    {columns}
FROM (
    {events})
GROUP BY {by}{having}""",
        columns=listed(columns),
        events=of,
        by=sql(", ".join(keys(funnel))),
        having=sql("") if can_begin == ALWAYS else sql("\nHAVING {can_begin}", can_begin=can_begin),
    )


def _carried(funnel: Funnel) -> list[Fragment]:
    columns = [sql("{cut} AS cut", cut=_cut("all_events"))]
    if keeps_lists(funnel):
        columns.append(sql("arrayMap(each -> each.2, ordered) AS reads"))
    columns += map(sql, beside(funnel))
    columns += [sql(f"excluded_{at}") for at, _ in enumerate(funnel.exclusions)]
    return columns


def _gathered(funnel: Funnel) -> list[Fragment]:
    columns = [
        sql(f"length({_events(funnel)}) AS all_events"),
        sql("{ordered} AS ordered", ordered=_in_order(_events(funnel))),
    ]
    columns += [sql(f"{{made}} AS {name}", made=made) for name, made in beside(funnel).items()]
    columns += [
        sql(f"groupArrayIf(at, {matches('excludes', at)}) AS excluded_{at}")
        for at, _ in enumerate(funnel.exclusions)
    ]
    return columns


def _cut(events: str) -> Fragment:
    return sql(f"greatest({events}, {{most}}) - {{most}}", most=value("UInt64", MOST_EVENTS))


def _in_order(events: str) -> Fragment:
    return sql(f"arraySlice(arraySort({events}), 1, {{most}})", most=value("UInt64", MOST_EVENTS))


def _events(funnel: Funnel) -> str:
    element = "(sort_key, read)" if keeps_lists(funnel) else "sort_key"
    # Exclusion events stand in no order of steps; only STRICT looks at all events.
    if funnel.exclusions and funnel.order is not Order.STRICT:
        return f"groupArrayIf({element}, steps != 0)"
    return f"groupArray({element})"


def _can_begin(funnel: Funnel, events: str, key: str) -> Fragment:
    """Keep units with an event that can begin an attempt; a touch may have other held values.

    Args:
        funnel: what to count.
        events: all of a unit's events, gathered.
        key: reads the sort key of `each` of them.
    """
    if funnel.held and reads_touches(funnel):
        return ALWAYS
    packed = packing(funnel)
    begin = 2**packed.step_bits - 1 if funnel.order is Order.UNORDERED else 1
    # Asked of the gathered events: a countIf beside them would be asked event by event.
    begins = sql(f"bitAnd({key}, {{begin}}) != 0", begin=value(packed.type, begin))
    if has_late_starts(funnel):
        end = value(packed.type, funnel.begins_within << packed.code_bits)
        begins = sql(f"{{begins}} AND {key} < {{end}}", begins=begins, end=end)
    return sql(f"arrayExists(each -> {{begins}}, {events})", begins=begins)
