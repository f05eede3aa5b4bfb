from tests.agreement.agreeing import Kind, agreement
from tests.oracle.funnel_coverage import every_funnel_option, options_of_funnel
from tests.oracle.funnel_specs import funnel_specs
from tests.oracle.funnel_worlds import funnel_worlds

KIND = Kind(
    worlds=funnel_worlds,
    specs=funnel_specs,
    options_of=options_of_funnel,
    every_option=every_funnel_option(first_time=True),
    specs_in_full=3_000,
)

test_engine_and_oracle_agree = agreement(KIND)
