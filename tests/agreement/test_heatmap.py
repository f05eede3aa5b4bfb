from dataclasses import replace

from hypothesis import strategies as st

from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.agreement.agreeing import SPECS_PER_WORLD, Kind, agreement, compared
from tests.agreement.asking import Asking
from tests.oracle.funnel_worlds import retention_worlds
from tests.oracle.heatmap_specs import every_heatmap_option, heatmap_specs, options_of_heatmap

KIND = Kind(
    worlds=retention_worlds,
    specs=heatmap_specs,
    options_of=options_of_heatmap,
    every_option=every_heatmap_option(first_time=True),
    specs_in_full=1_000,
    specs_per_world=1,
)

test_engine_and_oracle_agree = agreement(KIND)


@compared(replace(KIND, specs_in_full=400, specs_per_world=SPECS_PER_WORLD))
async def test_cells_sum_to_the_events_of_the_range(data: st.DataObject, asking: Asking) -> None:
    world = data.draw(retention_worlds(all_have_ids=True))
    project = await asking.store(world)
    for _ in range(SPECS_PER_WORLD):
        spec = data.draw(heatmap_specs(world, first_time=True))
        for selector in spec.events:
            selector.ClearField("aggregation")
        spec.aggregation = Aggregation.AGGREGATION_COUNT
        as_kpi = QuerySpec()
        as_kpi.CopyFrom(spec)
        as_kpi.visualization = Visualization.VISUALIZATION_KPI

        cells = (await asking.answer(spec, world, project)).heatmap.cells
        kpis = (await asking.answer(as_kpi, world, project)).kpis

        assert [sum(cell.value for cell in cells)] == [it.value for it in kpis]
