"""Tables as earlier versions left them."""

from clickhouse_connect.driver.client import Client

from eventglass.engine import migrate as module

_IDS_AS_UUIDS = 23

# Of events and sessions: UUIDs, and what is none.
IDS = [
    "67e55044-10b1-426f-9247-bb680e5fe0c8",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "67E55044-10B1-426F-9247-BB680E5FE0C8",
    "00000000-0000-0000-0000-000000000000",
    "{67e55044-10b1-426f-9247-bb680e5fe0c8}",
    "😀",
    "x" * 1_024,
    "a\0b",
    "",
]


def migrate_before(client: Client, number: int) -> None:
    """Make the tables as they were before a migration."""
    known = module.migrations
    module.migrations = lambda: [each for each in known() if each.number < number]
    try:
        module.migrate(client)
    finally:
        module.migrations = known


def with_ids_as_texts(client: Client) -> list[tuple[str, str]]:
    """Make tables whose ids are texts, with events in several parts; give these ids, and the sessions'."""
    migrate_before(client, _IDS_AS_UUIDS)
    pairs = [(event_id, session_id) for event_id in IDS for session_id in IDS]
    for month, first in enumerate(range(0, len(pairs), 20), 1):
        rows = [["p", "x", f"2024-{month:02}-01 00:00:00", *pair] for pair in pairs[first : first + 20]]
        client.insert("events", rows, ["project_id", "event", "time", "event_id", "session_id"])
    return pairs


def statements_of_ids() -> tuple[str, ...]:
    """Give what brings them to UUIDs."""
    (found,) = (each for each in module.migrations() if each.number == _IDS_AS_UUIDS)
    return found.statements
