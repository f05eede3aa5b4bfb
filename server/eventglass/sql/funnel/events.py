"""1. A row per event that can matter: its unit, its sort key, and what is read of it."""

from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.funnel import Funnel, Order
from eventglass.planning.selection import Series
from eventglass.sql import values
from eventglass.sql.conditions import holds
from eventglass.sql.events import events
from eventglass.sql.fragment import ALWAYS, Fragment, clauses, joined, listed, sql, value
from eventglass.sql.funnel.packing import packing
from eventglass.sql.funnel.told import keeps_lists, text_of_event
from eventglass.sql.funnel.touches import reads_touches, text_of_touch
from eventglass.sql.people import person
from eventglass.sql.series import of_any, of_series
from eventglass.sql.source import Source, dimension_values, of_project
from eventglass.sql.when import not_after, not_before


def units(funnel: Funnel) -> list[str]:
    """Name the columns that make a unit."""
    return ["person", "session"] if funnel.by_session else ["person"]


def source(funnel: Funnel) -> Source:
    """Express a funnel's selection as a source of rows."""
    return Source(selection=funnel.selection, measures=(), breakdown=funnel.breakdown)


def event_rows(funnel: Funnel) -> Fragment:
    """Select the unit, `held`, `sort_key`, `excludes` and `read` of every event that can matter.

    Columns:
        held: Array(String), the printed values that all steps must share; only with hold_constant.
        steps: the mask of steps the event matches.
        sort_key: see packing.py; of events that match no step only with STRICT.
        excludes: the mask of exclusions it is one of; only where there are some.
        read: the tuple of breakdown values; only where lists of them are kept.
        text: what else is read of them (told.py, touches.py).
    """
    if is_simple(funnel) and not keeps_lists(funnel):
        return simple_rows(funnel)
    return sql(
        """\
SELECT
    *,
    {sort_key} AS sort_key
FROM (
    {rows})
WHERE {of_use}""",
        sort_key=_sort_key(funnel),
        rows=_selected(funnel, _columns(funnel)),
        of_use=_of_use(funnel),
    )


def is_simple(funnel: Funnel) -> bool:
    """Tell whether an event's time, the steps that it matches and its values are all that is asked."""
    fits = packing(funnel).type == "UInt64"
    return fits and not (funnel.exclusions or funnel.held)


def simple_rows(funnel: Funnel) -> Fragment:
    """Select of a simple funnel's events the unit, `sort_key`, and with a breakdown `text`.

    It is that of told.py, or of touches.py where touches count.
    """
    code = _code(funnel)
    at, steps = _at(funnel), _steps(funnel) if code is None else code
    columns = _units(funnel)
    if funnel.breakdown:
        columns.append(_text(funnel.breakdown, funnel, at, steps))
    if code is None:
        rows = _selected(funnel, [*columns, sql("{at} AS at", at=at), sql("{steps} AS steps", steps=steps)])
        key = _sort_key(funnel)
        return sql("SELECT\n    *,\n    {key} AS sort_key\nFROM (\n    {rows})", key=key, rows=rows)
    key = sql(f"bitShiftLeft({{at}}, {packing(funnel).code_bits}) + {{code}} AS sort_key", at=at, code=code)
    return _selected(funnel, [*columns, key])


def _selected(funnel: Funnel, columns: list[Fragment]) -> Fragment:
    conditions = _conditions(funnel)
    return sql(
        """\
SELECT
    {columns}
FROM {events}
WHERE {conditions}""",
        columns=listed(columns),
        events=events(source(funnel), *columns, *conditions, since=funnel.start, until=funnel.last + 1),
        conditions=clauses(conditions),
    )


def _units(funnel: Funnel) -> list[Fragment]:
    of_unit = sql("{person} AS person", person=person(funnel.selection))
    return [of_unit, *([sql("session")] if funnel.by_session else [])]


def _at(funnel: Funnel) -> Fragment:
    return sql("toUInt64(toUnixTimestamp64Milli(time) - {start})", start=value("Int64", funnel.start))


def _columns(funnel: Funnel) -> list[Fragment]:
    columns = [
        *_units(funnel),
        sql("{at} AS at", at=_at(funnel)),
        sql("{steps} AS steps", steps=_steps(funnel)),
    ]
    if funnel.exclusions:
        excluded = _mask([each.series for each in funnel.exclusions], source(funnel))
        columns.append(sql("if(steps = 0, {excluded}, 0) AS excludes", excluded=excluded))
    if funnel.held:
        columns.append(
            sql("[{held}] AS held", held=joined(", ", [values.shown(each) for each in funnel.held]))
        )
    if funnel.breakdown and keeps_lists(funnel):
        columns.append(sql("tuple({read}) AS read", read=joined(", ", dimension_values(funnel.breakdown))))
    elif funnel.breakdown:
        columns.append(_text(funnel.breakdown, funnel, sql("at"), sql("steps")))
    return columns


