"""Hand-made cases of semantics 3, 7 and 6.4: how values are found, print, order and match."""

from zoneinfo import ZoneInfo

import pytest
from google.protobuf.json_format import ParseDict

from insights.v1.filter_pb2 import Filter, FilterExpression, Operator
from tests.oracle.building import event
from tests.oracle.filters import holds, matches
from tests.oracle.history import Json
from tests.oracle.values import compact_json, dimension_of, lookup, number_of, printed_number

UTC = ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (5.0, "5"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (-7.25, "-7.25"),
        (100000.0, "100000"),
        (1e20, "100000000000000000000"),
        (1e21, "1e21"),
        (1.5e300, "1.5e300"),
        (0.000001, "0.000001"),
        (1e-7, "1e-7"),
        (-1.25e-9, "-1.25e-9"),
        (123456789012345680000.0, "123456789012345680000"),
        (2.0**53, "9007199254740992"),
        (5e-324, "5e-324"),
    ],
)
def test_numbers_print_as_javascript_prints_them(number: float, text: str) -> None:
    assert printed_number(number) == text


def test_lists_and_objects_are_compact_json_with_sorted_keys() -> None:
    value: Json = {"b": [1.0, -0.0, 1e21, None, True], "a": 'é"\\\n\1/', "B": {}, "": []}

    assert compact_json(value) == '{"":[],"B":{},"a":"é\\"\\\\\\n\\u0001/","b":[1,0,1e21,null,true]}'


@pytest.mark.parametrize(
    ("properties", "found"),
    [
        ({"a.b": 1.0, "a": {"b": 2.0}}, 1.0),
        ({"a": {"b": 2.0}}, 2.0),
        ({"a.b": None, "a": {"b": 2.0}}, 2.0),
        ({"a.b": "", "a": {"b": 2.0}}, 2.0),
        ({"a.b": False, "a": {"b": 2.0}}, False),
        ({"a.b": "", "a": {"b": ""}}, None),
        ({"a": [{"b": 2.0}]}, None),
        ({"a": "b"}, None),
        ({"a": {"b": {"c": 1.0}}}, {"c": 1.0}),
        ({}, None),
    ],
)
def test_a_flat_key_wins_over_nesting(properties: dict[str, Json], found: Json) -> None:
    assert lookup(properties, "a.b") == found


@pytest.mark.parametrize(
    ("properties", "found"),
    [
        ({"a.b": {"c": 1.0}, "a": {"b.c": 2.0}}, 1.0),
        ({"a.b": {"x": 1.0}, "a": {"b.c": 2.0, "b": {"c": 3.0}}}, 2.0),
        ({"a.b": {"c": None}, "a": {"b.c": "", "b": {"c": 3.0}}}, 3.0),
    ],
)
def test_the_longest_key_leads(properties: dict[str, Json], found: Json) -> None:
    assert lookup(properties, "a.b.c") == found


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("5", 5.0),
        ("05", 5.0),
        ("+.5e1", 5.0),
        ("5.", 5.0),
        ("-1E-2", -0.01),
        (5.0, 5.0),
        ("5 ", None),
        ("5\n", None),
        ("٥", None),
        ("0x10", None),
        ("1_000", None),
        ("Infinity", None),
        ("1e999", None),
        (".", None),
        ("", None),
        (True, None),
        ([5.0], None),
        (None, None),
    ],
)
def test_which_values_are_numbers(value: Json, number: float | None) -> None:
    assert number_of(value) == number


def test_values_are_typed_and_ordered() -> None:
    mixed: list[Json] = ["b", "B", "10", "9", "🙂", "\uffff", 10.0, 9.0, -1.0, True, False, None, "", [1.0]]

    ordered = sorted({dimension_of(value) for value in mixed})

    contents = [dimension.content for dimension in ordered]
    assert contents == [False, False, True, -1, 9, 10, "10", "9", "B", "[1]", "b", "\uffff", "🙂"]
    assert len({dimension_of(value) for value in (1.0, "1", True, "true")}) == 4


