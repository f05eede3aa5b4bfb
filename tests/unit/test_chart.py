"""Charts of text."""

import io
from datetime import timedelta

import pytest
from google.protobuf.json_format import ParseDict
from rich.console import Console

from eventglass.cli.answer import print_answer
from eventglass.cli.chart import ASCII, BLOCKS, bar, change, duration, ink_for, shown, sparkline
from insights.v1.query_service_pb2 import QueryResponse


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, "-"),
        (0.0, "0"),
        (-0.0, "0"),
        (1_234_567.0, "1,234,567"),
        (-1_234.5, "-1,234.5"),
        (0.449152542, "0.449153"),
        (-0.25, "-0.25"),
        (2_500_315.6349, "2,500,315.63"),
        (1e21, "1e21"),
        (1.23456789e-9, "1.23457e-9"),
    ],
)
def test_a_number_is_shown_short(number: float | None, text: str) -> None:
    assert shown(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.35, "0.35 s"),
        (46.443, "46.443 s"),
        (59.9996, "59.9996 s"),
        (60, "1 min"),
        (90.4, "1 min 30 s"),
        (3_599.7, "1 h"),
        (7_205, "2 h 5 s"),
        (187_966.443, "2 d 4 h 12 min"),
        (518_400, "6 d"),
        (100_000_000, "1,157 d 9 h 46 min"),
    ],
)
def test_a_duration_is_shown_in_its_largest_units(seconds: float, text: str) -> None:
    assert duration(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0.71, "+71.0 %"), (-0.116, "-11.6 %"), (12.3456, "+1,234.6 %"), (None, "-")]
)
def test_a_change_has_its_sign(share: float | None, text: str) -> None:
    assert change(share) == text


@pytest.mark.parametrize(
    ("number", "drawn"),
    [(8.0, "████"), (4.0, "██"), (1.0, "▌"), (0.001, "▏"), (0.0, ""), (-3.0, ""), (None, "")],
)
def test_a_bar_is_as_long_as_its_number(number: float | None, drawn: str) -> None:
    assert bar(number, 8.0, 4, BLOCKS) == drawn


def test_a_sparkline_begins_at_zero_and_shows_gaps() -> None:
    assert sparkline([0.0, None, 3.5, 7.0], 10, BLOCKS) == "▁·▅█"
    assert sparkline([-1.0, 0.0, 1.0], 10, BLOCKS) == "▁▅█"
    assert sparkline([0.0, 0.0], 10, BLOCKS) == "▁▁"
    assert sparkline([], 10, BLOCKS) == ""


def test_a_long_sparkline_keeps_its_peaks() -> None:
    numbers: list[float | None] = [float(position == 70) for position in range(100)]

    drawn = sparkline(numbers, 10, BLOCKS)

    assert drawn == "▁▁▁▁▁▁▁█▁▁"


def test_a_plain_terminal_gets_plain_characters() -> None:
    assert ink_for("utf-8") is BLOCKS
    assert ink_for("ascii") is ASCII
    assert bar(8.0, 8.0, 4, ASCII) == "####"
    assert sparkline([0.0, 7.0], 4, ASCII) == "_#"


def test_a_funnel_and_a_retention_are_drawn() -> None:
    response = ParseDict(
        {
            "funnel": {
                "steps": [
                    {"event": "signup", "count": 4, "conversionRate": 1},
                    {"event": "buy", "count": 1, "conversionRate": 0.25, "medianTime": "90s"},
                ],
                "breakdowns": [{"dimensions": [{"isMissing": True}], "steps": [{"event": "signup"}]}],
            },
            "retention": {
                "cohorts": [
                    {
                        "cohortDate": "2026-05-04T00:00:00Z",
                        "size": 8,
                        "periods": [{"count": 8, "rate": 1}, {"period": 1, "count": 2, "rate": 0.25}],
                    }
                ]
            },
        },
        QueryResponse(),
    )
    console = Console(width=100, record=True, file=io.StringIO())

    print_answer(response, console)

    lines = [line.split() for line in console.export_text().splitlines()]
    assert next(line for line in lines if "buy" in line)[:7] == ["buy", "1", "25.0%", "1", "min", "30", "s"]
    assert ["(missing)"] in lines
    assert ["2026-05-04", "8", "25%"] in lines


