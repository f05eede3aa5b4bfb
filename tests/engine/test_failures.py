import errno

import pytest
import structlog.testing
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from eventglass.engine.failures import (
    MEANINGS,
    failure_of_change,
    failure_of_file,
    failure_of_insert,
    failure_of_query,
)
from eventglass.errors import (
    CancelledError,
    DeadlineError,
    EventglassError,
    InternalError,
    LimitError,
    UnavailableError,
)

SECRET = "Code: 1. DB::Exception: table default.events has no column secret"


@pytest.mark.parametrize(
    ("number", "error", "reason"),
    [
        (159, DeadlineError, "DEADLINE_EXCEEDED"),
        (394, CancelledError, "CANCELLED"),
        (241, LimitError, "MEMORY_LIMIT"),
        (158, LimitError, "ROWS_LIMIT"),
        (307, LimitError, "ROWS_LIMIT"),
        (395, LimitError, "VALUES_LIMIT"),
        (396, LimitError, "RESULT_LIMIT"),
        (306, LimitError, "STATEMENT_LIMIT"),
        (427, LimitError, "STATEMENT_LIMIT"),
        (202, LimitError, "ENGINE_BUSY"),
        (76, LimitError, "ENGINE_BUSY"),
        (439, LimitError, "ENGINE_BUSY"),
        (573, LimitError, "ENGINE_BUSY"),
        (210, UnavailableError, "ENGINE_UNAVAILABLE"),
        (47, InternalError, "INTERNAL"),
        (None, InternalError, "INTERNAL"),
    ],
)
def test_an_error_number_has_one_meaning(
    number: int | None, error: type[EventglassError], reason: str
) -> None:
    failure = failure_of_query(DatabaseError(SECRET, code=number), statement="abc")

    assert type(failure) is error
    assert failure.reason == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Query memory limit exceeded: would use 24.06 MiB, maximum: 19.07 MiB", "MEMORY_LIMIT"),
        ("Memory limit (for query) exceeded: would use 30.1 GiB", "MEMORY_LIMIT"),
        ("(total) memory limit exceeded: would use 2.64 GiB, current RSS 1.48 GiB", "ENGINE_BUSY"),
        ("User memory limit exceeded: would use 24.06 MiB. OvercommitTracker decision: …", "ENGINE_BUSY"),
        ("Memory limit (total) exceeded: would use 100.00 GiB", "ENGINE_BUSY"),
        ("Memory limit (for user) exceeded: would use 80.00 GiB", "ENGINE_BUSY"),
    ],
)
def test_memory_that_others_have_taken_is_no_fault_of_the_query(text: str, reason: str) -> None:
    failure = failure_of_query(DatabaseError(f"Code: 241. DB::Exception: {text}", code=241), statement="abc")

    assert isinstance(failure, LimitError)
    assert failure.reason == reason
    assert (failure.retry_after is not None) == (reason == "ENGINE_BUSY")


def test_a_budget_whose_bound_of_rows_may_have_been_hit_is_named() -> None:
    failure = failure_of_query(DatabaseError(SECRET, code=158), statement="abc")

    assert "budget.max_rows_read" in failure.message


def test_no_connection_is_an_engine_that_is_away() -> None:
    failure = failure_of_query(OperationalError("connection refused"), statement="abc")

    assert isinstance(failure, UnavailableError)
    assert failure.retry_after is not None


@pytest.mark.parametrize("status", [401, 404, 500, 502, 503, 504])
def test_a_proxy_that_finds_no_server_says_that_the_engine_is_away(status: int) -> None:
    error = DatabaseError(f"HTTP driver received HTTP status {status}, server response: <html>")

    failure = failure_of_query(error, statement="abc")

    assert isinstance(failure, UnavailableError)
    assert failure.retry_after is not None


@pytest.mark.parametrize("number", [*MEANINGS, 47, None])
def test_no_word_of_the_engine_gets_out(number: int | None) -> None:
    error = DatabaseError(SECRET, code=number)

    for failure in (
        failure_of_query(error, statement="abc"),
        failure_of_change(error, statement="abc"),
        failure_of_insert(error, table="events"),
    ):
        for word in ("secret", "Exception", "Code", "default.", "DB::", "abc"):
            assert word not in failure.message


def test_an_insert_that_failed_can_be_sent_again() -> None:
    failure = failure_of_insert(DatabaseError(SECRET, code=241), table="events")

    assert isinstance(failure, UnavailableError)
    assert failure.retry_after is not None
    assert "event" not in failure.message, "persons are stored, too"


def test_a_full_disk_is_named() -> None:
    failure = failure_of_insert(DatabaseError(SECRET, code=243), table="events")

    assert isinstance(failure, UnavailableError)
    assert (failure.reason, failure.retry_after is not None) == ("DISK_FULL", True)
    assert failure.message == failure_of_query(DatabaseError(SECRET, code=243), statement="abc").message


def test_a_change_of_tables_that_failed_can_be_tried_again() -> None:
    failure = failure_of_change(DatabaseError(SECRET, code=241), statement="abc")

    assert isinstance(failure, UnavailableError)
    assert failure.reason == "NOT_CHANGED"
    assert failure.retry_after is not None


@pytest.mark.parametrize(("number", "level"), [(394, "info"), (735, "info"), (60, "error"), (None, "error")])
def test_a_change_that_is_ended_on_purpose_is_told_as_no_failure(number: int | None, level: str) -> None:
    with structlog.testing.capture_logs() as lines:
        failure_of_change(DatabaseError(SECRET, code=number), statement="abc")

    assert [(line["event"], line["code"], line["log_level"]) for line in lines] == [
        ("change failed", number, level)
    ]


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.ENOSPC, "DISK_FULL"), (errno.EDQUOT, "DISK_FULL"), (errno.EFBIG, "NOT_STORED")],
)
def test_rows_that_cannot_be_written_for_the_engine_can_be_sent_again(number: int, reason: str) -> None:
    failure = failure_of_file(OSError(number, "no", "/secret"), table="events")

    assert isinstance(failure, UnavailableError)
    assert failure.reason == reason
    assert failure.retry_after is not None
    assert "secret" not in failure.message
