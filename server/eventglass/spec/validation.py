"""Everything that is wrong with a request, at once. Rules are small generators, one concept a file."""

import math
from collections.abc import Iterator
from functools import partial

from eventglass.catalog.project import Project
from eventglass.errors import Violation
from eventglass.planning import formula, pages
from eventglass.spec import (
    behaviors,
    breakdowns,
    distributions,
    durations,
    events,
    fields,
    filters,
    funnels,
    names,
    paging,
    paths,
    retentions,
    rolling,
    size,
    stickiness,
    times,
)
from insights.v1.query_service_pb2 import QueryBudget, QueryRequest
from insights.v1.query_spec_pb2 import QuerySpec

LONGEST_QUERY_DAYS = 366

_ANY_PROJECT = Project(id="")


def violations_of_request(request: QueryRequest, project: Project = _ANY_PROJECT) -> list[Violation]:
    """List what is wrong with a request, by field path.

    Args:
        request: as it arrived.
        project: whose zone and week the spec falls back to, and whose pages there are.
    """
    if not request.HasField("query"):
        return [Violation(field="query", code="REQUIRED", description="is required; send a QuerySpec")]
    return [*_of_spec(request.query, project), *_of_budget(request.budget)]


def _of_spec(spec: QuerySpec, project: Project) -> Iterator[Violation]:
    yield from fields.violations(spec)
    time_violations = list(times.violations(spec, project))
    yield from time_violations
    yield from events.violations(spec)
    yield from filters.violations("query", spec)
    yield from behaviors.violations("query", spec)
    yield from names.violations("query", spec)
    yield from breakdowns.violations(spec)
    yield from funnels.violations(spec)
    yield from retentions.violations(spec)
    yield from rolling.violations(spec)
    yield from stickiness.violations(spec)
    yield from paths.violations(spec)
    yield from distributions.violations(spec)
    yield from _of_formula(spec)
    decode = partial(pages.decode, spec, project.id)
    yield from paging.violations("query.", spec.page_size, spec.page_token, decode)
    if not time_violations:
        yield from _of_size(spec, project)


def _of_size(spec: QuerySpec, project: Project) -> Iterator[Violation]:
    """Count windows only where there are not too many points."""
    of_points = list(size.violations(spec, project))
    yield from of_points or rolling.of_moments(spec, project)


def _of_formula(spec: QuerySpec) -> Iterator[Violation]:
    if not spec.formula:
        return
    try:
        formula.parse(spec.formula, max(1, min(len(spec.events), len(formula.LETTERS))))
    except formula.FormulaError as error:
        yield Violation(field="query.formula", code="INVALID_FORMULA", description=str(error))


def _of_budget(budget: QueryBudget) -> Iterator[Violation]:
    yield from _of_rows("budget.max_rows_read", budget.max_rows_read)
    if budget.HasField("max_time"):
        yield from durations.of_length("budget.max_time", budget.max_time, longest_days=LONGEST_QUERY_DAYS)


def _of_rows(path: str, rows: float) -> Iterator[Violation]:
    """Check a number of rows, a double for the sake of JSON: protobuf writes longer integers as texts."""
    if not math.isfinite(rows):
        yield Violation(field=path, code="NOT_FINITE", description="must be a finite number")
    elif rows != 0 and rows < 1:
        description = "must be at least 1 row, or 0 for the server's limit"
        yield Violation(field=path, code="OUT_OF_RANGE", description=description)
    elif not rows.is_integer():
        yield Violation(field=path, code="WRONG_TYPE", description="must be a whole number")