def _drawn(answer: dict[str, object]) -> list[list[str]]:
    """The words of each line that an answer is drawn in."""
    console = Console(width=100, record=True, file=io.StringIO())
    print_answer(ParseDict(answer, QueryResponse()), console)
    return [line.split() for line in console.export_text().splitlines()]


def test_values_that_print_alike_are_lines_of_their_own() -> None:
    values = [{"number": 1}, {"text": "1"}, {"text": "(other)"}, {"isOther": True}]
    points = [
        {"dimensions": [value], "value": number, "timestamp": f"2026-05-0{day}T00:00:00Z"}
        for number, value in enumerate(values, start=5)
        for day in (4, 5)
    ]

    lines = _drawn({"series": points})

    assert [line[0] for line in lines[1:5]] == ["1", "1", '"(other)"', "(other)"]
    assert ["2026-05-04", "5", "6", "7", "8"] in lines


def test_a_page_token_is_one_line_however_narrow_the_terminal() -> None:
    console = Console(width=20, file=io.StringIO())
    token = "eyJhbGci" * 40

    print_answer(ParseDict({"rows": [{"values": [{}]}], "nextPageToken": token}, QueryResponse()), console)

    assert isinstance(console.file, io.StringIO)
    assert f'"pageToken": "{token}"' in console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [1, 20, 40, 80])
