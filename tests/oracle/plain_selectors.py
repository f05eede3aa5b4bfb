"""Selectors of events that ask for little, and sometimes for one thing more."""

from insights.v1.event_selector_pb2 import EventSelector


def plain(selector: EventSelector, kept: str, *, name: str, first_time: bool) -> EventSelector:
    """Leave of a selector its label, and what is kept.

    Args:
        selector: what to leave less of.
        kept: "numbers" keeps its aggregation, "conditions" what must hold; anything else keeps nothing.
        name: of its events.
        first_time: only each person's first.
    """
    left = EventSelector(name=name, label=selector.label, first_time=first_time)
    if kept == "numbers":
        for each in ("aggregation", "aggregation_property"):
            if selector.HasField(each):
                setattr(left, each, getattr(selector, each))
    if kept == "conditions":
        left.filters.extend(selector.filters)
        if selector.HasField("where"):
            left.where.CopyFrom(selector.where)
    return left