# Property value, operator, filter value, whether they match; the complement is checked along.
TABLE: list[tuple[Json, str, object, bool]] = [
    # EQUALS compares texts with what is printed, numbers with numbers, booleans with booleans.
    (5.0, "EQUALS", "5", True),
    (5.0, "EQUALS", "5.0", False),
    ("5.0", "EQUALS", 5, True),
    ("05", "EQUALS", 5, True),
    ("05", "EQUALS", "5", False),
    (True, "EQUALS", "true", True),
    ("true", "EQUALS", True, False),
    (True, "EQUALS", 1, False),
    (1.0, "EQUALS", True, False),
    (-0.0, "EQUALS", 0, True),
    (-0.0, "EQUALS", "0", True),
    (1e21, "EQUALS", "1e21", True),
    ([1.0, "a"], "EQUALS", '[1,"a"]', True),
    ("Pro", "EQUALS", "pro", False),
    (5.0, "IN", ["a", "5"], True),
    ("a", "IN", ["A", True, 1], False),
    (None, "EQUALS", "null", False),
    (None, "IN", ["null", 0, False], False),
    # The text operators look at what is printed, but never at lists and objects.
    (239.3, "CONTAINS", "9.3", True),
    (True, "CONTAINS", "ru", True),
    (["ru"], "CONTAINS", "ru", False),
    ({"ru": 1.0}, "MATCHES", "ru", False),
    ("abc", "CONTAINS", "", True),
    (None, "CONTAINS", "", False),
    ("", "CONTAINS", "", False),
    ("100%", "CONTAINS", "%", True),
    ("abc", "CONTAINS", "_", False),
    ("abc", "STARTS_WITH", "ab", True),
    ("abc", "STARTS_WITH", "b", False),
    ("abc", "ENDS_WITH", "bc", True),
    ("abc\n", "ENDS_WITH", "bc", False),
    ("a\nb", "MATCHES", "a.b", False),
    ("a\nb", "MATCHES", "(?s)a.b", True),
    ("xaby", "MATCHES", "ab", True),
    ("ab\n", "MATCHES", "b$", False),
    ("x\nab", "MATCHES", "^ab", False),
    (5.5, "MATCHES", r"^\d\.\d$", True),
    # A number, or a text that is one, orders numbers; other text orders texts only.
    ("239.3", "GREATER_THAN", "1000", False),
    ("239.3", "LESS_THAN", "1000", True),
    (239.3, "LESS_THAN", "1e3", True),
    ("abc", "GREATER_THAN", "1000", False),
    ("abc", "GREATER_THAN", "abb", True),
    ("1000", "LESS_THAN", "abc", True),
    (1000.0, "LESS_THAN", "abc", False),
    (True, "GREATER_OR_EQUAL", 0, False),
    ("\uffff", "LESS_THAN", "🙂", True),
    ([1.0], "GREATER_THAN", "A", False),
    (5.0, "GREATER_OR_EQUAL", 5, True),
    (5.0, "LESS_OR_EQUAL", "5", True),
    (5.0, "GREATER_THAN", 5, False),
    (10.0, "BETWEEN", [10, 20], True),
    ("20.0", "BETWEEN", [10, 20], True),
    (20.001, "BETWEEN", [10, 20], False),
    ("b", "BETWEEN", ["a", "b"], True),
    ("ba", "BETWEEN", ["a", "b"], False),
    (15.0, "BETWEEN", ["a", "b"], False),
    (15.0, "BETWEEN", ["10", 20], True),
    # Presence and booleans.
    (False, "IS_SET", None, True),
    (0.0, "IS_SET", None, True),
    ([], "IS_SET", None, True),
    ("", "IS_SET", None, False),
    (None, "IS_SET", None, False),
    (True, "IS_TRUE", None, True),
    ("true", "IS_TRUE", None, False),
    (1.0, "IS_TRUE", None, False),
    (False, "IS_FALSE", None, True),
    (None, "IS_FALSE", None, False),
    # Dates.
    ("2024-01-01T23:59:59.999", "BEFORE", "2024-01-02", True),
    ("2024-01-02", "BEFORE", "2024-01-02", False),
    ("2024-01-02", "AFTER", "2024-01-02", False),
    ("2024-01-02T00:00:00.0019Z", "AFTER", "2024-01-02T00:00:00.001Z", False),
    ("2024-01-02T01:00:00+00:30", "AFTER", "2024-01-02", True),
    ("soon", "AFTER", "2024-01-02", False),
    (1704153600.0, "AFTER", "1999-01-01", False),
]


