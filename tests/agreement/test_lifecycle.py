from dataclasses import replace

from hypothesis import strategies as st

from insights.v1.aggregation_pb2 import Aggregation
from insights.v1.query_spec_pb2 import QuerySpec, Visualization
from tests.agreement.agreeing import SPECS_PER_WORLD, Kind, agreement, compared
from tests.agreement.asking import Asking
from tests.oracle.funnel_worlds import retention_worlds
from tests.oracle.lifecycle_specs import every_lifecycle_option, lifecycle_specs, options_of_lifecycle

KIND = Kind(
    worlds=retention_worlds,
    specs=lifecycle_specs,
    options_of=options_of_lifecycle,
    every_option=every_lifecycle_option(first_time=True),
    specs_in_full=1_000,
    specs_per_world=1,
)

test_engine_and_oracle_agree = agreement(KIND)


@compared(replace(KIND, specs_in_full=400, specs_per_world=SPECS_PER_WORLD))
async def test_who_is_active_adds_up_to_the_unique_users(data: st.DataObject, asking: Asking) -> None:
    world = data.draw(retention_worlds(all_have_ids=True))
    project = await asking.store(world)
    for _ in range(SPECS_PER_WORLD):
        spec = data.draw(lifecycle_specs(world, first_time=True))
        as_series = QuerySpec()
        as_series.CopyFrom(spec)
        as_series.visualization = Visualization.VISUALIZATION_LINE
        as_series.aggregation = Aggregation.AGGREGATION_UNIQUE_USERS

        buckets = (await asking.answer(spec, world, project)).lifecycle.buckets
        points = (await asking.answer(as_series, world, project)).series

        assert [it.new_users + it.returning + it.resurrecting for it in buckets] == [
            it.value for it in points
        ]
        assert [(it.timestamp, it.partial) for it in buckets] == [(it.timestamp, it.partial) for it in points]
