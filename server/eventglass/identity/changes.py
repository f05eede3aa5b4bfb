"""What calls of one project make of its persons."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from eventglass.engine.engine import Engine
from eventglass.identity import tables
from eventglass.identity.links import Link, Links
from eventglass.identity.told import Aliased, Erased, Identified
from eventglass.identity.traits import Trait, is_news, traits_of
from eventglass.ingest.identity import key_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is to be stored, and what the callers are told.

    Args:
        called: what each call's person is called when all of them are stored.
        links: the new and the different ones.
        traits: those that say something new.
        erased: the keys of ids to leave out from now on.
    """

    called: Sequence[str] = ()
    links: Sequence[Link] = ()
    traits: Sequence[Trait] = ()
    erased: Sequence[int] = ()


async def changes_of_erasure(engine: Engine, told: Erased) -> Changes:
    """Look up all ids of a person, and forget them."""
    links = Links(await tables.links_of(engine, told.project_id, [key_of(told.user_id)]))
    owns = links.ids_of(told.user_id)
    if told.with_events:
        links.forget(owns)
    return Changes(called=[told.user_id], links=links.changes, erased=owns)


async def changes_of(
    engine: Engine, project_id: str, group: Sequence[Identified | Aliased], version_at: Callable[[int], int]
) -> Changes:
    """Look up what is known, and let calls take effect one after the other.

    Args:
        engine: where it is known.
        project_id: whose persons they are.
        group: calls of one project.
        version_at: gives the next version, at a time in milliseconds.
    """
    ids = {each for told in group for each in told.ids}
    links = Links(await tables.links_of(engine, project_id, map(key_of, ids)))
    called = [
        links.identify(told.user_id, told.anonymous_id)
        if isinstance(told, Identified)
        else links.alias(told.previous_id, told.user_id)
        for told in group
    ]
    identified = [told for told in group if isinstance(told, Identified) and told.traits]
    owns = {told.user_id: links.user_ids(told.user_id) for told in identified}
    names = {name for told in identified for name in told.traits}
    stored = await tables.latest_traits(
        engine, project_id, {own for each in owns.values() for own in each}, names
    )
    news = _news(identified, owns, stored, version_at)
    return Changes(called=called, links=links.changes, traits=news)


def _news(
    group: Iterable[Identified],
    owns: dict[str, list[int]],
    stored: Iterable[Trait],
    version_at: Callable[[int], int],
) -> list[Trait]:
    """Give the traits that are not known yet, those of each call with a version of its own."""
    known: dict[tuple[int, str], list[Trait]] = defaultdict(list)
    for trait in stored:
        known[trait.own, trait.name].append(trait)
    news = []
    for told in group:
        version = version_at(told.now_ms)
        for trait in traits_of(told.user_id, told.traits, since_ms=told.since_ms, version=version):
            if is_news(trait, [each for own in owns[told.user_id] for each in known[own, trait.name]]):
                known[trait.own, trait.name].append(trait)
                news.append(trait)
    return news
