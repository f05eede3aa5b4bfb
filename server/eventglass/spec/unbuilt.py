"""Parts of the spec that are promised and not built yet."""

from collections.abc import Iterable, Iterator

from eventglass.errors import UnimplementedError
from eventglass.planning.properties import TRAIT_PREFIXES, UNBUILT_PREFIXES
from insights.v1.event_selector_pb2 import EventSelector
from insights.v1.filter_pb2 import Filter, FilterExpression
from insights.v1.query_spec_pb2 import QuerySpec


def refuse_unbuilt(spec: QuerySpec) -> None:
    """Refuse a spec that asks for something that is not built yet.

    Raises:
        UnimplementedError: naming the field.
    """
    _refuse_names(_names(spec), UNBUILT_PREFIXES)


def refuse_unbuilt_conditions(filters: Iterable[Filter], where: FilterExpression, *names: str) -> None:
    """Refuse conditions on what cannot be read yet, and other names of it, where only events are at hand.

    Raises:
        UnimplementedError: naming it.
    """
    _refuse_names([*_in_conditions(filters, where), *names], (*UNBUILT_PREFIXES, *TRAIT_PREFIXES))


def refuse_unbuilt_audience(where: FilterExpression) -> None:
    """Refuse an audience that asks for something that is not built yet.

    Raises:
        UnimplementedError: naming it.
    """
    _refuse_names(_in_tree(where), UNBUILT_PREFIXES)


def _refuse_names(names: Iterable[str], prefixes: tuple[str, ...]) -> None:
    for name in names:
        if name.startswith(prefixes):
            raise UnimplementedError(f'"{name[:100]}" is not built yet; use a property of the event itself')


def _names(spec: QuerySpec) -> Iterator[str]:
    selectors: list[EventSelector] = [
        *spec.events,
        spec.starting_event,
        spec.return_event,
        spec.paths.start_event,
        spec.paths.end_event,
        *(each.event for each in spec.funnel.exclusions),
    ]
    yield from (each.aggregation_property for each in selectors)
    yield from (spec.aggregation_property, spec.breakdown.property, *spec.breakdown.then_by)
    yield from (*spec.funnel.hold_constant, spec.paths.node_property)
    yield from _in_conditions(spec.filters, spec.where)
    for selector in selectors:
        yield from _in_conditions(selector.filters, selector.where)


def _in_conditions(filters: Iterable[Filter], where: FilterExpression) -> Iterator[str]:
    yield from (each.property for each in filters)
    yield from _in_tree(where)


def _in_tree(expression: FilterExpression) -> Iterator[str]:
    match expression.WhichOneof("expression"):
        case "filter":
            yield expression.filter.property
        case "not":
            yield from _in_tree(getattr(expression, "not"))
        case "did":
            yield from _in_conditions(expression.did.filters, expression.did.where)
        case None:
            return
        case kind:
            for child in getattr(expression, kind).expressions:
                yield from _in_tree(child)
