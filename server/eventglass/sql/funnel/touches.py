"""The breakdown's values of a touch: the first or last event in the range that matches a step and has one.

No attempt is asked about it. It is the smallest of texts (sortable.py) of a time and values, whose time is
turned round where the last one is wanted; an event that cannot be the touch has an empty text.
"""

from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.funnel import Attribution, Funnel
from eventglass.sql import values
from eventglass.sql.fragment import Fragment, some, sql, value
from eventglass.sql.sortable import dimension_parts, key, parts_of, values_text


def reads_touches(funnel: Funnel) -> bool:
    """Tell whether the breakdown's values come from a touch, not from a step."""
    touches = (Attribution.FIRST_TOUCH, Attribution.LAST_TOUCH)
    return funnel.breakdown is not None and funnel.attribution in touches


def reads_steps(funnel: Funnel) -> bool:
    """Tell whether the breakdown's values come from the event that served a step."""
    return funnel.breakdown is not None and not reads_touches(funnel)


def text_of_touch(breakdown: Breakdown, funnel: Funnel, at: Fragment, steps: Fragment) -> Fragment:
    """Write the time and the values of an event that can be the touch as a text.

    Args:
        breakdown: which values.
        funnel: whose attribution says which touch.
        at: the event's milliseconds since the range's start.
        steps: the mask of steps that the event matches.
    """
    first = funnel.attribution is Attribution.FIRST_TOUCH
    return sql(
        "if(bitAnd({steps}, {all_steps}) != 0 AND {at} < {end} AND {has_value}, {text}, '')",
        steps=steps,
        all_steps=value("UInt64", 2 ** len(funnel.steps) - 1),
        at=at,
        end=value("UInt64", funnel.begins_within),
        has_value=some(values.is_present(each) for each in breakdown.operands),
        text=key(at if first else sql("-toInt64({at})", at=at), dimension_parts(breakdown)),
    )


def first_of(texts: str) -> Fragment:
    """Find the touch of several events, or of several rows of a unit; an empty text where there is none."""
    return sql(f"minIf({texts}, {texts} != '')")


def values_of_touch(breakdown: Breakdown) -> Fragment:
    """Read the values of `picked` as one text (sortable.py), the same of no touch and of no value."""
    read = parts_of(sql("picked"))
    if not breakdown.edges:
        return read  # a touch has a value of at least one property
    nothing = values_text([sql("'0'")] * len(breakdown.operands))
    return sql("if({read} = {nothing}, '', {read})", read=read, nothing=nothing)
