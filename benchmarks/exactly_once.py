"""Sends a million events, many of them again, in any order and up to 30 days late, to a server that restarts.

    python -m benchmarks.exactly_once [events] [restarts] [seed]

30 % of the events are sent again, in other batches, before or after the server was stopped or killed.
Then every question of `truth` must have the answer that plain Python gives for the set of events,
the log must list each event once, and a snapshot must count those of the last minutes; before all parts
are merged, and after.
"""

import asyncio
import json
import multiprocessing
import random
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import clickhouse_connect
import grpc

from benchmarks.server_process import PROJECT, ServerProcess, make_project, start
from benchmarks.truth import BUY, CART, DAY, VIEW, Fact, answers, questions, shown
from events.v1.events_service_pb2 import BatchCreateRequest, BatchCreateResponse

_METHOD = "/events.v1.EventsService/BatchCreate"
_DAYS = 30
_COPIES = 0.3
_LIVE = 500
_CLIENTS = 4
_SECONDS = 600.0
# A busy machine is no reason to fail.
_PATIENT = {"EVENTGLASS_MAX_SECONDS": "600"}
# What is refused so is sent again, as every client does it.
_FOR_NOW = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED)

Call = Callable[[str, dict[str, Any]], dict[str, Any]]


def main() -> None:
    """Run one campaign; exit with 1 if a number differs."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    restarts = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else time.time_ns()
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        wrong = campaign(Path(folder), events=events, restarts=restarts, seed=seed)
    print("\n".join(wrong) or "every number is right")
    sys.exit(1 if wrong else 0)


def campaign(folder: Path, *, events: int, restarts: int, seed: int) -> list[str]:
    """Send events and their copies, and name what is answered wrongly."""
    rnd = random.Random(seed)
    data_dir, log = folder / "data", folder / "log"
    key = make_project(data_dir)
    start_ms = (int(time.time() * 1_000) // DAY - _DAYS) * DAY
    facts = [_fact(number, start_ms, rnd) for number in range(events)]
    sent = [*facts, *rnd.choices(facts, k=int(events * _COPIES))]
    rnd.shuffle(sent)
    print(f"{len(facts):,} events, {len(sent):,} sent, {restarts} restarts", flush=True)
    began = time.monotonic()
    for stretch in range(restarts + 1):
        server = start(data_dir, log=log, settings=_PATIENT)
        part = sent[len(sent) * stretch // (restarts + 1) : len(sent) * (stretch + 1) // (restarts + 1)]
        asyncio.run(_send(server, key, part, rnd))
        if stretch % 2:
            server.stop()
        else:
            server.kill()
    print(f"sent in {time.monotonic() - began:,.0f} s", flush=True)
    wrong = _ask(start(data_dir, log=log, settings=_PATIENT), key, "before merges", facts, start_ms)
    with multiprocessing.get_context("spawn").Pool(1) as pool:  # a process has one engine
        parts = pool.apply(merge, (data_dir,))
    print(f"merged {parts[0]} parts to {parts[1]}", flush=True)
    return wrong + _ask(start(data_dir, log=log, settings=_PATIENT), key, "after merges", facts, start_ms)


def merge(data_dir: Path) -> tuple[int, int]:
    """Merge all parts of each month, past the server; give how many there were and are."""
    client = clickhouse_connect.get_client(interface="chdb", path=str(data_dir / "engine"))
    counting = "SELECT count() FROM system.parts WHERE table = 'events' AND active"
    before = int(str(client.command(counting)))
    for table in ("events", "event_hashes"):
        client.command(f"OPTIMIZE TABLE {table} FINAL")
    after = int(str(client.command(counting)))
    client.close()
    return before, after


def _fact(number: int, start_ms: int, rnd: random.Random) -> Fact:
    user = int(rnd.random() ** 2 * 20_000)
    day = rnd.randrange(_DAYS)
    return Fact(
        event_id=f"e{number}",
        name=rnd.choices((VIEW, CART, BUY), weights=(6, 3, 1))[0],
        time_ms=start_ms + day * DAY + rnd.randrange(DAY),
        user=f"u{user}",
        session=f"s{user}-{day}",
        country=rnd.choice(("DE", "FR", "US", "GB", "JP")),
        amount=rnd.randrange(100),
    )


async def _send(server: ServerProcess, key: str, facts: Sequence[Fact], rnd: random.Random) -> None:
    metadata = (("authorization", f"Bearer {key}"), ("x-project-id", PROJECT))
    batches, place = [], 0
    while place < len(facts):
        size = rnd.choice((1, 100, 1_000, 1_000))
        batches.append(facts[place : place + size])
        place += size
    waiting = iter(batches)

    async def client() -> None:
        async with grpc.aio.insecure_channel(server.grpc) as channel:
            create = channel.unary_unary(_METHOD, None, BatchCreateResponse.FromString)
            for batch in waiting:
                request = _request(batch).SerializeToString()
                while True:
                    try:
                        reply = await create(request, metadata=metadata, timeout=_SECONDS)
                        break
                    except grpc.aio.AioRpcError as error:
                        if error.code() not in _FOR_NOW:
                            raise
                        await asyncio.sleep(1)
                assert (reply.events_created, len(reply.rejected)) == (len(batch), 0)

    await asyncio.gather(*(client() for _ in range(_CLIENTS)))


def _request(facts: Sequence[Fact]) -> BatchCreateRequest:
    request = BatchCreateRequest()
    for fact in facts:
        event = request.events.add(
            event_id=fact.event_id, name=fact.name, user_id=fact.user, session_id=fact.session
        )
        event.timestamp.FromMilliseconds(fact.time_ms)
        event.properties.update({"$geo.country": fact.country, "amount": fact.amount})
    return request


def _ask(server: ServerProcess, key: str, when: str, facts: Sequence[Fact], start_ms: int) -> list[str]:
    """Ask everything, and name what is wrong."""
    call: Call = partial(_call, server, key)
    wrong = []
    expected = answers(facts, start_ms, _DAYS)
    for name, spec in questions(_moment(start_ms), _moment(start_ms + _DAYS * DAY)).items():
        response = call("insights.v1.InsightsService/Query", {"query": spec})
        if shown(response) != expected[name]:
            wrong.append(f"{name}: {shown(response)} instead of {expected[name]}"[:1_000])
    listed = _listed(call)
    if listed != Counter(fact.event_id for fact in facts):
        wrong.append(f"the log lists {listed.total():,} events, {len(listed):,} of them different")
    wrong += _live(server, key, call, when)
    server.stop()
    return [f"{when}: {each}" for each in wrong]


def _listed(call: Call) -> Counter[str]:
    """Read the whole log of the range, page by page."""
    found, token = Counter[str](), ""
    while True:
        page = call(
            "events.v1.EventsService/List",
            {"names": [VIEW, CART, BUY], "pageSize": 1_000, "pageToken": token},
        )
        found.update(event["eventId"] for event in page["events"])
        token = page["nextPageToken"]
        if not token:
            return found


def _live(server: ServerProcess, key: str, call: Call, when: str) -> list[str]:
    """Send events of this moment, some of them again, and look whether a snapshot counts each once."""
    name, now_ms = f"live {when}", int(time.time() * 1_000)
    rnd = random.Random(when)
    facts = [
        Fact(f"{name} {number}", name, now_ms - number, f"u{number % 100}", f"s{number % 300}", "DE", 1)
        for number in range(_LIVE)
    ]
    asyncio.run(_send(server, key, facts + rnd.choices(facts, k=int(_LIVE * _COPIES)), rnd))
    snapshot = call("events.v1.EventsService/Snapshot", {"names": [name], "window": "300s"})
    found = [snapshot[each] for each in ("events", "activeUsers", "activeSessions")]
    return [] if found == [_LIVE, 100, 300] else [f"the snapshot counts {found}"]


def _call(server: ServerProcess, key: str, method: str, request: dict[str, Any]) -> dict[str, Any]:
    headers = {
        "authorization": f"Bearer {key}",
        "x-project-id": PROJECT,
        "content-type": "application/json",
    }
    asked = urllib.request.Request(
        f"{server.url}/{method}", data=json.dumps(request).encode(), headers=headers
    )
    with urllib.request.urlopen(asked) as reply:
        answer: dict[str, Any] = json.load(reply)
    return answer


def _moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1_000, UTC).isoformat().replace("+00:00", "Z")


if __name__ == "__main__":
    main()
