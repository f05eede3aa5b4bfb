from dataclasses import replace

from hypothesis import strategies as st

from tests.agreement.agreeing import SPECS_PER_WORLD, Kind, agreement, compared
from tests.agreement.asking import Asking
from tests.oracle.distribution_accounts import account_for_all
from tests.oracle.distribution_specs import (
    distribution_specs,
    distribution_worlds,
    every_distribution_option,
    options_of_distribution,
)

KIND = Kind(
    worlds=distribution_worlds,
    specs=distribution_specs,
    options_of=options_of_distribution,
    every_option=every_distribution_option(first_time=True),
    specs_in_full=2_000,
    specs_per_world=2,
)

test_engine_and_oracle_agree = agreement(KIND)


@compared(replace(KIND, specs_in_full=400, specs_per_world=SPECS_PER_WORLD))
async def test_all_numbers_are_in_bins(data: st.DataObject, asking: Asking) -> None:
    world = data.draw(distribution_worlds(all_have_ids=True))
    project = await asking.store(world)
    for _ in range(SPECS_PER_WORLD):
        spec = data.draw(distribution_specs(world, first_time=True))

        account_for_all((await asking.answer(spec, world, project)).distribution)
