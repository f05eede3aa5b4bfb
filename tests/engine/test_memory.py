"""What is kept, for how long, and who shares whose run; with an engine that only sleeps."""

import asyncio
from dataclasses import dataclass, field

import pytest

from eventglass.engine.engine import Limits, Rows
from eventglass.engine.memory import Memory
from eventglass.errors import DeadlineError, LimitError
from eventglass.sql.statement import Statement

STATEMENT = Statement(text="SELECT {p0:Int64}", parameters={"p0": 1})
FREE = Limits()


@dataclass
class CountingEngine:
    """Answers with the number of its run, after a while, unless the time it is given is over before.

    Args:
        held: what it waits for, too.
    """

    seconds: float = 0.0
    most_seconds: float | None = None
    seconds_to_end: float = 0.0
    columns: list[list[object]] = field(default_factory=list)
    asked: list[Statement] = field(default_factory=list)
    cancelled: int = 0
    failure: Exception | None = None
    held: asyncio.Event | None = None

    async def query(self, statement: Statement, limits: Limits) -> Rows:
        self.asked.append(statement)
        number = len(self.asked)
        try:
            async with asyncio.timeout(limits.max_seconds), asyncio.timeout(self.most_seconds):
                await asyncio.sleep(self.seconds)
                if self.held is not None:
                    await self.held.wait()
        except TimeoutError:
            raise DeadlineError("late") from None
        except asyncio.CancelledError:
            self.cancelled += 1
            await asyncio.sleep(self.seconds_to_end)
            raise
        if self.failure is not None:
            raise self.failure
        return Rows(columns=self.columns or [[number]], rows_read=5, bytes_read=50, seconds=0.5)


class Revisions(dict[str, int]):
    def __call__(self, project_id: str) -> int:
        return self.get(project_id, 0)


def remembering(engine: CountingEngine, *, most_bytes: int = 2**20) -> tuple[Memory, Revisions]:
    revisions = Revisions()
    return Memory(engine, revisions, most_bytes=most_bytes), revisions


async def ask(
    memory: Memory, project: str = "a", statement: Statement = STATEMENT, limits: Limits = FREE
) -> Rows:
    return await memory.of(project).query(statement, limits)


async def test_an_equal_question_gets_the_kept_answer() -> None:
    memory, _ = remembering(CountingEngine())

    assert await ask(memory) == Rows(columns=[[1]], rows_read=5, bytes_read=50, seconds=0.5)
    assert await ask(memory) == Rows(columns=[[1]], rows_read=0, bytes_read=0, seconds=0.0, cached=True)


@pytest.mark.parametrize(
    ("project", "statement"),
    [
        ("b", STATEMENT),
        ("a", Statement(text="SELECT {p0:Int64} + 1", parameters={"p0": 1})),
        ("a", Statement(text="SELECT {p0:Int64}", parameters={"p0": 2})),
    ],
    ids=["project", "text", "values"],
)
async def test_another_question_is_asked(project: str, statement: Statement) -> None:
    memory, _ = remembering(CountingEngine())
    await ask(memory)

    assert (await ask(memory, project, statement)).columns == [[2]]


async def test_a_change_of_the_project_makes_its_answers_old() -> None:
    memory, revisions = remembering(CountingEngine())
    await ask(memory)
    await ask(memory, "b")

    revisions["a"] = 1

    assert (await ask(memory)).columns == [[3]]
    assert (await ask(memory, "b")).cached


async def test_a_change_while_an_answer_is_computed_makes_it_old() -> None:
    memory, revisions = remembering(CountingEngine(seconds=0.05))
    before = asyncio.create_task(ask(memory))
    await asyncio.sleep(0.01)

    revisions["a"] = 1

    assert (await ask(memory)).columns == [[2]]
    assert (await before).columns == [[1]]
    assert (await ask(memory)).columns == [[2]]


async def test_equal_questions_at_a_time_are_computed_once() -> None:
    engine = CountingEngine(seconds=0.05)
    memory, _ = remembering(engine, most_bytes=0)

    answers = await asyncio.gather(*(ask(memory) for _ in range(20)))

    assert [answer.columns for answer in answers] == [[[1]]] * 20
    assert len(engine.asked) == 1


async def test_who_asked_first_may_leave() -> None:
    engine = CountingEngine(seconds=0.05)
    memory, _ = remembering(engine)
    first = asyncio.create_task(ask(memory))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(ask(memory))
    await asyncio.sleep(0.01)

    first.cancel()

    assert (await second).columns == [[1]]
    assert (len(engine.asked), engine.cancelled) == (1, 0)


