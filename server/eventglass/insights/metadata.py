"""What an answer says about itself (semantics 9.2)."""

from datetime import timedelta

from eventglass.engine.engine import Rows
from eventglass.planning.scope import Scope
from eventglass.sql.statement import Statement
from insights.v1.metadata_pb2 import QueryMetadata
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from insights.v1.time_pb2 import Granularity

# Visualizations without buckets: `granularity` is unused.
WITHOUT_BUCKETS = frozenset(
    {
        Visualization.VISUALIZATION_KPI,
        Visualization.VISUALIZATION_TABLE,
    }
)


def metadata(
    spec: QuerySpec, scope: Scope, statement: Statement, rows: Rows, elapsed_seconds: float
) -> QueryMetadata:
    """Say what was run, and on what."""
    made = QueryMetadata(
        query_id=scope.query_id,
        timezone=spec.timezone or scope.project.timezone,
        rows_read=rows.rows_read,
        bytes_read=rows.bytes_read,
        statement_hash=statement.hash,
    )
    made.time_range.start.FromMilliseconds(spec.time_range.start.ToMilliseconds())
    made.time_range.end.FromMilliseconds(spec.time_range.end.ToMilliseconds())
    made.elapsed.FromTimedelta(timedelta(seconds=elapsed_seconds))
    if scope.watermark is not None:
        made.watermark.FromDatetime(scope.watermark)
    if spec.visualization not in WITHOUT_BUCKETS:
        made.granularity = spec.granularity or Granularity.GRANULARITY_DAY
    elif spec.granularity:
        made.warnings.add(
            reason="UNUSED_FIELD",
            field="query.granularity",
            message=f"{Visualization.Name(spec.visualization)} has no buckets; granularity was not used",
        )
    return made
