"""What persons did before: the spans of their time in which a behaviour holds (semantics 7.7 to 7.12).

A person who did something at least n times within a time d before the millisecond t has an n-th last
such event before t that is not older than d. So each n events in a row make a span: from the
millisecond after the last of them until d after the first. Spans that touch are one, so that an event
falls in at most one; the engine finds it by a search in the person's sorted spans (ASOF), which is
never more than logarithmic. Without d there is one span, from after the n-th event on, without end.
"""

from collections.abc import Iterable

from eventglass.planning.conditions import Did
from eventglass.sql.fragment import Fragment, clauses, joined, name, sql, value
from eventglass.sql.stages import staged
from eventglass.sql.when import instant

# Before and after all times, in milliseconds.
_NEVER_YET = -(2**62)
_NEVER_AGAIN = 2**62

PREFIX = "did"


def is_in_span(did: Did) -> Fragment:
    """Tell whether an event falls in a span of its person; `with_spans` brings them. UInt8."""
    if did.up_to_now:
        falls = "{did}.somebody != 0"
    elif did.within is None:
        falls = "({did}.somebody != 0 AND toUnixTimestamp64Milli(time) >= {did}.since)"
    else:
        falls = "({did}.somebody != 0 AND toUnixTimestamp64Milli(time) <= {did}.until)"
    return sql(falls, did=name(PREFIX, did))


def with_spans(
    events: Fragment,
    history: Iterable[tuple[Did, Fragment, list[Fragment]]],
    *,
    person: Fragment,
    now: int,
) -> Fragment:
    """Join the spans of behaviours to events; every event stays one row.

    Args:
        events: the table.
        history: each behaviour with the events that count for it, as a table and conditions on it.
        person: reads the key of an event's person.
        now: the instant of the question, in milliseconds.
    """
    somebody = sql("{person} AS somebody", person=person)
    joins = [
        sql(
            _ONLY_SPAN if did.up_to_now or did.within is None else _LAST_SPAN_THAT_BEGAN,
            spans=_whoever(did, somebody, past, conditions, now)
            if did.up_to_now
            else _spans(did, somebody, past, conditions),
            did=name(PREFIX, did),
            person=person,
        )
        for did, past, conditions in history
    ]
    return joined("\n", [events, *joins])


_LAST_SPAN_THAT_BEGAN = """\
ASOF LEFT JOIN (
    {spans}) AS {did}
    ON {did}.somebody = {person} AND {did}.since <= toUnixTimestamp64Milli(events.time)"""
_ONLY_SPAN = """\
ANY LEFT JOIN (
    {spans}) AS {did}
    ON {did}.somebody = {person}"""


def _whoever(did: Did, somebody: Fragment, past: Fragment, conditions: list[Fragment], now: int) -> Fragment:
    """Select `somebody`: who did it often enough up to now."""
    enough = sql("count() >= {at_least}", at_least=value("UInt32", did.at_least))
    if did.first_time and did.within is not None:
        enough = sql("min(time) >= {oldest}", oldest=instant(now - did.within))
    return sql(
        """\
SELECT
    {somebody}
FROM {past}
WHERE {conditions}
GROUP BY somebody
HAVING {enough}""",
        somebody=somebody,
        past=past,
        conditions=clauses(conditions),
        enough=enough,
    )


def _spans(did: Did, somebody: Fragment, past: Fragment, conditions: list[Fragment]) -> Fragment:
    """Select `somebody, since` and, where a behaviour ends, `until`, both included; in milliseconds."""
    if did.within is None:
        return sql(
            """\
SELECT
    {somebody},
    {nth} + 1 AS since
FROM {past}
WHERE {conditions}
GROUP BY somebody
HAVING count() >= {at_least}""",
            somebody=somebody,
            past=past,
            nth=_nth(did.at_least),
            conditions=clauses(conditions),
            at_least=value("UInt32", did.at_least),
        )
    return sql(
        """\
SELECT
    somebody,
    span.1 AS since,
    span.2 AS until
FROM (
    {joined})""",
        joined=staged(_times(did, somebody, past, conditions), _stages(did.at_least, did.within)),
    )


def _nth(at_least: int) -> Fragment:
    if at_least == 1:
        return sql("min(toUnixTimestamp64Milli(time))")
    return sql(f"groupArraySorted({at_least})(toUnixTimestamp64Milli(time))[{at_least}]")


def _times(did: Did, somebody: Fragment, past: Fragment, conditions: list[Fragment]) -> Fragment:
    """Select `somebody` and their `times`, sorted."""
    times = (
        "[min(toUnixTimestamp64Milli(time))]"
        if did.first_time
        else "arraySort(groupArray(toUnixTimestamp64Milli(time)))"
    )
    return sql(
        f"""\
SELECT
    {{somebody}},
    {times} AS times
FROM {{past}}
WHERE {{conditions}}
GROUP BY somebody
HAVING length(times) >= {{at_least}}""",
        somebody=somebody,
        past=past,
        conditions=clauses(conditions),
        at_least=value("UInt32", did.at_least),
    )


def _stages(at_least: int, within: int) -> list[dict[str, Fragment]]:
    """Make spans of times, of n in a row each; then one of all that touch."""
    spans = sql(
        """\
arrayFilter(span -> span.1 <= span.2, arrayMap(
    (last, first) -> (last + 1, first + {within}),
    arraySlice(times, {at_least}),
    arraySlice(times, 1, length(times) - {at_least} + 1)))""",
        within=value("Int64", within),
        at_least=value("UInt32", at_least),
    )
    begun = sql(
        """\
arrayFilter(
    (span, before) -> span.1 > before.2 + 1,
    spans, arrayPopBack(arrayPushFront(spans, {never})))""",
        never=_span(_NEVER_YET),
    )
    ended = sql(
        """\
arrayFilter(
    (span, after) -> after.1 > span.2 + 1,
    spans, arrayPopFront(arrayPushBack(spans, {never})))""",
        never=_span(_NEVER_AGAIN),
    )
    return [
        {"spans": spans},
        {"begun": begun, "ended": ended},
        {"span": sql("arrayJoin(arrayMap((first, last) -> (first.1, last.2), begun, ended))")},
    ]


def _span(at: int) -> Fragment:
    return sql("tuple({at}, {at})", at=value("Int64", at))
