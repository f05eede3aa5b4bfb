"""What an answer says about itself (the last section of semantics)."""

from datetime import timedelta

from eventglass.engine.engine import Rows
from eventglass.planning import pages
from eventglass.planning.page_tokens import pin_of
from eventglass.planning.scope import Scope
from eventglass.spec.fields import has_buckets, used
from eventglass.sql.statement import Statement
from insights.v1.metadata_pb2 import QueryMetadata, QueryWarning
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from insights.v1.time_pb2 import Granularity


def metadata(
    spec: QuerySpec, scope: Scope, statement: Statement, rows: Rows, elapsed_seconds: float
) -> QueryMetadata:
    """Say what was run, and on what."""
    made = QueryMetadata(
        query_id=scope.query_id,
        timezone=spec.timezone or scope.project.timezone,
        cached=rows.cached,
        rows_read=rows.rows_read,
        bytes_read=rows.bytes_read,
        statement_hash=statement.hash,
    )
    made.time_range.start.FromMilliseconds(spec.time_range.start.ToMilliseconds())
    made.time_range.end.FromMilliseconds(spec.time_range.end.ToMilliseconds())
    made.elapsed.FromTimedelta(timedelta(seconds=elapsed_seconds))
    watermark = _watermark(spec, scope)
    if watermark is not None:
        made.watermark.FromMilliseconds(watermark)
    if has_buckets(spec):
        made.granularity = spec.granularity or Granularity.GRANULARITY_DAY
    elif spec.granularity:
        made.warnings.append(_unused("granularity", spec))
    if spec.aggregation and not used(spec).aggregations:
        made.warnings.append(_unused("aggregation", spec))
    return made


def _watermark(spec: QuerySpec, scope: Scope) -> int | None:
    """Find the newest arrival, in milliseconds: on a later page of a table that of the first one."""
    pin = pages.decode(spec, scope.project.id)[0] if spec.page_token else pin_of(scope)
    return pin.watermark


def _unused(name: str, spec: QuerySpec) -> QueryWarning:
    """Say that a field which dashboards keep when they switch charts was not used."""
    return QueryWarning(
        reason="UNUSED_FIELD",
        field=f"query.{name}",
        message=f"{Visualization.Name(spec.visualization)} does not use {name}",
    )
