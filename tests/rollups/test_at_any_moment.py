"""What is gathered tells the same as events, at any moment of a project's life."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.json_format import ParseDict
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from eventglass.catalog.project import Project
from eventglass.engine.pool import Pool
from eventglass.identity.register import Register
from eventglass.ingest.commit import newest_arrival
from eventglass.ingest.event_hours import Counts, open_counts
from eventglass.ingest.marks import Marks, open_marks
from eventglass.ingest.rollups import ROLLUPS, Rollup, gather_settled
from eventglass.ingest.times import EPOCH, MILLISECOND, milliseconds
from eventglass.ingest.writer import Writer
from eventglass.pipeline import answer
from eventglass.planning.people import WHOEVER
from eventglass.planning.scope import Scope
from events.v1.event_pb2 import Event
from insights.v1.query_service_pb2 import QueryRequest
from tests.identity.saying import alias, erase, identify
from tests.oracle.compare import differences

_STEPS = 120
# Or later, after all that other tests have stored. Clocks change in two of the zones soon.
_BEGIN = datetime(2026, 3, 20, tzinfo=UTC)
_NAMES = ("a", "b", "c")
_USERS, _VISITORS, _SESSIONS = ([f"{kind}{number}" for number in range(8)] for kind in "uvs")
_ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York")
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Of arrivals, of how far back events are, and of how long before now, with a clock that is behind, one asks.
_BETWEEN = (timedelta(0), timedelta(seconds=1), _MINUTE, 20 * _MINUTE, 2 * _HOUR, 11 * _HOUR)
_BACK = (timedelta(0), timedelta(seconds=1), _MINUTE, _HOUR, _DAY, 20 * _DAY)
_BEHIND = (*[timedelta(0)] * 9, timedelta(seconds=1), _HOUR, _DAY)

_USER = {"aggregation": "AGGREGATION_UNIQUE_USERS"}
_RETENTION = {"visualization": "VISUALIZATION_RETENTION"}
_LENGTHS = {"of": "DISTRIBUTION_OF_SESSION_LENGTH"}
_BEFORE = [{"previousPeriod": True}, {"previousYear": True}]
# Of a page each, while a project lives on.
_PAGES = {"visualization": "VISUALIZATION_TABLE", "breakdown": {"property": "$event_name"}, "pageSize": 1}


def _questions(name: str) -> list[dict[str, Any]]:
    event = {"name": name} if name else {}
    first = {**event, "firstTime": True}
    return [
        *({**asked, "events": [each]} for each in (event, first) for asked in ({}, _USER)),
        *({**_USER, "events": [each], "rollingWindow": "604800s"} for each in (event, first)),
        *({"events": [each], "breakdown": {"property": "$event_name"}} for each in (event, first)),
        *({"events": [each], "comparisons": _BEFORE} for each in (event, first)),
        *({"events": [each, {"firstTime": True}], "formula": "A / B"} for each in (event, first)),
        *({"events": [{}, each], **_PAGES} for each in (event, first)),
        {**_USER, "comparisons": _BEFORE},
        {"aggregation": "AGGREGATION_SESSIONS"},
        {"aggregation": "AGGREGATION_BOUNCE_RATE", "visualization": "VISUALIZATION_KPI"},
        {"visualization": "VISUALIZATION_DISTRIBUTION", "distribution": _LENGTHS},
        {"visualization": "VISUALIZATION_STICKINESS"},
        {"visualization": "VISUALIZATION_LIFECYCLE"},
        {"visualization": "VISUALIZATION_HEATMAP", **_USER},
        {"visualization": "VISUALIZATION_PATHS"},
        {**_RETENTION, "startingEvent": event},
        {**_RETENTION, "startingEvent": event, "returnEvent": {"name": "a"}},
    ]


@dataclass
class _Life:
    """A project, whatever happens to it."""

    engine: Pool
    writer: Writer
    register: Register
    counts: Counts
    marks: Marks
    project_id: str
    chance: random.Random
    now: datetime
    until_ms: dict[Rollup, int] = field(default_factory=lambda: dict.fromkeys(ROLLUPS, 0))
    # What asks for the pages after those that were read.
    following: list[dict[str, Any]] = field(default_factory=list)
    steps: int = 0

    async def go_on(self) -> None:
        self.steps += 1
        self.now += self.chance.choice(_BETWEEN)
        (happens,) = self.chance.choices(
            (self._store, self._gather, self._join, self._erase, self._ask, self._read_on),
            (40, 15, 7, 2, 36, 6),
        )
        await happens()

    async def _store(self) -> None:
        batch = [self._event() for _ in range(self.chance.choice((1, 1, 2, 5, 30)))]
        await self.writer.write(self.project_id, batch, now=self.now, sent_at=None)

    def _event(self) -> Event:
        event = Event(name=self.chance.choice(_NAMES))
        who = self.chance.choice((*_USERS, *_VISITORS, ""))
        if who in _VISITORS:
            event.anonymous_id = who
        else:
            event.user_id = who
        if self.chance.random() < 0.7:
            event.session_id = self.chance.choice(_SESSIONS)
        at = self.now - self.chance.random() * self.chance.choice(_BACK)
        on_the_hour = at.replace(minute=0, second=0, microsecond=0)
        event.timestamp.FromDatetime(on_the_hour if self.chance.random() < 0.1 else at)
        return event

    async def _gather(self) -> None:
        """Do what a server does behind its writer; not all of it may succeed, nor be known at once."""
        for rollup, until_ms in self.until_ms.items():
            if self.chance.random() < 0.9:
                self.until_ms[rollup] = await gather_settled(
                    self.engine, rollup, stored_ms=milliseconds(self.now), gathered_ms=until_ms
                )
        if self.chance.random() < 0.8:
            await self.marks.renew()
        settled_ms = milliseconds(self.now - 10 * _MINUTE)
        await self.counts.step(min(settled_ms, await newest_arrival(self.engine) + 1), at=self.steps * 1e6)

    async def _join(self) -> None:
        user, other = self.chance.sample(_USERS, 2)
        if self.chance.random() < 0.6:
            await identify(self.register, self.project_id, user, self.chance.choice(_VISITORS))
        else:
            await alias(self.register, self.project_id, other, user)

    async def _erase(self) -> None:
        await erase(self.register, self.project_id, self.chance.choice(_USERS), now=self.now)

    async def _ask(self) -> None:
        await self._compare(self._question(), self.now - self.chance.choice(_BEHIND))

    async def _read_on(self) -> None:
        """Ask for a page after another, whatever has happened since that one was read."""
        if self.following:
            await self._compare(self.following.pop(self.chance.randrange(len(self.following))), self.now)

    async def _compare(self, question: dict[str, Any], now: datetime) -> None:
        query = ParseDict({"query": question}, QueryRequest())
        people = self.register.people(self.project_id)
        scope = Scope(
            project=Project(id=self.project_id),
            now=now,
            watermark=self.writer.watermark(self.project_id),
            query_id="q",
            people=people,
            counted=self.counts.of(self.project_id, people.erasures),
            gathered=self.marks.told(),
        )
        # As a server asks that is not alone, too. Its pages see the persons of their own time.
        counted = await self.counts.look_up(self.project_id)
        beside_others = replace(scope, people=WHOEVER, counted=counted, gathered={})
        of_events = await answer(query, replace(scope, rollups=False), self.engine, None)
        for each in [scope] if "pageToken" in question else [scope, beside_others]:
            gathered = await answer(query, each, self.engine, None)
            found = differences(of_events, gathered)
            assert not found, f"step {self.steps}: {query}{each}\n" + "\n".join(found[:20])
        if of_events.next_page_token:
            self.following.append({**question, "pageToken": of_events.next_page_token})

    def _question(self) -> dict[str, Any]:
        asked = self.chance.choice(_questions(self.chance.choice(("", *_NAMES))))
        of_hour = self.now.replace(minute=0, second=0, microsecond=0)
        end = self.chance.choice((self.now, self.now + _DAY, self.now - 3 * _HOUR, of_hour))
        start = end - self.chance.choice((1, 2, 7, 30)) * _DAY
        if self.chance.random() < 0.6:
            start = start.replace(hour=0, minute=0, second=0, microsecond=0)
        range_ = {"start": start.isoformat(), "end": end.isoformat()}
        unit = self.chance.choice(("HOUR", "DAY", "DAY", "WEEK"))
        over_time = {"granularity": f"GRANULARITY_{unit}"} if asked.get("visualization") in _OVER_TIME else {}
        return {**asked, **over_time, "timeRange": range_, "timezone": self.chance.choice(_ZONES)}


# What has buckets.
_OVER_TIME = (None, *(f"VISUALIZATION_{kind}" for kind in ("STICKINESS", "LIFECYCLE", "RETENTION")))


# Without shrinking: each example is a life. The message tells its last step.
@settings(
    max_examples=2,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**32))
async def test_what_is_gathered_tells_what_events_tell(
    seed: int, engine: Pool, writer: Writer, register: Register
) -> None:
    life = _Life(
        engine=engine,
        writer=writer,
        register=register,
        counts=await open_counts(engine),
        marks=await open_marks(engine),
        project_id=f"life-{seed}",
        chance=random.Random(seed),
        now=max(_BEGIN, EPOCH + await newest_arrival(engine) * MILLISECOND) + _DAY,
    )
    for _ in range(_STEPS):
        await life.go_on()
