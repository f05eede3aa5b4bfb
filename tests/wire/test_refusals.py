"""What is refused before a call: paths, methods, encodings and headers, each with what to send instead."""

import base64
from urllib.parse import unquote

import httpx
import pytest
from google.rpc import status_pb2
from structlog.testing import capture_logs

from tests.wire.callers import BATCH_CREATE, HEADERS, QUERY, unpacked_json
from tests.wire.fakes import BOTH


@pytest.mark.parametrize(
    ("path", "content_type", "status", "reason"),
    [
        ("/insights.v1.InsightsService/Nothing", "application/json", 404, "UNKNOWN_PATH"),
        ("/", "", 404, "UNKNOWN_PATH"),
        (QUERY, "application/grpc+proto", 415, "WRONG_PORT"),
        (QUERY, "application/grpc", 415, "WRONG_PORT"),
        (QUERY, "text/plain", 415, "UNKNOWN_ENCODING"),
        (QUERY, "", 415, "UNKNOWN_ENCODING"),
        (QUERY, "application/connect+json", 415, "UNKNOWN_ENCODING"),
        ("/events.v1.EventsService/Stream", "application/json", 415, "UNKNOWN_ENCODING"),
    ],
)
async def test_refusals_say_why(
    http: httpx.AsyncClient, path: str, content_type: str, status: int, reason: str
) -> None:
    answer = await http.post(path, content=b"{}", headers={"content-type": content_type})

    (info,) = unpacked_json(answer.json())
    assert (answer.status_code, answer.json()["code"]) == (status, "unimplemented")
    assert (info.reason, info.domain) == (reason, "eventglass")  # type: ignore[attr-defined]
    assert info.metadata["request_id"] == answer.headers["x-request-id"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("path", "content_type", "message", "reason"),
    [
        ("/insights.v1.InsightsService/Nothing", "application/grpc-web", "nothing is here", "UNKNOWN_PATH"),
        (QUERY, "application/grpc-web-text", "send the content type", "UNKNOWN_ENCODING"),
        (QUERY, "application/grpc-web+xml", "send the content type", "UNKNOWN_ENCODING"),
    ],
)
async def test_who_speaks_grpc_web_reads_why_in_headers(
    http: httpx.AsyncClient, path: str, content_type: str, message: str, reason: str
) -> None:
    answer = await http.post(path, content=b"\0\0\0\0\0", headers={"content-type": content_type})

    status = status_pb2.Status.FromString(base64.b64decode(answer.headers["grpc-status-details-bin"] + "=="))
    assert (answer.status_code, answer.headers["grpc-status"], answer.content) == (200, "12", b"")
    assert unquote(answer.headers["grpc-message"]) == status.message
    assert status.message.startswith(message)
    assert reason.encode() in status.details[0].value


async def test_a_content_type_may_have_parameters(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        QUERY, content=b"{}", headers={"content-type": "Application/JSON; charset=utf-8"}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("content_type", "answered"),
    [
        ("application/grpc-web; charset=utf-8", "application/grpc-web+proto"),
        ("application/grpc-web+proto;charset=UTF-8", "application/grpc-web+proto"),
        ("Application/Grpc-Web+JSON", "application/grpc-web+json"),
    ],
)
async def test_so_may_one_of_grpc_web(http: httpx.AsyncClient, content_type: str, answered: str) -> None:
    message = b"{}" if "json" in answered else b""
    envelope = b"\0" + len(message).to_bytes(4, "big") + message

    answer = await http.post(QUERY, content=envelope, headers={"content-type": content_type})

    assert (answer.status_code, answer.headers["content-type"]) == (200, answered)
    assert b"grpc-status: 0\r\n" in answer.content


@pytest.mark.parametrize("content_type", ["application/grpc-web", "application/grpc", "text/plain"])
async def test_a_query_by_get_has_no_content_type(http: httpx.AsyncClient, content_type: str) -> None:
    parameters = {"encoding": "json", "message": "{}"}

    answer = await http.get(QUERY, params=parameters, headers={"content-type": content_type})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


async def test_headers_that_are_no_text(http: httpx.AsyncClient) -> None:
    answer = await http.post(QUERY, json={}, headers={b"x-project-id": b"\xff"})

    assert answer.status_code == 400


