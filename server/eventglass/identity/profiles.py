"""ProfilesService Get and List: persons to look at."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from google.protobuf.json_format import ParseDict

from eventglass.engine.engine import Engine, Limits
from eventglass.errors import NotFoundError
from eventglass.identity import tables
from eventglass.identity.links import Link
from eventglass.identity.traits import TAKEN_AWAY, Trait
from eventglass.ingest.identity import key_of
from eventglass.planning.page_tokens import DEFAULT_SIZE, Pin, pin_of
from eventglass.planning.people import People
from eventglass.planning.profiles import decode, encode
from eventglass.planning.scope import Scope
from eventglass.sql import profiles as sql
from profiles.v1.profile_pb2 import Profile
from profiles.v1.profiles_service_pb2 import ListRequest, ListResponse

MOST_IDS = 1_000


async def get(own_id: str, scope: Scope, engine: Engine, seconds: float | None) -> Profile:
    """Give the person of an id, with all that is known.

    Raises:
        NotFoundError: nothing is.
        EventglassError: as the engine raises them.
    """
    within = _within(scope, pin_of(scope))
    members = await tables.links_of(engine, scope.project.id, [key_of(own_id)])
    owns = [link.own for link in members] or [key_of(own_id)]
    rows = await engine.query(sql.seen(within, owns), Limits(max_seconds=seconds))
    (count,), (first,), (last,), (any_id,) = rows.columns
    if not members and not count:
        raise NotFoundError(f'nothing is known of "{own_id[:100]}"; use an id of Identify, Alias or an event')
    ids = sorted(link.id for link in members) or [any_id]
    profile = Profile(
        profile_id=next((link.person_id for link in members if link.person_id), any_id),
        ids=ids[:MOST_IDS],
        more_ids=max(0, len(ids) - MOST_IDS),
    )
    given = await _traits(within, owns, engine, seconds)
    _fill(profile, given, count, first, last)
    return profile


async def list_profiles(
    request: ListRequest, scope: Scope, engine: Engine, seconds: float | None
) -> ListResponse:
    """Answer a valid request with a page of persons; raises EventglassError as the engine does."""
    pin, after = decode(request, scope.project.id) if request.page_token else (pin_of(scope), None)
    within = _within(scope, pin)
    size = request.page_size or DEFAULT_SIZE
    rows = await engine.query(sql.page(within, after, size + 1), Limits(max_seconds=seconds))
    found = list(zip(*rows.columns, strict=True))
    shown = found[:size]
    persons = [somebody for somebody, *_ in shown]
    links = await tables.members_of(engine, scope.project.id, persons, pin.people) if persons else []
    names = await _names(within, persons, links, engine, seconds)
    given = defaultdict(list)
    person_of = {link.own: link.person for link in links}
    for trait in await _traits(within, [*{*persons, *person_of}], engine, seconds):
        given[person_of.get(trait.own, trait.own)].append(trait)
    response = ListResponse()
    for somebody, count, first, last in shown:
        profile = response.profiles.add(profile_id=names.get(somebody, ""))
        _fill(profile, given[somebody], count, first, last)
    if len(found) > size:
        somebody, _, _, last = shown[-1]
        response.next_page_token = encode(request, scope.project.id, pin, (last, somebody))
    return response


def _within(scope: Scope, pin: Pin) -> sql.Persons:
    people = People(version=pin.people, merged=scope.people.merged, erased=scope.people.erased)
    return sql.Persons(project_id=scope.project.id, people=people, now=pin.now, arrived_until=pin.watermark)


async def _names(
    within: sql.Persons, persons: Sequence[int], links: Iterable[Link], engine: Engine, seconds: float | None
) -> dict[int, str]:
    """Say what persons are called: as Identify and Alias say, else as their events do."""
    names = {link.person: link.person_id for link in links if link.person_id}
    unnamed = [each for each in persons if each not in names]
    if not unnamed:
        return names
    rows = await engine.query(sql.own_ids(within, unnamed), Limits(max_seconds=seconds))
    return names | dict(zip(*rows.columns, strict=True))


async def _traits(
    within: sql.Persons, owns: Sequence[int], engine: Engine, seconds: float | None
) -> list[Trait]:
    if not within.people.version or not owns:
        return []
    rows = await engine.query(sql.traits(within, owns), Limits(max_seconds=seconds))
    return [
        Trait(own=own, name=name, since_ms=since_ms, version=version, given=given, leaves={})
        for own, name, since_ms, version, given in zip(*rows.columns, strict=True)
    ]


def _fill(profile: Profile, given: Iterable[Trait], count: int, first: int, last: int) -> None:
    latest = {trait.name: trait for trait in sorted(given, key=lambda each: (each.since_ms, each.version))}
    traits = {name: json.loads(trait.given) for name, trait in latest.items() if trait.given != TAKEN_AWAY}
    ParseDict(traits, profile.traits)
    profile.event_count = count
    if count:
        profile.first_seen.FromMilliseconds(first)
        profile.last_seen.FromMilliseconds(last)
