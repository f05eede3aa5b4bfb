"""Random filters and and/or/not trees, with values from the worlds' pools."""

from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from google.protobuf.struct_pb2 import Value
from hypothesis import strategies as st

from insights.v1.filter_pb2 import Filter, FilterExpression, FilterGroup, Operator
from tests.oracle import pools
from tests.oracle.choosing import one_in, weighted
from tests.oracle.history import Json
from tests.oracle.moments import moment_of
from tests.oracle.values import number_of, printed
from tests.oracle.worlds import value

_PIECES = ("", "a", "A", "5", "e", ".", "\n", "1e", "-", "tru", "\\", "'", "\0", "k", "ſ", "🙂", "ss", "D")
_ANY = (*pools.NUMBERS, *pools.AMOUNTS, *pools.NUMERIC_TEXTS, *pools.TEXTS, *pools.BOOLEANS, *pools.MOMENTS)

# What makes a list long, up to as many as may be asked for: texts, also of numbers, and numbers.
_MORE: Sequence[Sequence[Json]] = tuple(
    more
    for many in (50, 300, 990)
    for more in (
        [*pools.TEXTS[:40], *(f"{number / 2:g}" for number in range(many - 40))],
        [float(number) for number in range(many)],
    )
)

_UTC = ZoneInfo("UTC")

# What a filter may be drawn from: mostly what the world's events have under the filter's property.
Known = Mapping[str, Sequence[Json]]


def _equals(occurring: Sequence[Json]) -> st.SearchStrategy[Json]:
    """A value as it is, or how it prints, in other letters perhaps."""
    texts = _drawn(occurring).map(printed)
    return st.one_of(_drawn(occurring, _is_scalar), texts, texts.map(str.swapcase))


def _lists(occurring: Sequence[Json]) -> st.SearchStrategy[Json]:
    texts = _drawn(occurring).map(printed)
    mixed = st.lists(_equals(occurring), min_size=1, max_size=4)
    few = st.one_of(mixed, st.lists(texts, min_size=1, max_size=4).map(_json_list))
    many = st.builds(lambda items, more: _json_list([*items, *more]), few, st.sampled_from(_MORE))
    return weighted(*[few] * 15, many)


def _pieces(occurring: Sequence[Json]) -> st.SearchStrategy[Json]:
    """A part of a printed value."""
    texts = _drawn(occurring).map(printed)
    cut = st.builds(lambda text, start, end: text[start:end], texts, st.integers(0, 2), st.integers(1, 5))
    return st.one_of(st.sampled_from(_PIECES), cut, cut.map(str.swapcase), texts)


def _patterns(occurring: Sequence[Json]) -> st.SearchStrategy[Json]:
    words: list[Json] = [it for it in occurring if isinstance(it, str) and it.isalpha()]
    anything: st.SearchStrategy[Json] = st.sampled_from(pools.PATTERNS)
    return weighted(anything, anything, st.sampled_from(words)) if words else anything


def _ordered(occurring: Sequence[Json]) -> st.SearchStrategy[Json]:
    """A number, a numeric text or another text."""
    numbers = _drawn(occurring, _is_number)
    return st.one_of(numbers, numbers.map(printed), _drawn(occurring, _is_other_text))


def _pairs(occurring: Sequence[Json]) -> st.SearchStrategy[Json]:
    """Two numbers (or numeric texts) or two other texts, in order."""
    numbers, texts = _drawn(occurring, _is_number), _drawn(occurring, _is_other_text)
    return st.one_of(
        st.tuples(numbers, numbers).map(lambda pair: sorted(pair, key=_number)),
        st.tuples(texts, texts).map(lambda pair: sorted(pair, key=printed)),
    )


def _moments(occurring: Sequence[Json]) -> st.SearchStrategy[Json]:
    return _drawn(occurring, _is_moment)


def _drawn(
    occurring: Sequence[Json], fits: Callable[[Json], bool] = lambda _: True
) -> st.SearchStrategy[Json]:
    """A value that fits, mostly one that occurs; neither null nor ""."""
    anything: st.SearchStrategy[Json] = st.sampled_from([it for it in _ANY if fits(it)])
    fitting = [it for it in occurring if fits(it)]
    return weighted(st.sampled_from(fitting), st.sampled_from(fitting), anything) if fitting else anything


