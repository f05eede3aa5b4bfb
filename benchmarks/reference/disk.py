"""How much room the layouts of a world take."""

from pathlib import Path

from clickhouse_connect.driver.client import Client

from benchmarks.reference.world import parquet_of

# What an event takes in each layout is in these tables.
_TABLES = {
    "the service": (
        *("events", "event_hashes"),
        *("session_days", "long_sessions", "active_hours", "first_times"),
        *("event_hours", "property_hours"),
    ),
    "its events without the ids that it knows": ("events",),
    "the peer's layout": ("peer_events",),
    "its rollup": ("peer_daily",),
}
_BYTES = "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table IN {tables:Array(String)}"


def bytes_per_event(client: Client, world: Path, events: int) -> dict[str, float]:
    """Give the bytes of an event, by layout that the world has."""
    sizes = {}
    for name, tables in _TABLES.items():
        ((size,),) = client.query(_BYTES, parameters={"tables": list(tables)}).result_rows
        sizes[name] = float(size)
    if parquet_of(world).exists():
        sizes["Parquet"] = parquet_of(world).stat().st_size
    return {name: size / events for name, size in sizes.items() if size}
