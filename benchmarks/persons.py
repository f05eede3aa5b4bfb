"""What persons cost: joined ids, traits and erasures, against the same statements without them.

    python -m benchmarks.persons [events] [--world folder]

In processor time, which other programs disturb less. The world's persons are joined in pairs, 1 % and
33 % of them; a tenth have a trait that changed three times; 0.1 % are noted as erased (of a time before
all events, so that the numbers stay comparable).
"""

import time

from benchmarks.steps import funnel
from benchmarks.world import PROJECT, Contender, World, medians, world
from eventglass.planning.people import People

_STEPS = ["page_view", "product_view", "add_to_cart"]
_FEW, _MANY = 1, 2

_LINKS = """
INSERT INTO person_ids (project_id, own, id, is_user, person, person_id, version)
SELECT DISTINCT
    '{project}', cityHash64(visitor), 'u' || toString(visitor), 1, cityHash64(visitor + 1), '', {version}
FROM (SELECT toUInt64(substring(user_id, 2)) AS visitor FROM events WHERE project_id = '{project}')
WHERE visitor % {each} = 0
"""
_TRAITS = """
INSERT INTO traits (project_id, name, own, since, version, given, paths, kinds, numbers, texts)
SELECT
    '{project}', 'plan', own, toDateTime64('2026-05-01', 3, 'UTC') + toIntervalWeek(4 * number), {version},
    '"pro"', ['plan'], [4], [0], [['free', 'pro', 'team'][number + 1]]
FROM (SELECT DISTINCT person AS own FROM events WHERE project_id = '{project}' AND person % 10 = 0) AS persons
CROSS JOIN numbers(3) AS times
"""
_ERASURES = """
INSERT INTO erasures (project_id, own, version, with_events, until)
SELECT DISTINCT '{project}', person, {version}, 1, toDateTime64('1950-01-01', 3, 'UTC')
FROM events WHERE project_id = '{project}' AND person % 1000 = 1
"""


def main() -> None:
    """Print a table of medians and ratios."""
    with world() as made:
        _tell(made)
        _report(made.events, medians(_contenders(made), clock=time.process_time))


def _tell(made: World) -> None:
    """Say who is who, once."""
    if made.client.query("SELECT count() FROM person_ids").result_rows[0][0]:
        return
    made.client.command(_LINKS.format(project=PROJECT, version=_FEW, each=100))
    made.client.command(_LINKS.format(project=PROJECT, version=_MANY, each=3))
    made.client.command(_TRAITS.format(project=PROJECT, version=_FEW))
    made.client.command(_ERASURES.format(project=PROJECT, version=_FEW))


def _contenders(made: World) -> dict[str, Contender]:
    asked = funnel(_STEPS)
    by_plan = {**asked, "visualization": "VISUALIZATION_TABLE"}
    of_event = {**by_plan, "breakdown": {"property": "page"}}
    now = {**by_plan, "breakdown": {"property": "$user.plan"}}
    then = {**by_plan, "breakdown": {"property": "$user_at_event.plan"}}
    told = People(version=_FEW)
    return {
        "funnel": made.spec(asked),
        "funnel, 1 % joined": made.spec(asked, People(version=_FEW, merged=True)),
        "funnel, 33 % joined": made.spec(asked, People(version=_MANY, merged=True)),
        "funnel, 0.1 % erased": made.spec(asked, People(version=_FEW, erased=True)),
        "table": made.spec(of_event),
        "table by $user": made.spec(now, told),
        "table by $user_at_event": made.spec(then, told),
    }


def _report(events: int, found: dict[str, float]) -> None:
    print(f"{events:,} events, medians, milliseconds of processor time")
    for name, seconds in found.items():
        base = found["funnel" if name.startswith("funnel") else "table"]
        print(f"{name:26}{seconds * 1000:8.0f}  {seconds / base:.2f}")


if __name__ == "__main__":
    main()
