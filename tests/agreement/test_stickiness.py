from dataclasses import replace

from hypothesis import strategies as st

from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.agreement.agreeing import SPECS_PER_WORLD, Kind, agreement, compared
from tests.agreement.asking import Asking
from tests.oracle.funnel_worlds import retention_worlds
from tests.oracle.stickiness_specs import every_stickiness_option, options_of_stickiness, stickiness_specs

KIND = Kind(
    worlds=retention_worlds,
    specs=stickiness_specs,
    options_of=options_of_stickiness,
    every_option=every_stickiness_option(first_time=True),
    specs_in_full=1_000,
    specs_per_world=1,
)

test_engine_and_oracle_agree = agreement(KIND)


@compared(replace(KIND, specs_in_full=400, specs_per_world=SPECS_PER_WORLD))
async def test_exact_points_sum_to_the_users_of_the_range(data: st.DataObject, asking: Asking) -> None:
    world = data.draw(retention_worlds(all_have_ids=True))
    project = await asking.store(world)
    for _ in range(SPECS_PER_WORLD):
        spec = data.draw(stickiness_specs(world, first_time=True))
        spec.ClearField("stickiness")
        as_kpi = QuerySpec()
        as_kpi.CopyFrom(spec)
        as_kpi.visualization = Visualization.VISUALIZATION_KPI
        as_kpi.aggregation = Aggregation.AGGREGATION_UNIQUE_USERS

        series = (await asking.answer(spec, world, project)).stickiness.series
        kpis = (await asking.answer(as_kpi, world, project)).kpis

        assert [sum(point.count for point in it.points) for it in series] == [it.value for it in kpis]
