"""What was sent comes back: as it was where it can, and always with the same properties."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from eventglass.ingest.properties import flatten, stored
from eventglass.live.stored import leaves_of, nested

_NAMES = st.one_of(
    st.text("ab", min_size=1, max_size=2),
    st.sampled_from(["a.b", "a.b.a", "b.a", "~", "a~2Eb", "näme", "x" * 300, "~~00~~name", " ", "`"]),
)
_LEAVES = st.one_of(st.none(), st.booleans(), st.just(""), st.text("x\0é", max_size=2), st.integers(-5, 5))
_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
OBJECTS = st.dictionaries(
    _NAMES,
    st.recursive(
        st.one_of(_LEAVES, _NUMBERS),
        lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(_NAMES, inner, max_size=3)),
        max_leaves=8,
    ),
    max_size=5,
)


def _back(properties: dict[str, object]) -> dict[str, object]:
    return nested(leaves_of(orjson.loads(orjson.dumps(stored(flatten(properties))))))  # type: ignore[arg-type]


@given(OBJECTS)
def test_every_property_has_the_value_it_was_sent_with(properties: dict[str, object]) -> None:
    assert _typed(_back(properties)) == _typed(properties)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), OBJECTS.filter(bool), max_size=4))
def test_what_has_no_empty_values_on_top_comes_back_as_it_was(properties: dict[str, object]) -> None:
    """Keys of the top without dots: so no other key can have given a property its value."""
    assert _doubles(_back(properties)) == _doubles(properties)


def test_a_number_is_no_boolean_of_the_same_name() -> None:
    assert _typed(_back({"a": {"b": True, "c": 0}, "a.b": 1})) == _typed({"a": {"b": True, "c": 0}, "a.b": 1})


def test_a_large_whole_number_is_one_value_however_it_is_printed() -> None:
    by_engine = leaves_of({"a": ['{"b":42268958076136930}'], "a~2Eb": 42268958076136930})

    assert nested(by_engine) == {"a": {"b": 42268958076136930}}


def _typed(properties: dict[str, object]) -> dict[str, tuple[type, object]]:
    """Give the leaves with their types: for Python true is 1."""
    return {name: (type(leaf), leaf) for name, leaf in flatten(properties).items()}  # type: ignore[arg-type]


def _doubles(value: object) -> object:
    """All numbers as doubles; a whole one may be printed in full."""
    match value:
        case dict():
            return {name: _doubles(each) for name, each in value.items()}
        case list():
            return [_doubles(each) for each in value]
        case int() if not isinstance(value, bool):
            return float(value)
        case _:
            return value
