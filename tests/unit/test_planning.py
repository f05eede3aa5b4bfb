"""Formulas, numbers and times in texts, comparison ranges: by hand."""

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from google.protobuf.json_format import ParseDict
from hypothesis import given
from hypothesis import strategies as st

from eventglass.planning import formula, instants
from eventglass.planning import zone as clock
from eventglass.planning.numbers import numeric, printed
from eventglass.planning.ranges import Range, compared
from insights.v1.time_pb2 import Comparison


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A + B * 2", 1 + 2 * 2),
        ("(A + B) * 2", 6),
        ("-A - -B", 1),
        ("B - A - A", 0),
        ("8 / B / B", 2),
        ("A / (B - 2)", None),
        (".5 * B + 1.", 2),
        ("A × B − 1 ÷ B", 1.5),
        ("C + 1", None),
        ("1e", "cannot"),
        ("", "ends too early"),
        ("A B", "unexpected 'B'"),
        ("(A", "closing"),
        ("A + ", "ends too early"),
        ("A * / B", "unexpected '/'"),
        ("AB", "cannot be read at character 1"),
        ("D", "the last one is C"),
        ("a", "cannot be read at character 1"),
        ("(" * 70 + "A" + ")" * 70, "nested deeper"),
        ("A+" * 600 + "A", "longer than"),
        ("A / " + "9" * 400, "too large"),
        ("9" * 308 + " / " + "9" * 308, 1),
    ],
)
def test_formula(text: str, expected: float | str | None) -> None:
    if isinstance(expected, str):
        with pytest.raises(formula.FormulaError, match=expected.replace("(", r"\(")):
            formula.parse(text, 3)
    else:
        assert formula.evaluate(formula.parse(text, 3), [1.0, 2.0, None]) == expected


def test_a_formula_beyond_a_double_is_null() -> None:
    parsed = formula.parse("A * A", 1)

    assert formula.evaluate(parsed, [1e200]) is None


def test_what_is_divided_by_a_number_beyond_a_double_is_null() -> None:
    """It is not 0, however small it is."""
    parsed = formula.parse("5 / (A * A)", 1)

    assert formula.evaluate(parsed, [1e200]) is None


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (5.0, "5"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e20, "100000000000000000000"),
        (1e21, "1e21"),
        (0.000001, "0.000001"),
        (1e-7, "1e-7"),
        (-1.5e300, "-1.5e300"),
        (5e-324, "5e-324"),
        (123456789.125, "123456789.125"),
    ],
)
def test_numbers_print_shortest(number: float, text: str) -> None:
    assert printed(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_printed_numbers_read_back_the_same(number: float) -> None:
    text = printed(number)

    assert float(text) == number
    assert "+" not in text


@pytest.mark.parametrize("text", ["5", "-5.", "+.5", "1e3", "1E-3", "05"])
def test_numeric_texts(text: str) -> None:
    assert numeric(text) == float(text)


@pytest.mark.parametrize(
    "text", ["", ".", "5 ", "1_000", "0x1", "inf", "nan", "1e999", "٥", "5\n", "1,5", "--1"]
)
def test_texts_that_are_no_numbers(text: str) -> None:
    assert numeric(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-29", "2026-03-28T23:00:00"),
        ("2026-03-29T02:30", "2026-03-29T01:30:00"),
        ("2026-10-25 02:30", "2026-10-25T00:30:00"),
        ("2026-10-25T02:30:00Z", "2026-10-25T02:30:00"),
        ("2026-10-25T02:30:00.9999-01:30", "2026-10-25T04:00:00.999"),
        ("2026-10-25T02:30Z", None),
        ("2026-02-29", None),
        ("2026-1-1", None),
        ("1899-12-31", None),
        ("2026-01-01T24:00", None),
        ("2026-01-01\n", None),
        ("20260101", None),
    ],
)
def test_times_in_texts_are_read_strictly(text: str, expected: str | None) -> None:
    found = instants.read(text, ZoneInfo("Europe/Berlin"))

    assert found == (clock.instant(datetime.fromisoformat(expected + "+00:00")) if expected else None)


@given(
    st.sampled_from(["Europe/Berlin", "America/Santiago", "Pacific/Apia", "America/Havana"]),
    st.datetimes(datetime(1950, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001 - clock readings
)
def test_the_table_of_a_clock_reads_as_the_clock(zone: str, reading: datetime) -> None:
    """What SQL does with the table, in Python."""
    table = instants.local_clock(ZoneInfo(zone))
    as_utc = clock.instant(reading.replace(tzinfo=UTC))

    position = sum(1 for each in table.since if each <= as_utc) - 1

    assert as_utc - table.offsets[position] == clock.from_local(reading, ZoneInfo(zone))


def _range(start: str, end: str, zone: str) -> Range:
    def at(text: str) -> int:
        return clock.instant(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))

    return Range(label="", start=at(start), end=at(end))


@pytest.mark.parametrize(
    ("kind", "main", "expected"),
    [
        pytest.param(
            "previous_period", ("2026-03-01", "2026-04-01"), ("2026-02-01", "2026-03-01"), id="a month"
        ),
        pytest.param(
            "previous_period", ("2026-01-01", "2026-07-01"), ("2025-07-01", "2026-01-01"), id="six months"
        ),
        pytest.param(
            "previous_period", ("2026-03-29", "2026-04-05"), ("2026-03-22", "2026-03-29"), id="local days"
        ),
        pytest.param(
            "previous_period",
            ("2026-03-29T00:00", "2026-03-29T12:00"),
            ("2026-03-28T13:00", "2026-03-29T00:00"),
            id="the same length: 11 hours on the day of the change",
        ),
        pytest.param(
            "previous_year", ("2024-02-29", "2024-03-01"), ("2023-02-28", "2023-03-01"), id="leap day start"
        ),
        pytest.param(
            "previous_year", ("2024-02-01", "2024-02-29"), ("2023-02-01", "2023-03-01"), id="leap day end"
        ),
        pytest.param(
            "previous_year",
            ("2026-05-01T09:30", "2026-05-02T09:30"),
            ("2025-05-01T09:30", "2025-05-02T09:30"),
            id="the same clock",
        ),
    ],
)
def test_comparison_ranges(kind: str, main: tuple[str, str], expected: tuple[str, str]) -> None:
    zone = "Europe/Berlin"
    comparison = ParseDict({kind: True}, Comparison())

    found = compared(comparison, _range(*main, zone), ZoneInfo(zone))

    wanted = _range(*expected, zone)
    assert (found.label, found.start, found.end) == (kind, wanted.start, wanted.end)


def test_no_number_is_printed_as_infinite() -> None:
    assert math.isfinite(float(printed(1.7976931348623157e308)))
