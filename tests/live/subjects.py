"""Events as the broadcast gets them."""

from eventglass.ingest.accept import Row
from eventglass.ingest.writer import Committed


def row(event_id: str, *, name: str = "x", properties: str = "{}", person: int = 0, time_ms: int = 0) -> Row:
    """A stored event."""
    return Row(
        event=name,
        time_ms=time_ms,
        event_id=event_id,
        person=person,
        user_id="",
        anonymous_id="",
        session_id="",
        session=0,
        properties=properties,
        context="",
    )


def committed(first: int, number: int, *, received_ms: int, project: str = "p") -> Committed:
    """Events that are called by numbers, and were stored together."""
    rows = [row(str(each)) for each in range(first, first + number)]
    return Committed(project_id=project, rows=rows, received_ms=received_ms)