@pytest.mark.parametrize("encoding", ["json", "proto"])
async def test_a_query_by_get_needs_no_body(http: httpx.AsyncClient, encoding: str) -> None:
    message = '{"query":{"events":[{"name":"a"}]}}' if encoding == "json" else ""

    answer = await http.get(QUERY, params={"connect": "v1", "encoding": encoding, "message": message})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"application/{encoding}"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", BATCH_CREATE, "POST"),
        ("GET", "/events.v1.EventsService/Stream", "POST"),
        ("PUT", QUERY, "GET, POST"),
        ("DELETE", QUERY, "GET, POST"),
        ("OPTIONS", QUERY, "GET, POST"),
    ],
)
async def test_another_method_is_told_which_to_send(
    http: httpx.AsyncClient, method: str, path: str, allow: str
) -> None:
    answer = await http.request(method, path, params={"encoding": "json", "message": "{}"})

    (info,) = unpacked_json(answer.json())
    assert (answer.status_code, answer.headers["allow"]) == (405, allow)
    assert info.reason == "METHOD_NOT_ALLOWED"  # type: ignore[attr-defined]
    assert answer.json()["message"] == f"send {allow.replace(', ', ' or ')}"


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({}, "encoding=json or encoding=proto"),
        ({"encoding": "xml"}, "encoding=json or encoding=proto"),
        ({"encoding": "json", "compression": "br"}, "compression=gzip, or leave it out"),
    ],
)
async def test_a_query_by_get_says_how_it_is_written(
    http: httpx.AsyncClient, parameters: dict[str, str], wanted: str
) -> None:
    answer = await http.get(QUERY, params={"message": "{}"} | parameters)

    (info,) = unpacked_json(answer.json())
    assert (answer.status_code, info.reason) == (415, "UNKNOWN_ENCODING")  # type: ignore[attr-defined]
    assert answer.json()["message"] == f"send the parameter {wanted}"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ("encoding=json&encoding=proto", "the parameter encoding is given twice; give it once"),
        ("encoding=&encoding=json", "the parameter encoding is given twice; give it once"),
        ("encoding=json&message=%7B%7D", "the parameter message is given twice; give it once"),
        ("encoding=json&connect=v2", "the parameter connect must be v1"),
        ("encoding=json&base64=true", "the parameter base64 must be 1 "),
        ("encoding=json&base64=1", "the parameter message must be base64, "),
        ("encoding=json&more=%ff", "the path, its parameters and the headers must be UTF-8"),
    ],
)
async def test_a_query_by_get_with_wrong_parameters(
    http: httpx.AsyncClient, parameters: str, message: str
) -> None:
    answer = await http.get(f"{QUERY}?message=%7B%7D&{parameters}")

    (info,) = unpacked_json(answer.json())
    assert (answer.status_code, info.reason) == (400, "BROKEN_REQUEST")  # type: ignore[attr-defined]
    assert answer.json()["message"].startswith(message)


@pytest.mark.parametrize("written", ["e30", "e30=", "eyJxdWVyeSI6e319", "e30%3D"])
async def test_a_query_by_get_may_be_base64(http: httpx.AsyncClient, written: str) -> None:
    answer = await http.get(f"{QUERY}?connect=v1&encoding=json&base64=1&message={written}")

    assert answer.status_code == 200


