"""Properties with columns of their own: added to what is stored, read at once, and dropped again."""

import json
from pathlib import Path

import pytest

from eventglass.engine.layout import property_path
from eventglass.engine.pool import Pool
from eventglass.engine.promoted import promote
from eventglass.ingest.writer import Writer
from eventglass.sql.promoted import column_name, name_of
from tests.engine.ways_to_read import QUESTIONS, VALUES
from tests.insights.asking import ask, did, store
from tests.killing import told


def _number(question: dict[str, object]) -> str:
    return str(QUESTIONS.index(question))


@pytest.mark.parametrize("question", QUESTIONS, ids=_number)
async def test_answers_are_those_of_the_properties_as_they_are_stored(
    engine: Pool, writer: Writer, project_id: str, question: dict[str, object]
) -> None:
    await promote(engine, ["plan"], drop_others=False)
    await store(
        writer, project_id, [did("x", at, user=f"u{at % 3}", plan=each) for at, each in enumerate(VALUES)]
    )

    found = await ask(engine, project_id, question, promoted=frozenset({"plan"}))
    stored = await ask(engine, project_id, question)

    for each in (found, stored):
        each.ClearField("metadata")
    assert found == stored
    assert found.ByteSize()


async def test_a_promoted_property_is_read_apart_from_all_others(
    engine: Pool, writer: Writer, project_id: str
) -> None:
    await promote(engine, ["plan"], drop_others=False)
    events = [did("x", at, plan=f"plan {at % 4}", note=f"{at} of many") for at in range(2_000)]
    await store(writer, project_id, events)
    is_pro = {"filters": [{"property": "plan", "operator": "OPERATOR_EQUALS", "value": "plan 1"}]}

    found = await ask(engine, project_id, is_pro, promoted=frozenset({"plan"}))
    stored = await ask(engine, project_id, is_pro)

    assert found.series[0].value == stored.series[0].value == 500
    assert found.metadata.bytes_read < stored.metadata.bytes_read


PROGRAM = """
    import asyncio, json, sys
    from pathlib import Path
    from eventglass.engine.embedded import open_embedded
    from eventglass.engine.engine import Limits
    from eventglass.engine.promoted import promote, promoted
    from eventglass.ingest.writer import open_writer
    from eventglass.sql.promoted import added
    from eventglass.sql.statement import Statement
    from tests.insights.asking import ask, did, store

    PLANS = {"visualization": "VISUALIZATION_TABLE", "breakdown": {"property": "plan"}}
    FILLED = '''
        SELECT countIf(column = 'promoted_plan') = countIf(column = 'time')
        FROM system.parts_columns
        WHERE table = 'events' AND active'''

    async def main() -> None:
        engine = open_embedded(Path(sys.argv[1]))
        writer = await open_writer(engine)
        said = []

        async def values():
            answer = await ask(engine, "p", PLANS, promoted=await promoted(engine))
            return [[row.dimensions[0].text, row.value] for row in answer.rows]

        async def filled():
            return bool((await engine.query(Statement(text=FILLED, columns=1), Limits())).columns[0][0])

        await store(writer, "p", [did("x", 0, plan="pro"), did("x", 1, plan="free"), did("x", 2, plan="pro")])
        await engine.alter(Statement(text="SYSTEM STOP MERGES events"))
        # A start that ended right here.
        await engine.alter(added("plan"))
        said.append([sorted(await promoted(engine)), await filled(), await values()])

        await promote(engine, ["plan"], drop_others=True)
        await store(writer, "p", [did("x", 3, plan="free"), did("x", 4, plan="free")])
        said.append([sorted(await promoted(engine)), await filled(), await values()])

        # The engine is still at work on it, and goes on.
        await promote(engine, [], drop_others=True)
        said.append([sorted(await promoted(engine)), await filled(), await values()])

        await engine.alter(Statement(text="SYSTEM START MERGES events"))
        while not await filled():
            await asyncio.sleep(0.01)
        said.append([sorted(await promoted(engine)), await filled(), await values()])

        await promote(engine, ["other"], drop_others=False)
        said.append([sorted(await promoted(engine)), await filled(), await values()])

        await promote(engine, ["other"], drop_others=True)
        said.append([sorted(await promoted(engine)), await values()])
        print("told", json.dumps(said))
        await writer.close()
        await engine.close()

    asyncio.run(main())
"""


def test_what_is_stored_has_the_column_at_once_and_in_its_files_soon(tmp_path: Path) -> None:
    before, meanwhile, kept, after, beside, instead = json.loads(told(PROGRAM, tmp_path))

    first, all_of_them = [["pro", 2], ["free", 1]], [["free", 3], ["pro", 2]]
    assert before == [["plan"], False, first]
    assert meanwhile == kept == [["plan"], False, all_of_them]
    assert after == [["plan"], True, all_of_them]
    assert beside == [["other", "plan"], True, all_of_them]
    assert instead == [["other"], all_of_them]


def test_a_name_is_spelled_in_its_column() -> None:
    for name in ("plan", "$geo.country", "größe 🙂", "q\"u'o\\t`e"):
        assert name_of(column_name(name)) == name
        assert column_name(name) == f"promoted_{property_path(name)}"
