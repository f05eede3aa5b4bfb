"""The two bundled data sets: how each is imported, and its events as the oracle reads them."""

import csv
import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from eventglass.ingest.mapping import Mapping as Columns
from tests.oracle.history import Json, StoredEvent, milliseconds_of

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """A file, how it is imported, and what the oracle is given for it."""

    path: Path
    columns: Columns
    read: Callable[[], list[StoredEvent]]


def _shop() -> list[StoredEvent]:
    with gzip.open(SHOP.path, "rt", encoding="utf-8", newline="") as lines:
        return [_shop_event(row) for row in csv.DictReader(lines)]


def _shop_event(row: Mapping[str, str]) -> StoredEvent:
    names = ("platform", "acquisition_channel", "user_cohort", "user_lifecycle")
    properties: dict[str, Json] = {name: row[name] for name in names}
    return StoredEvent(
        name=row["event"],
        time=_milliseconds(row["timestamp"], "%Y-%m-%d %H:%M:%S"),
        properties=properties,
        user_id=row["user_id"],
        session_id=row["session_id"],
    )


def _cdnow() -> list[StoredEvent]:
    with gzip.open(CDNOW.path, "rt", encoding="utf-8") as lines:
        rows = [line.split() for line in lines][1:]
    return [
        StoredEvent(
            name="purchase",
            time=_milliseconds(date, "%Y%m%d"),
            properties={"number_of_cds": float(number), "dollar_value": float(dollars)},
            user_id=customer,
        )
        for customer, date, number, dollars in rows
    ]


def _milliseconds(text: str, form: str) -> int:
    return milliseconds_of(datetime.strptime(text, form).replace(tzinfo=UTC))


SHOP = DataSet(
    path=EXAMPLES / "shop" / "events.csv.gz",
    columns=Columns(timestamp="timestamp", name_column="event", user_id="user_id", session_id="session_id"),
    read=_shop,
)
CDNOW = DataSet(
    path=EXAMPLES / "cdnow" / "purchases.txt.gz",
    columns=Columns(timestamp="date", name="purchase", user_id="customer_id", time_format="%Y%m%d"),
    read=_cdnow,
)
