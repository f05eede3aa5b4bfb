from dataclasses import replace

from hypothesis import strategies as st

from tests.agreement.agreeing import SPECS_PER_WORLD, Kind, agreement, compared
from tests.agreement.asking import Asking
from tests.oracle.funnel_worlds import funnel_worlds
from tests.oracle.path_accounts import account_for_all
from tests.oracle.path_coverage import every_path_option, options_of_paths
from tests.oracle.path_specs import path_specs

KIND = Kind(
    worlds=funnel_worlds,
    specs=path_specs,
    options_of=options_of_paths,
    every_option=every_path_option(first_time=True),
    specs_in_full=2_000,
    specs_per_world=2,
)

test_engine_and_oracle_agree = agreement(KIND)


@compared(replace(KIND, specs_in_full=400, specs_per_world=SPECS_PER_WORLD))
async def test_whoever_comes_to_a_node_is_accounted_for(data: st.DataObject, asking: Asking) -> None:
    world = data.draw(funnel_worlds(all_have_ids=True))
    project = await asking.store(world)
    for _ in range(SPECS_PER_WORLD):
        spec = data.draw(path_specs(world, first_time=True))

        account_for_all(spec, (await asking.answer(spec, world, project)).paths)
