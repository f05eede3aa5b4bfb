"""Fields of one kind of insight among those of another: what is not refused is answered rightly."""

from hypothesis import strategies as st

from insights.v1.query_spec_pb2 import Visualization
from tests.agreement.agreeing import Kind, agreement, visualization_of
from tests.agreement.crossing import crossed_specs
from tests.oracle.distribution_specs import distribution_worlds
from tests.oracle.funnel_worlds import funnel_worlds, retention_worlds
from tests.oracle.worlds import World, worlds


def _worlds(*, all_have_ids: bool) -> st.SearchStrategy[World]:
    kinds = (worlds, distribution_worlds, funnel_worlds, retention_worlds)
    return st.sampled_from(kinds).flatmap(lambda kind: kind(all_have_ids=all_have_ids))


KIND = Kind(
    worlds=_worlds,
    specs=crossed_specs,
    options_of=visualization_of,
    every_option={Visualization.Name(each).removeprefix("VISUALIZATION_") for each in Visualization.values()},
    specs_in_full=2_000,
    specs_per_world=4,
    has_behaviors=False,
)

test_engine_and_oracle_agree = agreement(KIND)
