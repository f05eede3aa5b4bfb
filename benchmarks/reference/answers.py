"""Answers that can be compared: numbers by their keys, whoever gave them.

A key is what a number stands for, as texts: the day, the country, and last which of the answer's numbers
it is, from 0.
"""

from collections.abc import Iterator
from datetime import date, datetime

from benchmarks.reference.engines import Table
from insights.v1.breakdown_pb2 import DimensionValue
from insights.v1.query_service_pb2 import QueryResponse

Answer = dict[tuple[str, ...], float]


def of_response(response: QueryResponse) -> Answer:
    """Read the service's answer."""
    if response.HasField("funnel"):
        return dict(_funnel(response))
    if response.HasField("retention"):
        return dict(_retention(response))
    if response.HasField("paths"):
        return {
            (str(link.step + 1), _text(link.source), _text(link.target), "0"): link.count
            for link in response.paths.links
        }
    if response.rows:
        return {(*map(_text, row.dimensions), "0"): row.value for row in response.rows}
    return {
        (
            point.timestamp.ToDatetime().date().isoformat(),
            *map(_text, point.dimensions),
            str(point.series_index),
        ): point.value
        for point in response.series
        if point.value
    }


def of_table(table: Table) -> Answer:
    """Read a statement's answer: `value…` columns are numbers, those ahead of them keys."""
    places = [place for place, name in enumerate(table.names) if name.startswith("value")]
    keys = table.columns[: places[0]] if places else ()
    return {
        (*(_key(column[row]) for column in keys), str(number)): float(str(table.columns[place][row]))
        for number, place in enumerate(places)
        for row in range(len(table.columns[place]))
        if table.columns[place][row]
    }


def difference(ours: Answer, theirs: Answer) -> float:
    """Tell how far two answers are apart: all differences together, as a share of all of our numbers."""
    apart = sum(abs(ours.get(key, 0.0) - theirs.get(key, 0.0)) for key in ours.keys() | theirs.keys())
    return apart / sum(map(abs, ours.values()))


def _funnel(response: QueryResponse) -> Iterator[tuple[tuple[str, ...], float]]:
    if not response.funnel.breakdowns:
        yield from (((str(place),), step.count) for place, step in enumerate(response.funnel.steps))
    for group in response.funnel.breakdowns:
        for place, step in enumerate(group.steps):
            yield (*map(_text, group.dimensions), str(place)), step.count


def _retention(response: QueryResponse) -> Iterator[tuple[tuple[str, ...], float]]:
    for cohort in response.retention.cohorts:
        began = cohort.cohort_date.ToDatetime().date().isoformat()
        for cell in cohort.periods:
            if cell.period and cell.count:  # cell 0 is the cohort itself
                yield (began, str(cell.period), "0"), cell.count


def _text(value: DimensionValue) -> str:
    return "other" if value.is_other else value.text


def _key(value: object) -> str:
    day = value.date() if isinstance(value, datetime) else value
    return day.isoformat() if isinstance(day, date) else str(day)
