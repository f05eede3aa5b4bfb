"""Who is in an audience, as a condition on the persons of events."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from eventglass.planning.conditions import AllOf, AnyOf, Condition, Did, Member, Not, Test
from eventglass.planning.filters import condition_of
from insights.v1.filter_pb2 import FilterExpression


def membership(where: FilterExpression, zone: ZoneInfo) -> Member:
    """Ask whether an event's person is in an audience now.

    Args:
        where: the audience's tree; valid.
        zone: the project's. An audience is the same in every query, whatever zone that is asked in.
    """
    return Member(condition=_up_to_now(condition_of([], where, zone)), zone=zone)


def _up_to_now(condition: Condition) -> Condition:
    match condition:
        case AllOf(conditions):
            return AllOf(tuple(map(_up_to_now, conditions)))
        case AnyOf(conditions):
            return AnyOf(tuple(map(_up_to_now, conditions)))
        case Not(inner):
            return Not(_up_to_now(inner))
        case Did():
            return replace(condition, up_to_now=True)
        case Test() | Member():
            return condition
