"""An import whose place is too busy for a moment waits, and is told what lasts."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from eventglass.cli import patient
from eventglass.cli.patient import Patient
from eventglass.engine.failures import not_stored
from eventglass.errors import EventglassError, UnavailableError
from eventglass.ingest.accept import Row
from eventglass.ingest.commit import Stored
from tests.importing.files import NOW


class _Busy:
    """A place that refuses some times."""

    def __init__(self, *refusals: EventglassError) -> None:
        self._refusals = list(refusals)

    async def store(self, _project_id: str, rows: Sequence[Row], *, now: datetime) -> Stored:
        del rows, now
        if self._refusals:
            raise self._refusals.pop()
        return Stored(new=3, known=1)


async def test_rows_are_stored_when_there_is_room_again() -> None:
    place = Patient(_Busy(not_stored()))

    assert await place.store("p", [], now=NOW) == Stored(new=3, known=1)


async def test_a_place_that_stays_busy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient, "_TRIES", 2)

    with pytest.raises(UnavailableError, match="could not be stored"):
        await Patient(_Busy(not_stored(), not_stored())).store("p", [], now=NOW)


async def test_what_another_try_does_not_help_is_told_at_once() -> None:
    with pytest.raises(UnavailableError, match="gone"):
        await Patient(_Busy(UnavailableError("gone"))).store("p", [], now=NOW)