async def test_a_bare_plus_is_no_part_of_base64(http: httpx.AsyncClient) -> None:
    answer = await http.get(f"{QUERY}?encoding=proto&base64=1&message=CgI+")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_argument")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("connect-protocol-version", "2"),
        *(("connect-timeout-ms", text) for text in ("-1", "1.5", "1e3", "+5", "abc", "99999999999", "٣")),
    ],
)
async def test_a_header_that_cannot_be_read_is_named(http: httpx.AsyncClient, name: str, value: str) -> None:
    answer = await http.post(QUERY, json={}, headers={name.encode(): value.encode()})

    (info,) = unpacked_json(answer.json())
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_argument")
    assert answer.json()["message"].startswith(f"the header {name} must be ")
    assert info.reason == "BROKEN_REQUEST"  # type: ignore[attr-defined]
    assert info.metadata["request_id"] == answer.headers["x-request-id"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [
        ("content-type", ("text/plain", "application/json"), "UNKNOWN_ENCODING"),
        ("content-type", ("application/json", "text/plain"), "UNKNOWN_ENCODING"),
        ("content-type", ("application/json", "application/grpc"), "UNKNOWN_ENCODING"),
        ("connect-timeout-ms", ("abc", "1000"), "BROKEN_REQUEST"),
        ("connect-timeout-ms", ("1000", "2000"), "BROKEN_REQUEST"),
        ("connect-protocol-version", ("2", "1"), "BROKEN_REQUEST"),
        ("authorization", (f"Bearer {BOTH}", "Bearer other"), "CREDENTIAL_UNKNOWN"),
    ],
)
async def test_of_a_header_that_is_given_twice_neither_is_taken(
    http: httpx.AsyncClient, name: str, values: tuple[str, str], reason: str
) -> None:
    headers = {"content-type": "application/json", **HEADERS}
    headers.pop(name, None)
    twice = [*headers.items(), *((name, value) for value in values)]
    async with httpx.AsyncClient(base_url=http.base_url) as client:
        answer = await client.post(QUERY, content=b"{}", headers=twice)

    info, *_ = unpacked_json(answer.json())
    assert info.reason == reason  # type: ignore[attr-defined]


@pytest.mark.parametrize("value", ["", "5", "5s", "-1S", "1.5S", "999999999H"])
async def test_a_timeout_of_grpc_web_that_cannot_be_read_is_named(
    http: httpx.AsyncClient, value: str
) -> None:
    headers = {"content-type": "application/grpc-web+json", "grpc-timeout": value}

    answer = await http.post(QUERY, content=b"\0\0\0\0\2{}", headers=headers)

    status = status_pb2.Status.FromString(base64.b64decode(answer.headers["grpc-status-details-bin"] + "=="))
    assert (answer.status_code, answer.headers["grpc-status"], answer.content) == (200, "3", b"")
    assert unquote(answer.headers["grpc-message"]) == status.message
    assert status.message.startswith("the header grpc-timeout must be ")
    assert answer.headers["x-request-id"].encode() in status.details[0].value


@pytest.mark.parametrize("value", ["", "0", "9999999999"])
async def test_a_timeout_may_be_of_any_length(http: httpx.AsyncClient, value: str) -> None:
    answer = await http.post(QUERY, json={}, headers={"connect-timeout-ms": value})

    assert answer.status_code == (504 if value == "0" else 200)


async def test_packed_without_saying_how_is_the_callers_fault(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        QUERY, content=b"\1\0\0\0\2{}", headers={"content-type": "application/grpc-web+json"}
    )

    assert b"grpc-status: 3\r\n" in answer.content


_STREAM = "/events.v1.EventsService/Stream"


@pytest.mark.parametrize("messages", [0, 2])
@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        (QUERY, "application/grpc-web+json"),
        (_STREAM, "application/grpc-web+json"),
        (_STREAM, "application/connect+json"),
    ],
)
async def test_who_sends_none_or_several_messages_is_told_to_send_one(
    http: httpx.AsyncClient, path: str, content_type: str, messages: int
) -> None:
    with capture_logs() as lines:
        answer = await http.post(
            path, content=b"\0\0\0\0\2{}" * messages, headers={"content-type": content_type}
        )

    (line,) = lines
    assert (line["outcome"], line["reason"]) == ("UNIMPLEMENTED", "NOT_ONE_MESSAGE")
    assert "send exactly one message" in unquote(answer.text)


@pytest.mark.parametrize(
    ("path", "content_type", "header"),
    [
        (QUERY, "application/json", "content-encoding"),
        (QUERY, "application/grpc-web+json", "grpc-encoding"),
        (_STREAM, "application/connect+json", "connect-content-encoding"),
    ],
)
async def test_who_packs_otherwise_is_told_how(
    http: httpx.AsyncClient, path: str, content_type: str, header: str
) -> None:
    with capture_logs() as lines:
        answer = await http.post(
            path, content=b"\1\0\0\0\2{}", headers={"content-type": content_type, header: "br"}
        )

    (line,) = lines
    assert (line["outcome"], line["reason"]) == ("UNIMPLEMENTED", "UNKNOWN_ENCODING")
    assert "supported encodings are gzip" in unquote(answer.text)
