"""The breakdown's value at a step of the attempt that counts, where sort keys alone tell events apart.

Values are gathered as texts (sortable.py) beside the sort keys of their events, in the order in which the
events come, and only of steps that may give the value. So the events are sorted as numbers, and one
text a unit is looked up when it is known which event counts. Lists of tuples take three times as long.
"""

from eventglass.planning.breakdowns import Breakdown
from eventglass.planning.funnel import Attribution, Funnel, Order
from eventglass.sql.fragment import Fragment, joined, sql, value
from eventglass.sql.funnel.touches import reads_steps
from eventglass.sql.sortable import dimension_parts, typed_in_text, values_text
from eventglass.sql.stages import Columns


def text_of_event(breakdown: Breakdown, funnel: Funnel, steps: Fragment) -> Fragment:
    """Write the values of an event as a text; an empty one of an event whose values are not asked for.

    Args:
        breakdown: which values.
        funnel: whose attribution says of which steps.
        steps: the mask of steps that the event matches.
    """
    text = values_text(dimension_parts(breakdown))
    asked = _asked(funnel)
    if asked is None:
        return text
    return sql("if({is_asked}, {text}, '')", is_asked=_is_in(steps, asked), text=text)


def _asked(funnel: Funnel) -> int | None:
    """The mask of steps whose events may give the value; None for all events."""
    # UNORDERED, any step may be the first that is done.
    last = len(funnel.steps) if funnel.order is Order.UNORDERED else _furthest(funnel)
    return None if last == len(funnel.steps) and not funnel.exclusions else (1 << last) - 1


def _furthest(funnel: Funnel) -> int:
    """The furthest step, from 1, that may give the value; an attempt that ends before has its last one's."""
    return len(funnel.steps) if funnel.attribution is Attribution.LAST_STEP else funnel.attribution_step


def reads_the_start(funnel: Funnel) -> bool:
    """Tell whether the value is that of the event that begins the attempt, and which is step 1."""
    return _furthest(funnel) == 1 and funnel.order is not Order.UNORDERED


def _is_in(steps: Fragment, mask: int) -> Fragment:
    return sql("bitAnd({steps}, {mask}) != 0", steps=steps, mask=value("UInt64", mask))


def is_told(funnel: Funnel) -> bool:
    """Tell whether the values are those of this form."""
    return reads_steps(funnel) and not keeps_lists(funnel)


def keeps_lists(funnel: Funnel) -> bool:
    """Tell whether the values are gathered with the sort keys, as lists of tuples.

    Of two equal sort keys it is the first, with the smallest value, that counts, but for these: where events
    may serve several steps, the second one can serve the second step, or begin the first attempt that no
    exclusion hits; STRICT, it can begin the attempt that the first one breaks. Attempts of different held
    values are compared by their values, too.
    """
    if not reads_steps(funnel):
        return False
    if funnel.overlaps and (_furthest(funnel) > 1 or funnel.exclusions):
        return True
    return funnel.order is Order.STRICT or bool(funnel.held)


def gathered(funnel: Funnel) -> Columns:
    """Gather the texts of a unit's events, and the sort keys of these events beside them."""
    asked = _asked(funnel)
    if asked is None:
        return {"told": sql("groupArray(text)"), "told_of": sql("groupArray(sort_key)")}
    is_asked = _is_in(sql("sort_key"), asked)
    return {
        "told": sql("groupArrayIf(text, {is_asked})", is_asked=is_asked),
        "told_of": sql("groupArrayIf(sort_key, {is_asked})", is_asked=is_asked),
    }


def attributed(funnel: Funnel, chain: list[Fragment]) -> Fragment:
    """Name the event whose values count, by its sort key.

    Args:
        funnel: whose attribution.
        chain: the sort key of each step's event, where it is reached.
    """
    if reads_the_start(funnel):
        return chain[0]
    last = _furthest(funnel)
    return sql(f"[{{chain}}][least(depth, {last})]", chain=joined(", ", chain[:last]))


# The text of that event; of equal events the smallest, and none where no attempt was found.
PICKED = sql("arraySort(arrayFilter((text, of) -> of = attributed, told, told_of))[1]")


def typed_of_picked(breakdown: Breakdown, at: int) -> Fragment:
    """Read a value of `picked_value` as values.typed does."""
    return typed_in_text(sql("picked_value"), at, of=len(breakdown.operands))
