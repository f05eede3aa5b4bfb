"""Accept events many at a time, column by column, where none of them needs a closer look. Pure."""

from collections.abc import Collection, Sequence
from itertools import repeat
from typing import Final

import orjson

from eventglass.engine.layout import AFTER_LAST_TIME, FIRST_TIME
from eventglass.ingest.accept import Incoming, Row, Sent
from eventglass.ingest.clock import Clock
from eventglass.ingest.derived import may_derive
from eventglass.ingest.identity import MAX_ID_BYTES, key_of
from eventglass.ingest.sender import Sender

_ONLY_READ: Final = {Incoming}


def accept_plain(events: Sequence[Sent], clock: Clock, sender: Sender) -> list[Row] | None:
    """Make rows of events as `accept` does; None: judge each of them by itself.

    Args:
        events: at least one.
        clock: see `accept`.
        sender: see `accept`.
    """
    if {*map(type, events)} != _ONLY_READ:
        return None
    names, sent, event_ids, users, anonymous, sessions, _, contexts, contents = zip(*events, strict=True)
    if not all(names) or any(contexts) or None in contents:
        return None
    if sender.user_agent or any(map(may_derive, contents)):
        return None
    if _longest(event_ids) + _longest(users) + _longest(anonymous) + _longest(sessions) > MAX_ID_BYTES // 4:
        return None
    now_ms, skew_ms = clock
    times = [now_ms if sent_ms is None else sent_ms + skew_ms for sent_ms in sent]
    if min(times) < FIRST_TIME or max(times) > now_ms or now_ms - skew_ms >= AFTER_LAST_TIME:
        return None
    columns = zip(
        names,
        times,
        event_ids,
        map(key_of, [user or device for user, device in zip(users, anonymous, strict=True)]),
        users,
        anonymous,
        sessions,
        map(key_of, sessions),
        [orjson.dumps(content).decode() for content in contents],
        repeat(""),
        [0 if sent_ms is None else skew_ms for sent_ms in sent],
        strict=False,
    )
    return [*map(Row._make, columns)]


def _longest(ids: Collection[str]) -> int:
    return max(map(len, ids))