def _is_scalar(content: Json) -> bool:
    return not isinstance(content, list | dict)


def _is_number(content: Json) -> bool:
    return number_of(content) is not None


def _is_other_text(content: Json) -> bool:
    return isinstance(content, str) and not _is_number(content)


def _is_moment(content: Json) -> bool:
    return isinstance(content, str) and moment_of(content, _UTC) is not None


def _number(content: Json) -> float:
    number = number_of(content)
    assert number is not None
    return number


def _json_list(items: Sequence[Json]) -> Json:
    return list(items)


# With what is around it, such a tree has the most levels that are possible.
_DEEPER = 10

# What each operator may be given, made of the values that occur; the others take no value.
_VALUES: dict[Operator, Callable[[Sequence[Json]], st.SearchStrategy[Json]]] = {
    Operator.OPERATOR_EQUALS: _equals,
    Operator.OPERATOR_NOT_EQUALS: _equals,
    Operator.OPERATOR_IN: _lists,
    Operator.OPERATOR_NOT_IN: _lists,
    Operator.OPERATOR_CONTAINS: _pieces,
    Operator.OPERATOR_NOT_CONTAINS: _pieces,
    Operator.OPERATOR_STARTS_WITH: _pieces,
    Operator.OPERATOR_ENDS_WITH: _pieces,
    Operator.OPERATOR_MATCHES: _patterns,
    Operator.OPERATOR_NOT_MATCHES: _patterns,
    Operator.OPERATOR_GREATER_THAN: _ordered,
    Operator.OPERATOR_GREATER_OR_EQUAL: _ordered,
    Operator.OPERATOR_LESS_THAN: _ordered,
    Operator.OPERATOR_LESS_OR_EQUAL: _ordered,
    Operator.OPERATOR_BETWEEN: _pairs,
    Operator.OPERATOR_NOT_BETWEEN: _pairs,
    Operator.OPERATOR_BEFORE: _moments,
    Operator.OPERATOR_AFTER: _moments,
}

OPERATORS = (
    *_VALUES,
    Operator.OPERATOR_IS_SET,
    Operator.OPERATOR_IS_NOT_SET,
    Operator.OPERATOR_IS_TRUE,
    Operator.OPERATOR_IS_FALSE,
)

# The operators that compare texts, and so may ignore case.
ON_TEXTS = frozenset(
    {
        Operator.OPERATOR_EQUALS,
        Operator.OPERATOR_NOT_EQUALS,
        Operator.OPERATOR_IN,
        Operator.OPERATOR_NOT_IN,
        Operator.OPERATOR_CONTAINS,
        Operator.OPERATOR_NOT_CONTAINS,
        Operator.OPERATOR_STARTS_WITH,
        Operator.OPERATOR_ENDS_WITH,
        Operator.OPERATOR_MATCHES,
        Operator.OPERATOR_NOT_MATCHES,
    }
)

# Operators that need the kind of value which these properties have.
_FITTING = {
    Operator.OPERATOR_BEFORE: (pools.WHEN,),
    Operator.OPERATOR_AFTER: (pools.WHEN,),
    Operator.OPERATOR_IS_TRUE: (pools.FLAG, pools.PLAN),
    Operator.OPERATOR_IS_FALSE: (pools.FLAG, pools.COUNTRY),
    Operator.OPERATOR_BETWEEN: (pools.AMOUNT, pools.PLAN),
    Operator.OPERATOR_GREATER_THAN: (pools.AMOUNT, pools.UNICODE),
}

_PATTERNS = (Operator.OPERATOR_MATCHES, Operator.OPERATOR_NOT_MATCHES)
# Properties with several values even in a small world.
SPLITTING = (pools.PLAN, pools.PLAN, pools.FLAG, pools.COUNTRY, "$session_id", *pools.OF_SESSIONS[::5])


