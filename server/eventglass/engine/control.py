"""What is asked of an engine beside its statements, through a client that is kept for that."""

from clickhouse_connect.driver.client import Client

from eventglass.engine.doubts import KILL
from eventglass.engine.failures import EngineFailure, failure_of_change


def ping(client: Client) -> bool:
    """Tell whether the engine answers."""
    return bool(client.ping())


def kill(client: Client, *, tag: str) -> None:
    """Begin to end the statements of a tag."""
    client.command(KILL, {"tag": tag})


def let_merge(client: Client, *, allowed: bool) -> None:
    """Let parts of tables be put together and changed; or end all of that at once, and begin none.

    Raises:
        UnavailableError: the engine is away, or could not do it.
    """
    text = "SYSTEM START MERGES" if allowed else "SYSTEM STOP MERGES"
    try:
        client.command(text)
    except EngineFailure as error:
        raise failure_of_change(error, statement=text) from None
