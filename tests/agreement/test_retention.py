from tests.agreement.agreeing import Kind, agreement
from tests.oracle.funnel_coverage import every_retention_option, options_of_retention
from tests.oracle.funnel_worlds import retention_worlds
from tests.oracle.retention_specs import retention_specs

KIND = Kind(
    worlds=retention_worlds,
    specs=retention_specs,
    options_of=options_of_retention,
    every_option=every_retention_option(first_time=True),
    specs_in_full=2_000,
)

test_engine_and_oracle_agree = agreement(KIND)