@pytest.mark.parametrize(("content", "operator", "wanted", "matching"), TABLE, ids=repr)
def test_operators(content: Json, operator: str, wanted: object, matching: bool) -> None:
    it = event(p=content)
    names = (operator, {"IS_SET": "IS_NOT_SET"}.get(operator, f"NOT_{operator}"))

    results = [matches(it, _filter(name, wanted), UTC) for name in names if _exists(name)]

    assert results == [matching, not matching][: len(results)]


@pytest.mark.parametrize(
    ("content", "operator", "wanted", "matching"),
    [
        ("Pro", "EQUALS", "pRO", True),
        ("ſ", "EQUALS", "S", True),
        ("\u212a", "IN", ["x", "k"], True),
        ("Straße", "EQUALS", "STRASSE", False),
        ("ẞ", "EQUALS", "ß", True),
        ("ς", "CONTAINS", "Σ", True),
        ("İ", "EQUALS", "i", False),
        (1e21, "STARTS_WITH", "1E", True),
        ("a.C", "ENDS_WITH", ".c", True),
        ("abc", "ENDS_WITH", ".C", False),
        ("ABC", "MATCHES", "^a|x", True),
    ],
)
def test_ignoring_case(content: Json, operator: str, wanted: object, matching: bool) -> None:
    condition = _filter(operator, wanted)
    condition.ignore_case = True

    assert matches(event(p=content), condition, UTC) == matching


@pytest.mark.parametrize(
    ("name", "wanted", "matching"),
    [("$event_name", "buy", True), ("$person_id", "u", True), ("$session_id", "", False)],
)
def test_facts_shadow_properties(name: str, wanted: str, matching: bool) -> None:
    it = event(user="u", **{name: "a property"})

    assert matches(it, Filter(property=name, operator="OPERATOR_IS_SET"), UTC) == matching
    if matching:
        condition = ParseDict({"property": name, "operator": "OPERATOR_EQUALS", "value": wanted}, Filter())
        assert matches(it, condition, UTC)


@pytest.mark.parametrize(
    ("tree", "holding"),
    [
        ({"filter": "SET"}, True),
        ({"not": {"filter": "SET"}}, False),
        ({"allOf": {"expressions": [{"filter": "SET"}, {"filter": "TRUE"}]}}, False),
        ({"anyOf": {"expressions": [{"filter": "TRUE"}, {"filter": "SET"}]}}, True),
        ({"not": {"allOf": {"expressions": [{"filter": "SET"}, {"not": {"filter": "TRUE"}}]}}}, False),
    ],
)
def test_trees(tree: dict[str, object], holding: bool) -> None:
    expression = ParseDict({key: _with_filters(child) for key, child in tree.items()}, FilterExpression())

    assert holds(event(p=5.0), expression, UTC) == holding


def _filter(operator: str, wanted: object) -> Filter:
    given = {} if wanted is None else {"value": wanted}
    return ParseDict({"property": "p", "operator": f"OPERATOR_{operator}", **given}, Filter())


def _exists(operator: str) -> bool:
    return f"OPERATOR_{operator}" in Operator.keys()  # noqa: SIM118 - an enum, not a dict


def _with_filters(tree: object) -> object:
    """Write out the filters that a tree names."""
    match tree:
        case dict():
            return {key: _with_filters(child) for key, child in tree.items()}
        case list():
            return [_with_filters(child) for child in tree]
        case _:
            return {"property": "p", "operator": f"OPERATOR_IS_{tree}"}
