"""One error table, five ways in."""

import httpx
import pytest
from google.rpc.error_details_pb2 import RetryInfo
from structlog.testing import capture_logs

from eventglass import errors
from eventglass.transport.ports import Ports
from insights.v1.query_service_pb2 import QueryRequest
from tests.wire.callers import BATCH_CREATE, HEADERS, PROTOCOLS, QUERY, Ask, code_name, named
from tests.wire.fakes import BOTH, ERRORS, PROJECT, READ, SECRET_OF_THE_SERVER, WRITE

protocols = pytest.mark.parametrize("ask", PROTOCOLS.values(), ids=PROTOCOLS.keys())
_HTTP_STATUS = {
    "invalid": 400,
    "not-found": 404,
    "exists": 409,
    "limit": 429,
    "deadline": 504,
    "cancelled": 499,
    "away": 503,
    "unspoken": 501,
    "crash": 500,
}


@protocols
async def test_an_answer_arrives(ports: Ports, ask: Ask) -> None:
    outcome = await ask(ports, named("page_view"), HEADERS, None)

    assert outcome.response is not None
    assert outcome.response.series[0].event == "page_view"
    assert outcome.response.series[0].value == 0
    assert outcome.response.metadata.rows_read == 7


@protocols
@pytest.mark.parametrize("name", [name for name in ERRORS if name != "crash"])
async def test_an_error_keeps_code_reason_violations_and_retry(ports: Ports, ask: Ask, name: str) -> None:
    expected = ERRORS[name]()
    assert isinstance(expected, errors.EventglassError)

    outcome = await ask(ports, named(name), HEADERS, None)

    assert outcome.code == code_name(expected.code)
    assert outcome.message == expected.message
    assert (outcome.info.reason, outcome.info.domain) == (expected.reason, "eventglass")
    assert len(outcome.info.metadata["request_id"]) == 32
    assert outcome.violations == [(violation.field, violation.code) for violation in expected.violations]
    retry = outcome.detail("RetryInfo")
    delay = retry.retry_delay.ToTimedelta() if isinstance(retry, RetryInfo) else None
    assert delay == expected.retry_after


@protocols
async def test_the_unforeseen_shows_nothing_but_the_request_id(ports: Ports, ask: Ask) -> None:
    with capture_logs() as lines:
        outcome = await ask(ports, named("crash"), HEADERS, None)

    request_id = outcome.info.metadata["request_id"]
    assert outcome.code == "INTERNAL"
    assert outcome.message == f"internal error; the server's log has more under {request_id}"
    assert [detail.DESCRIPTOR.name for detail in outcome.details] == ["ErrorInfo"]
    (line,) = lines
    assert line["request_id"] == request_id
    assert line["log_level"] == "error"
    assert str(line["exc_info"]) == SECRET_OF_THE_SERVER


@pytest.mark.parametrize(("name", "status"), _HTTP_STATUS.items(), ids=_HTTP_STATUS.keys())
async def test_connect_maps_codes_to_http(http: httpx.AsyncClient, name: str, status: int) -> None:
    answer = await http.post(QUERY, json={"query": {"events": [{"name": name}]}})

    assert answer.status_code == status
    info = answer.json()["details"][0]
    assert info["type"] == "google.rpc.ErrorInfo"
    assert info["debug"]["metadata"] == {"request_id": answer.headers["x-request-id"]}
    assert SECRET_OF_THE_SERVER not in answer.text


async def test_retries_are_also_a_header(http: httpx.AsyncClient) -> None:
    answer = await http.post(QUERY, json={"query": {"events": [{"name": "limit"}]}})

    assert answer.headers["retry-after"] == "3"


@protocols
async def test_more_violations_than_fit_are_counted(ports: Ports, ask: Ask) -> None:
    request = QueryRequest()
    for _ in range(90):
        request.query.filters.add(property="plan", operator=999)

    outcome = await ask(ports, request, HEADERS, None)

    assert outcome.code == "INVALID_ARGUMENT"
    assert outcome.violations[0] == ("query.filters[0].operator", "UNKNOWN_VALUE")
    assert outcome.violations[-1] == ("", "MORE_VIOLATIONS")


@protocols
@pytest.mark.parametrize(
    ("headers", "code", "reason"),
    [
        pytest.param({"x-project-id": PROJECT}, "UNAUTHENTICATED", "CREDENTIAL_MISSING", id="no key"),
        pytest.param(
            {"authorization": f"Basic {BOTH}", "x-project-id": PROJECT},
            "UNAUTHENTICATED",
            "CREDENTIAL_MISSING",
            id="other scheme",
        ),
        pytest.param(
            {"authorization": "Bearer nonsense", "x-project-id": PROJECT},
            "UNAUTHENTICATED",
            "CREDENTIAL_UNKNOWN",
            id="unknown key",
        ),
        pytest.param(
            {"authorization": f"Bearer {BOTH}"}, "INVALID_ARGUMENT", "PROJECT_MISSING", id="no project"
        ),
        pytest.param(
            {"authorization": f"Bearer {BOTH}", "x-project-id": "other"},
            "PERMISSION_DENIED",
            "OTHER_PROJECT",
            id="other project",
        ),
        pytest.param(
            {"authorization": f"Bearer {WRITE}", "x-project-id": PROJECT},
            "PERMISSION_DENIED",
            "ACCESS_MISSING",
            id="write only",
        ),
        pytest.param({"authorization": f"bearer {READ}", "x-project-id": PROJECT}, "OK", "", id="read only"),
    ],
)
async def test_credentials(ports: Ports, ask: Ask, headers: dict[str, str], code: str, reason: str) -> None:
    outcome = await ask(ports, named("page_view"), headers, None)

    assert outcome.code == code
    assert code == "OK" or outcome.info.reason == reason


async def test_reading_keys_write_nothing(http: httpx.AsyncClient) -> None:
    batch = {"events": [{"name": "purchase"}]}

    refused = await http.post(BATCH_CREATE, json=batch, headers={"authorization": f"Bearer {READ}"})
    taken = await http.post(BATCH_CREATE, json=batch, headers={"authorization": f"Bearer {WRITE}"})

    assert refused.status_code == 403
    assert taken.json() == {"eventsCreated": 1, "rejected": [], "eventsKnown": 0}


async def test_credentials_are_looked_at_before_the_request(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        QUERY, content=b"{broken", headers={"authorization": "", "content-type": "application/json"}
    )

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@protocols
async def test_every_call_is_one_line_in_the_log(ports: Ports, ask: Ask) -> None:
    with capture_logs() as lines:
        outcome = await ask(ports, named("page_view"), HEADERS, None)

    (line,) = lines
    assert outcome.response is not None
    assert line["event"] == "call"
    assert line["request_id"] == outcome.response.metadata.query_id
    assert (line["project"], line["method"], line["outcome"], line["rows"]) == (PROJECT, QUERY, "OK", 7)
    assert line["protocol"] in ("grpc", "grpc-web", "connect")
    assert line["ms"] >= 0
    assert BOTH not in str(line)
