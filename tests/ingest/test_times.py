from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from eventglass.ingest.times import read_time


@pytest.mark.parametrize(
    ("value", "zone", "time_format", "expected"),
    [
        ("2024-01-01", "UTC", None, "2024-01-01T00:00:00+00:00"),
        ("2024-01-01 02:03:04.5678", "Europe/Berlin", None, "2024-01-01T01:03:04.567+00:00"),
        ("2024-01-01T02:03:04Z", "Europe/Berlin", None, "2024-01-01T02:03:04+00:00"),
        ("2024-01-01T02:03:04+05:30", "UTC", None, "2023-12-31T20:33:04+00:00"),
        (b"2024-01-01", "UTC", None, "2024-01-01T00:00:00+00:00"),
        (b"\xff", "UTC", None, None),
        ("19970101", "UTC", None, "1997-01-01T00:00:00+00:00"),
        ("01/02/1997", "UTC", "%d/%m/%Y", "1997-02-01T00:00:00+00:00"),
        (1_704_067_200, "UTC", None, "2024-01-01T00:00:00+00:00"),
        (1_704_067_200.5, "UTC", None, "2024-01-01T00:00:00.500+00:00"),
        ("1704067200123", "UTC", None, "2024-01-01T00:00:00.123+00:00"),
        ("1704067200123999", "UTC", None, "2024-01-01T00:00:00.123+00:00"),
        ("1704067200123999999", "UTC", None, "2024-01-01T00:00:00.123+00:00"),
        ("-1000000000.0005", "UTC", None, "1938-04-24T22:13:19.999+00:00"),
        # Berlin skips 02:00 to 03:00 on that day, and has it twice on this.
        ("2024-03-31 02:30", "Europe/Berlin", None, "2024-03-31T01:30:00+00:00"),
        ("2024-10-27 02:30", "Europe/Berlin", None, "2024-10-27T00:30:00+00:00"),
        (date(2024, 1, 1), "America/New_York", None, "2024-01-01T05:00:00+00:00"),
        ("", "UTC", None, None),
        (None, "UTC", None, None),
        ("2024-02-30", "UTC", None, None),
        ("12", "UTC", None, None),
        ("now", "UTC", "%Y", None),
        ("20240131T101530", "UTC", None, "2024-01-31T10:15:30+00:00"),
        ("2024-W05-3 10:15", "UTC", None, "2024-01-31T10:15:00+00:00"),
        # Well-known forms that are not ISO 8601's: nothing of them is read as another time.
        ("20240131101530", "UTC", None, None),
        ("20240131101530123", "UTC", None, None),
        ("20240131101530Z", "UTC", None, None),
        ("20240131101530+0200", "UTC", None, None),
        ("2024-01-31+02:00", "UTC", None, None),
        ("20240131-0500", "UTC", None, None),
        ("20240131101530", "UTC", "%Y%m%d%H%M%S", "2024-01-31T10:15:30+00:00"),
    ],
    ids=str,
)
def test_times_of_many_forms_are_read(
    value: object, zone: str, time_format: str | None, expected: str | None
) -> None:
    milliseconds = read_time(value, zone=ZoneInfo(zone), time_format=time_format)

    if expected is None:
        assert milliseconds is None
    else:
        moment = datetime.fromisoformat(expected)
        assert milliseconds == round(moment.timestamp() * 1000)
