from hypothesis import strategies as st

from insights.v1.query_spec_pb2 import QuerySpec
from tests.agreement.agreeing import Kind, agreement
from tests.oracle.coverage import every_option, options_of
from tests.oracle.specs import specs
from tests.oracle.worlds import World, worlds


def _specs(world: World, *, first_time: bool) -> st.SearchStrategy[QuerySpec]:
    return specs(world, sessions=True, first_time=first_time, rolling=True)


KIND = Kind(
    worlds=worlds,
    specs=_specs,
    options_of=options_of,
    every_option=every_option(sessions=True, first_time=True, rolling=True),
    specs_in_full=2_000,
    specs_per_world=2,
)

test_engine_and_oracle_agree = agreement(KIND)
