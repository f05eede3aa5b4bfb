"""The golden statements: a spec in `<name>.json`, the SQL it compiles to in `<name>.sql`.

Few on purpose, and read line by line when they change. `python -m tests.golden.compiled` writes them
anew.
"""

from datetime import UTC, datetime
from pathlib import Path

from google.protobuf.json_format import Parse

from eventglass.catalog.project import Project
from eventglass.insights.registry import insight_of
from eventglass.planning.scope import Scope
from eventglass.sql.statement import Statement
from insights.v1.query_spec_pb2 import QuerySpec

FOLDER = Path(__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))

SCOPE = Scope(
    project=Project(id="demo"),
    now=datetime(2026, 6, 15, tzinfo=UTC),
    watermark=datetime(2026, 6, 14, tzinfo=UTC),
    query_id="golden",
)


def spec(name: str) -> QuerySpec:
    """Read a golden's spec."""
    return Parse((FOLDER / f"{name}.json").read_text(), QuerySpec())


def compiled(asked: QuerySpec) -> Statement:
    """Compile a spec as the pipeline does."""
    insight = insight_of(asked)
    return insight.to_sql(insight.plan(asked, SCOPE))


if __name__ == "__main__":
    for each in NAMES:
        (FOLDER / f"{each}.sql").write_text(compiled(spec(each)).text + "\n")
