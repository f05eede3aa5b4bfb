"""The reference insights: a folder each in insights/, whose names read as the table of contents.

`query.json` is the QueryRequest. Beside it stands, as SQL, what it is compared with: `scan.sql` reads the
columns that it needs and does next to nothing with them, the others answer the same question in other ways,
and say in their first line how equally (see promise.py).
"""

from dataclasses import dataclass, replace
from pathlib import Path

from google.protobuf.json_format import Parse

from eventglass.insights.registry import insight_of
from eventglass.planning.promoted import with_promoted
from eventglass.planning.scope import Scope
from eventglass.sql.statement import Statement
from insights.v1.query_service_pb2 import Cache, QueryRequest
from insights.v1.query_spec_pb2 import QuerySpec

FOLDER = Path(__file__).parent / "insights"
SCAN = "scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """A question, and the statements that it is compared with.

    Args:
        name: what tables call it.
        request: as callers send it; no kept answer is taken.
        statements: SQL by the way it goes, such as `scan`; of several, the first gives the answer.
    """

    name: str
    request: QueryRequest
    statements: dict[str, tuple[str, ...]]

    def alone(self) -> "Insight":
        """Give it without other layouts and engines."""
        return replace(self, statements={SCAN: self.statements[SCAN]})


def read_insights(folder: Path = FOLDER) -> list[Insight]:
    """Read all, in the order of their names."""
    return [_read(each) for each in sorted(folder.iterdir())]


def compiled(spec: QuerySpec, scope: Scope) -> Statement:
    """Make the statement that the service runs for a spec."""
    insight = insight_of(spec)
    return insight.to_sql(with_promoted(insight.plan(spec, scope), scope.promoted))


def _read(folder: Path) -> Insight:
    request = Parse((folder / "query.json").read_text("utf-8"), QueryRequest())
    request.cache = Cache.CACHE_NO_CACHE
    return Insight(
        name=folder.name.replace("-", " "),
        request=request,
        statements={
            path.stem: tuple(path.read_text("utf-8").split(";\n")) for path in sorted(folder.glob("*.sql"))
        },
    )