@st.composite
def filters(draw: st.DrawFn, known: Known) -> Filter:
    """Draw a valid filter, often on a property that fits its operator and with a value that occurs."""
    operator = draw(st.sampled_from(OPERATORS))
    traits = [name for name in pools.TRAITS if known.get(name)]
    of_sessions = [name for name in pools.OF_SESSIONS if name in known]
    names: Sequence[str] = (*pools.READABLE, *of_sessions, *traits * 3, *_FITTING.get(operator, ()) * 10)
    ignores_case = operator in ON_TEXTS and draw(st.booleans())
    if ignores_case and not draw(one_in(4)):
        names = [name for name in names if any(map(_has_letters, known[name]))] or names
    name = draw(st.sampled_from(names))
    condition = Filter(property=name, operator=operator)
    if operator in _VALUES:
        content = draw(_VALUES[operator](known[name]))
        if ignores_case and (operator not in _PATTERNS or content in known[name]) and not draw(one_in(4)):
            content = _in_other_letters(content)
        condition.value.CopyFrom(value(content))
        condition.ignore_case = ignores_case and _is_of_texts(condition.value)
    return condition


@st.composite
def splitting(draw: st.DrawFn, known: Known) -> Filter:
    """A condition that splits the events of a small world; now and then any condition."""
    if draw(one_in(6)):
        return draw(filters(known))
    name = draw(st.sampled_from(SPLITTING))
    contents = known[name]
    operators = [Operator.OPERATOR_IS_SET, Operator.OPERATOR_IS_NOT_SET]
    if contents:
        operators += [Operator.OPERATOR_EQUALS, Operator.OPERATOR_NOT_EQUALS] * 2
    condition = Filter(property=name, operator=draw(st.sampled_from(operators)))
    if condition.operator in (Operator.OPERATOR_EQUALS, Operator.OPERATOR_NOT_EQUALS):
        condition.value.CopyFrom(value(printed(draw(st.sampled_from(contents)))))
    return condition


def of_events(known: Known) -> Known:
    """Leave out what is known of persons and sessions, for conditions that only see an event."""
    unknown = {*pools.TRAITS, *pools.OF_SESSIONS}
    return {name: values for name, values in known.items() if name not in unknown}


def trees(known: Known, depth: int = 3) -> st.SearchStrategy[FilterExpression]:
    """An and/or/not tree of at most so many levels; now and then of many more."""
    shallow = _shallow(known, depth)
    return weighted(*[shallow] * 15, _deep(known, shallow))


@st.composite
def _deep(draw: st.DrawFn, known: Known, shallow: st.SearchStrategy[FilterExpression]) -> FilterExpression:
    """A tree within groups and nots, with a condition beside it in each group."""
    tree = draw(shallow)
    for kind in draw(st.lists(st.sampled_from(("all_of", "any_of", "not")), min_size=4, max_size=_DEEPER)):
        if kind == "not":
            tree = negated(tree)
            continue
        beside = FilterExpression(filter=draw(filters(known)))
        group = FilterGroup(expressions=draw(st.permutations((tree, beside))))
        tree = FilterExpression(all_of=group) if kind == "all_of" else FilterExpression(any_of=group)
    return tree


def _shallow(known: Known, depth: int) -> st.SearchStrategy[FilterExpression]:
    leaf = filters(known).map(lambda condition: FilterExpression(filter=condition))
    if depth == 1:
        return leaf
    inner = st.deferred(lambda: _shallow(known, depth - 1))
    groups = st.lists(inner, min_size=1, max_size=3).map(lambda children: FilterGroup(expressions=children))
    return st.one_of(
        leaf,
        groups.map(lambda group: FilterExpression(all_of=group)),
        groups.map(lambda group: FilterExpression(any_of=group)),
        groups.map(lambda group: FilterExpression(any_of=group)),
        inner.map(negated),
    )


def negated(expression: FilterExpression) -> FilterExpression:
    """The opposite of an expression."""
    outer = FilterExpression()
    getattr(outer, "not").CopyFrom(expression)
    return outer


def _has_letters(content: Json) -> bool:
    return isinstance(content, str) and content.swapcase() != content


def _in_other_letters(content: Json) -> Json:
    """Swap the case of a text, or of those of a list."""
    if isinstance(content, list):
        return [_in_other_letters(item) for item in content]
    return content.swapcase() if isinstance(content, str) else content


def _is_of_texts(content: Value) -> bool:
    if content.HasField("list_value"):
        return all(item.HasField("string_value") for item in content.list_value.values)
    return content.HasField("string_value")