def _text(breakdown: Breakdown, funnel: Funnel, at: Fragment, steps: Fragment) -> Fragment:
    if reads_touches(funnel):
        text = text_of_touch(breakdown, funnel, at, steps)
    else:
        text = text_of_event(breakdown, funnel, steps)
    return sql("{text} AS text", text=text)


def _steps(funnel: Funnel) -> Fragment:
    return _mask([each.series for each in funnel.steps], source(funnel))


def _code(funnel: Funnel) -> Fragment | None:
    """What a sort key has below the time, where a name or the mask of steps says it; see packing.py."""
    packed, series = packing(funnel), [each.series for each in funnel.steps]
    if packed.rank_bits == 0:
        return _steps(funnel)
    if packed.required_bits or not _are_names(series, source(funnel)):
        return None
    codes = {
        name: (((mask & -mask).bit_length() - 1) << packed.step_bits) + mask
        for name, mask in _masks([each.event for each in series]).items()
    }
    # What matches no step stands last.
    return _of_names(codes, other=len(series) << packed.step_bits, bits=packed.code_bits)


def _are_names(series: list[Series], of: Source) -> bool:
    """Tell whether the name of an event says which of some series it is of."""
    return all(each.event and of_series(each, of, by_name=False) == ALWAYS for each in series)


def _mask(series: list[Series], of: Source) -> Fragment:
    """Say as a mask which of some series an event is of, UInt32."""
    if _are_names(series, of):
        return _of_names(_masks([each.event for each in series]), other=0, bits=len(series))
    bits = [
        sql(
            "bitShiftLeft(toUInt32({condition}), {at})",
            condition=of_series(each, of, by_name=True),
            at=sql(str(at)),
        )
        for at, each in enumerate(series)
    ]
    return sql("toUInt32({bits})", bits=joined(" + ", bits))


def _masks(names: list[str]) -> dict[str, int]:
    return {name: sum(1 << at for at, each in enumerate(names) if each == name) for name in names}


def _of_names(numbers: dict[str, int], *, other: int, bits: int) -> Fragment:
    """Look the number of a name up: once for each name, not for each event."""
    number = "UInt32" if bits <= 32 else "UInt64"
    return sql(
        f"transform(event, {{names}}, {{numbers}}, to{number}({other}))",
        names=value("Array(String)", tuple(numbers)),
        numbers=value(f"Array({number})", tuple(numbers.values())),
    )


def _sort_key(funnel: Funnel) -> Fragment:
    packed = packing(funnel)
    if packed.rank_bits == 0:
        return sql(f"bitShiftLeft(to{packed.type}(at), {packed.code_bits}) + steps")
    key = f"bitShiftLeft(to{packed.type}(at), {packed.code_bits})"
    key += f" + bitShiftLeft(to{packed.type}({_rank(funnel)}), {packed.required_bits + packed.step_bits})"
    if packed.required_bits:
        key += f" + bitShiftLeft(to{packed.type}({_required(funnel)}), {packed.step_bits})"
    return sql(f"{key} + steps")


def _rank(funnel: Funnel) -> str:
    """The lowest required step, else the lowest, from 0; what matches no step stands last."""
    steps = "steps"
    if funnel.has_optional:
        steps = f"if({_required(funnel)} != 0, {_required(funnel)}, steps)"
    # The lowest bit of a mask is at bitCount(mask xor (mask - 1)) - 1.
    return f"if(steps = 0, {len(funnel.steps)}, bitCount(bitXor({steps}, {steps} - 1)) - 1)"


def _required(funnel: Funnel) -> str:
    """Of the steps that an event matches, those that are not optional."""
    return f"bitAnd(steps, {sum(1 << at for at in funnel.required)})"


def _conditions(funnel: Funnel) -> list[Fragment]:
    of = source(funnel)
    looked_for = [*(each.series for each in funnel.steps), *(each.series for each in funnel.exclusions)]
    return [
        *of_project(of),
        not_before(funnel.start),
        not_after(funnel.last),
        *_in_time(funnel),
        sql("events.person != 0 AND session != 0" if funnel.by_session else "events.person != 0"),
        holds(funnel.selection.condition, funnel.selection.zone),
        *(values.is_present(each) for each in funnel.held),
        *([] if funnel.order is Order.STRICT else of_any(looked_for, of)),
    ]


def has_late_starts(funnel: Funnel) -> bool:
    """Tell whether there can be rows that match step 1, but come too late to begin an attempt."""
    return funnel.last >= funnel.end and not funnel.begins_by_name


def _in_time(funnel: Funnel) -> list[Fragment]:
    """Leave out what could only begin an attempt, and is too late for it."""
    if not funnel.begins_by_name or funnel.last < funnel.end:
        return []
    first = value("String", funnel.steps[0].series.event)
    return [sql("(event != {first} OR {in_time})", first=first, in_time=not_after(funnel.end - 1))]


def _of_use(funnel: Funnel) -> Fragment:
    """Leave out what is of no use; without exclusions (or with STRICT) every row is."""
    if not funnel.exclusions or funnel.order is Order.STRICT:
        return ALWAYS
    return sql("steps != 0 OR excludes != 0")
