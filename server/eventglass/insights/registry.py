"""Which file answers which visualization. A new kind is one line here."""

from typing import Any

from eventglass.insights import (
    distribution,
    funnel,
    heatmap,
    kpi,
    lifecycle,
    paths,
    retention,
    series,
    stickiness,
    table,
)
from eventglass.insights.insight import Insight
from insights.v1.query_spec_pb2 import QuerySpec, Visualization

INSIGHTS: dict[Visualization, Insight[Any]] = {
    Visualization.VISUALIZATION_UNSPECIFIED: series.INSIGHT,
    Visualization.VISUALIZATION_LINE: series.INSIGHT,
    Visualization.VISUALIZATION_AREA: series.INSIGHT,
    Visualization.VISUALIZATION_BAR: series.INSIGHT,
    Visualization.VISUALIZATION_KPI: kpi.INSIGHT,
    Visualization.VISUALIZATION_TABLE: table.INSIGHT,
    Visualization.VISUALIZATION_FUNNEL: funnel.INSIGHT,
    Visualization.VISUALIZATION_RETENTION: retention.INSIGHT,
    Visualization.VISUALIZATION_LIFECYCLE: lifecycle.INSIGHT,
    Visualization.VISUALIZATION_PATHS: paths.INSIGHT,
    Visualization.VISUALIZATION_STICKINESS: stickiness.INSIGHT,
    Visualization.VISUALIZATION_DISTRIBUTION: distribution.INSIGHT,
    Visualization.VISUALIZATION_HEATMAP: heatmap.INSIGHT,
}


def insight_of(spec: QuerySpec) -> Insight[Any]:
    """Find the kind that answers a valid spec."""
    return INSIGHTS[spec.visualization]
