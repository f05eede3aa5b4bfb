"""Where a bucket begins, as a person reads it in a terminal."""

from typing import Final
from zoneinfo import ZoneInfo

from google.protobuf.timestamp_pb2 import Timestamp
from rich.text import Text

from insights.v1.metadata_pb2 import QueryMetadata
from insights.v1.time_pb2 import Granularity

_WITH_CLOCK: Final = (Granularity.GRANULARITY_MINUTE, Granularity.GRANULARITY_HOUR)


def begin(at: Timestamp, metadata: QueryMetadata, *, partial: bool) -> Text:
    """Print the begin of a bucket in the answer's zone; of hours and minutes also the clock."""
    moment = at.ToDatetime(ZoneInfo(metadata.timezone or "UTC"))
    form = "%Y-%m-%d %H:%M %Z" if metadata.granularity in _WITH_CLOCK else "%Y-%m-%d"
    note = " (partial)" if partial else ""
    return Text(f"{moment:{form}}{note}", style="dim" if partial else "")