def test_narrow_terminals_cut_neither_numbers_nor_times(width: int) -> None:
    at = {"timestamp": "2018-05-04T00:00:00Z"}
    value, name = 900_000_001.5, "long-" * 20
    series = [{**at, "event": "e", "value": value}, {**at, "event": "e", "value": value / 2}]
    rows = [{"dimensions": [{"text": name}], "value": value, "values": [{"value": value}]}]
    kpis = [{"event": name, "value": value, "comparisons": [{"label": name, "value": value}]}]
    steps = [{"event": name, "count": value, "conversionRate": 1}]
    links = [{"source": {"text": name}, "target": {"text": name}, "count": value}]
    console = Console(width=width, record=True, file=io.StringIO())

    for answer in (
        {"series": series},
        {"rows": rows},
        {"kpis": kpis},
        {"funnel": {"steps": steps}},
        {"paths": {"links": links, "total": value}},
    ):
        print_answer(ParseDict(answer, QueryResponse()), console)
    shown_at_all = console.export_text()

    assert shown_at_all.count("900,000,001.5") == 7
    assert shown_at_all.count("2018-05-04") == 2
    assert "…" not in shown_at_all
    whole, half = [line.split()[2] for line in shown_at_all.splitlines() if line.startswith("2018")]
    assert 8 <= len(whole) <= 32
    assert len(half) in (len(whole) // 2, len(whole) // 2 + 1)


def test_the_trend_of_a_funnel_is_drawn() -> None:
    trend = [
        {"timestamp": "2026-05-04T00:00:00Z", "entered": 1200, "converted": 300, "conversionRate": 0.25},
        {"timestamp": "2026-05-05T00:00:00Z", "partial": True},
    ]

    lines = _drawn({"funnel": {"steps": [{"event": "signup", "count": 1200}], "trend": trend}})

    assert lines[2] == ["time", "entered", "converted", "rate"]
    assert lines[3][:4] == ["2026-05-04", "1,200", "300", "25.0%"]
    assert len(lines[3][4]) == 8
    assert lines[4] == ["2026-05-05", "(partial)", "0", "0", "-"]


def test_periods_that_do_not_fit_are_counted() -> None:
    periods = [{"period": at, "count": 1, "rate": 1} for at in range(30)]
    cohort = {"cohortDate": "2026-05-04T00:00:00Z", "size": 1, "periods": periods}

    lines = _drawn({"retention": {"cohorts": [cohort], "breakdowns": [{"cohorts": [cohort]}]}})

    assert lines[0] == ["cohort", "size", *map(str, range(1, 12))]
    assert [" ".join(line) for line in lines].count("(periods 12 to 29: with --json)") == 2


@pytest.mark.parametrize(
    ("granularity", "begin"),
    [("GRANULARITY_DAY", ["2026-05-05"]), ("GRANULARITY_HOUR", ["2026-05-05", "00:00", "CEST"])],
)
def test_cohorts_begin_by_the_clock_of_the_answer(granularity: str, begin: list[str]) -> None:
    cohort = {"cohortDate": "2026-05-04T22:00:00Z", "size": 8, "periods": [{"count": 8, "rate": 1}]}
    metadata = {"timezone": "Europe/Berlin", "granularity": granularity}

    lines = _drawn({"retention": {"cohorts": [cohort]}, "metadata": metadata})

    assert lines[1] == [*begin, "8"]


def test_a_lifecycle_is_drawn() -> None:
    first = {"timestamp": "2026-05-04T00:00:00Z", "newUsers": 3, "returning": 1, "dormant": 1200}
    second = {"timestamp": "2026-05-05T00:00:00Z", "resurrecting": 1, "partial": True}

    lines = _drawn({"lifecycle": {"buckets": [first, second]}})

    assert lines[0] == ["time", "new", "returning", "resurrecting", "dormant"]
    assert lines[1][:5] == ["2026-05-04", "3", "1", "0", "1,200"]
    assert lines[2][:6] == ["2026-05-05", "(partial)", "0", "0", "1", "0"]
    assert len(lines[1][5]) == 4 * len(lines[2][6])


def test_a_stickiness_is_drawn() -> None:
    points = [{"buckets": 1, "count": 1200, "rate": 0.75}, {"buckets": 2, "count": 400, "rate": 0.25}]
    series = [{"event": "a", "points": points}, {"event": "b", "points": [{"buckets": 1}]}]

    lines = _drawn({"stickiness": {"series": series}})

    assert lines[:2] == [["a"], ["buckets", "persons", "of", "all", "active"]]
    assert lines[2][:3] == ["1", "1,200", "75.0%"]
    assert lines[5:7] == [["buckets", "persons", "of", "all", "active"], ["1", "0", "-"]]
    assert len(lines[2][3]) > len(lines[3][3])


def test_paths_are_drawn() -> None:
    lines = _drawn(
        {
            "paths": {
                "total": 12,
                "nodes": [
                    {"step": 0, "node": {"text": "home"}, "count": 12, "dropOffs": 1},
                    {"step": 1, "node": {"text": "cart"}, "count": 10, "continues": 10},
                    {"step": 1, "node": {"isOther": True}, "count": 1, "ends": 1},
                ],
                "links": [
                    {"source": {"text": "home"}, "target": {"isOther": True}, "count": 1},
                    *(
                        {"source": {"text": "home"}, "target": {"text": f"cart {at}"}, "count": 2}
                        for at in range(9)
                    ),
                ],
            }
        }
    )

    assert ["12", "paths"] in lines
    assert next(line for line in lines if "home" in line)[:6] == ["0", "home", "12", "1", "0", "0"]
    assert next(line for line in lines if "(other)" in line)[:5] == ["(other)", "1", "0", "0", "1"]
    assert ["0", "(2", "more)", "3"] in lines


def test_a_heatmap_is_drawn() -> None:
    peak = {"weekday": 7, "hour": 2, "value": 1200, "hoursInRange": 2}
    cells = [{"weekday": weekday, "hour": hour} for weekday in range(1, 8) for hour in range(24)]

    lines = _drawn({"heatmap": {"cells": [*cells[:146], peak, *cells[147:]], "peak": peak}})

    assert lines[0] == ["0", "3", "6", "9", "12", "15", "18", "21"]
    assert lines[1] == ["Mon", "·" * 48]
    assert lines[7] == ["Sun", "·" * 4 + "██" + "·" * 42]
    assert lines[8] == ["most", "at", "Sun", "02:00:", "1,200,", "in", "2", "hours"]


def test_a_distribution_is_drawn() -> None:
    bins = [{"end": 10, "count": 1}, {"start": 10, "end": 20, "count": 4}, {"start": 20, "count": 0}]
    numbers = {"minimum": 2, "average": 12.5, "median": 15, "maximum": 1900}

    lines = _drawn({"distribution": {"bins": bins, "total": 5, **numbers}})

    assert lines[0] == ["5", "numbers"]
    assert lines[2][:3] == ["..", "10", "1"]
    assert lines[3][:3] == ["10", "20", "4"]
    assert lines[4] == ["20", "..", "0"]
    assert len(lines[3][3]) == 4 * len(lines[2][3])
    assert lines[6] == ["2", "12.5", "15", "-", "-", "-", "1,900"]