async def test_when_all_have_left_the_run_ends() -> None:
    engine = CountingEngine(seconds=10)
    memory, _ = remembering(engine)
    asking = [asyncio.create_task(ask(memory)) for _ in range(3)]
    await asyncio.sleep(0.01)

    for each in asking:
        each.cancel()
    await asyncio.wait(asking)
    await asyncio.sleep(0)

    assert engine.cancelled == 1
    engine.seconds = 0
    assert (await ask(memory)).columns == [[2]]


async def test_a_run_that_is_being_ended_is_not_taken_for_the_next_one() -> None:
    engine = CountingEngine(seconds=0.3, seconds_to_end=0.02)
    memory, _ = remembering(engine)
    first = asyncio.create_task(ask(memory))
    await asyncio.sleep(0.01)
    first.cancel()
    await asyncio.sleep(0)

    second = asyncio.create_task(ask(memory))
    await asyncio.sleep(0.1)
    third = await ask(memory)

    assert (third.columns, (await second).columns) == ([[2]], [[2]])


async def test_a_shorter_deadline_is_kept_in_company() -> None:
    held = asyncio.Event()
    engine = CountingEngine(held=held)
    memory, _ = remembering(engine)
    patient = asyncio.create_task(ask(memory))
    await asyncio.sleep(0.01)

    with pytest.raises(DeadlineError):
        await ask(memory, limits=Limits(max_seconds=0.02))

    assert len(engine.asked) == 1
    held.set()
    assert (await patient).columns == [[1]]


async def test_a_longer_deadline_is_not_cut_by_company() -> None:
    engine = CountingEngine(seconds=0.1)
    memory, _ = remembering(engine)
    hasty = asyncio.create_task(ask(memory, limits=Limits(max_seconds=0.05)))
    await asyncio.sleep(0.01)

    assert (await ask(memory, limits=Limits(max_seconds=5))).columns == [[2]]
    with pytest.raises(DeadlineError):
        await hasty


async def test_all_that_have_more_time_ask_together_once_more() -> None:
    engine = CountingEngine(seconds=0.1)
    memory, _ = remembering(engine)
    hasty = asyncio.create_task(ask(memory, limits=Limits(max_seconds=0.05)))
    await asyncio.sleep(0.01)

    answers = await asyncio.gather(*(ask(memory, limits=Limits(max_seconds=5)) for _ in range(20)))

    assert [answer.columns for answer in answers] == [[[2]]] * 20
    with pytest.raises(DeadlineError):
        await hasty


@pytest.mark.parametrize("limits", [FREE, Limits(max_seconds=5)], ids=["no deadline", "deadline"])
async def test_what_takes_longer_than_the_engine_allows_is_not_asked_again(limits: Limits) -> None:
    engine = CountingEngine(seconds=0.1, most_seconds=0.02)
    memory, _ = remembering(engine)

    late = await asyncio.gather(*(ask(memory, limits=limits) for _ in range(5)), return_exceptions=True)

    assert [type(each) for each in late] == [DeadlineError] * 5
    assert len(engine.asked) == 1


async def test_other_budgets_are_no_company() -> None:
    engine = CountingEngine(seconds=0.05)
    memory, _ = remembering(engine)

    await asyncio.gather(ask(memory), ask(memory, limits=Limits(max_rows_read=10)))

    assert len(engine.asked) == 2


async def test_a_failure_is_everybodys_and_is_not_kept() -> None:
    engine = CountingEngine(seconds=0.02, failure=LimitError("too large", reason="MEMORY_LIMIT"))
    memory, _ = remembering(engine)

    failures = await asyncio.gather(ask(memory), ask(memory), return_exceptions=True)

    assert [type(each) for each in failures] == [LimitError, LimitError]
    assert len(engine.asked) == 1
    engine.failure = None
    assert (await ask(memory)).columns == [[2]]


async def test_what_was_used_longest_ago_leaves_first() -> None:
    engine = CountingEngine(columns=[["x" * 2_000]])
    memory, _ = remembering(engine, most_bytes=48_000)
    asked = [Statement(text=f"SELECT {number}") for number in range(20)]
    await ask(memory, statement=asked[0])
    for statement in asked[1:]:
        await ask(memory, statement=statement)
        assert (await ask(memory, statement=asked[0])).cached

    assert not (await ask(memory, statement=asked[1])).cached


async def test_an_answer_that_is_too_large_is_not_kept() -> None:
    engine = CountingEngine(columns=[[number] for number in range(10_000)])
    memory, _ = remembering(engine, most_bytes=100_000)

    await ask(memory)

    assert not (await ask(memory)).cached


async def test_nothing_is_kept_in_no_room() -> None:
    memory, _ = remembering(CountingEngine(), most_bytes=0)
    await ask(memory)

    assert not (await ask(memory)).cached
