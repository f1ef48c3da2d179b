"""Malformed requests: each gets the error that AWS gives, none a 500, none a hang, and nothing changes."""

from __future__ import annotations

import json
import socket
from contextlib import ExitStack

import pytest

from tests.local_cloud import LocalCloud
from tests.robustness.wire import SECONDS, call, request, send, signed_call

pytestmark = pytest.mark.usefixtures("unchanged")

NO_OBJECTS = {
    "no JSON": b"hello",
    "cut off": b'{"ClientId":',
    "two documents": b"{}{}",
    "an array": b"[]",
    "a number": b"1",
    "null": b"null",
    "a string": b'"x"',
    "not a number": b'{"ClientId": NaN}',
    "too large a number": b'{"ClientId": 1e999}',
    "too long a number": b'{"ClientId": ' + b"9" * 5000 + b"}",
    "bad UTF-8": b'{"ClientId": "\xff\xfe"}',
    "UTF-16": '{"ClientId": "x"}'.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "NUL byte": b'{"ClientId": "\x00"}',
    "lone surrogate": b'{"ClientId": "\\ud800"}',
    "lone surrogate in a name": b'{"ClientMetadata": {"\\udfff": "x"}}',
    "100,000 open brackets": b"[" * 100_000,
    "100,000 brackets": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "1,000 brackets in a member": b'{"ClientId": ' + b"[" * 1000 + b"]" * 1000 + b"}",
    "1,000 brackets in a member that nobody knows": b'{"X": ' + b"[" * 1000 + b"]" * 1000 + b"}",
    "gzip": b"\x1f\x8b\x08\x00",
}


@pytest.mark.parametrize("body", NO_OBJECTS.values(), ids=NO_OBJECTS)
def test_a_body_that_is_no_object(cloud: LocalCloud, body: bytes) -> None:
    for answer in (
        call(cloud.port, "cognito-idp", "SignUp", body),
        call(cloud.port, "cognito-identity", "GetId", body),
        signed_call(cloud.port, "cognito-idp", "AdminGetUser", body),
        signed_call(cloud.port, "dynamodb", "PutItem", body),
    ):
        assert (answer.status, answer.code) == (400, "SerializationException"), answer.body
        assert answer.headers["x-amzn-errortype"] == "SerializationException"


WRONG_TYPES = {
    "Username": ({}, "Object can not be converted to a String"),
    "Password": (True, "Boolean can not be converted to a String"),
    "SecretHash": (1.5, "Number can not be converted to a String"),
    "UserAttributes": ("x", "String can not be converted to a List"),
    "ClientMetadata": ([], "Array can not be converted to a Map"),
    "UserContextData": (1, "Number can not be converted to a Structure"),
}


@pytest.mark.parametrize("member", WRONG_TYPES)
def test_a_wrong_type_is_named_as_aws_names_it(cloud: LocalCloud, email: str, member: str) -> None:
    value, message = WRONG_TYPES[member]
    body = {"ClientId": cloud.outputs["AppClientId"], "Username": email, "Password": "Correct-Horse-7", member: value}
    answer = call(cloud.port, "cognito-idp", "SignUp", body)
    assert (answer.status, answer.code, answer.json["message"]) == (400, "SerializationException", message)


def test_limits_are_counted_together_and_no_secret_comes_back(cloud: LocalCloud) -> None:
    body = {"ClientId": "no client!", "Username": "a\x00b", "Password": "white space"}
    answer = call(cloud.port, "cognito-idp", "SignUp", body)
    assert (answer.status, answer.code) == (400, "InvalidParameterException")
    assert (
        answer.json["message"].startswith("2 validation errors detected: ") or "white space" not in answer.body.decode()
    )
    assert b"white space" not in answer.body
    assert b"no client!" not in answer.body, "a client id is sensitive in the model"


def test_of_two_members_of_one_name_the_last_counts(cloud: LocalCloud) -> None:
    client = json.dumps(cloud.outputs["AppClientId"])
    body = f'{{"ClientId": {client}, "ClientId": "other", "Username": "a@example.com", "Password": "x"}}'
    assert call(cloud.port, "cognito-idp", "SignUp", body.encode()).code == "ResourceNotFoundException"


TARGETS = {
    "AWSCognitoIdentityProviderService.NoSuch": "UnknownOperationException",
    "AWSCognitoIdentityProviderService.": "UnknownOperationException",
    "AWSCognitoIdentityProviderService.Sign.Up": "UnknownOperationException",
    "AWSCognitoIdentityProviderService.../../sign_up": "UnknownOperationException",
    "AWSCognitoIdentityProviderService.\xff": "UnknownOperationException",
    "AWSCognitoIdentityProviderService.CreateUserImportJob": "MissingAuthenticationTokenException",
    "NoSuchService.SignUp": "UnknownOperationException",
    "SignUp": "UnknownOperationException",
    "": "UnknownOperationException",
}


@pytest.mark.parametrize("target", [*TARGETS, None])
def test_a_target_that_is_unknown_or_missing(cloud: LocalCloud, target: str | None) -> None:
    headers = {} if target is None else {"x-amz-target": target}
    answer = request(cloud.port, b"{}", {"content-type": "application/x-amz-json-1.1", **headers})
    assert (answer.status, answer.code) == (400, TARGETS[target or ""])
    assert answer.headers["content-type"].startswith("application/x-amz-json"), "a JSON client could not read it"


@pytest.mark.parametrize(("service", "size"), [("cognito-idp", 2 << 20), ("cognito-identity", 1 << 20)])
def test_a_body_of_more_than_one_or_two_mib(cloud: LocalCloud, service: str, size: int) -> None:
    just = call(cloud.port, service, "GetId", b'{"X":"' + b"x" * (size - 8) + b'"}')
    assert just.status == 400
    over = call(cloud.port, service, "GetId", b'{"X":"' + b"x" * (size - 7) + b'"}')
    assert (over.status, over.code) == (413, "RequestEntityTooLargeException")


def test_a_chunked_body_is_read_and_counted(cloud: LocalCloud) -> None:
    head = (
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
        b"X-Amz-Target: AWSCognitoIdentityProviderService.GetUser\r\n\r\n"
    )
    small = send(cloud.port, [head, b"1;ext=1\r\n{\r\n", b"1\r\n}\r\n", b"0\r\n\r\n"])
    assert (small.status, small.code) == (400, "InvalidParameterException")
    pieces = [head, *[b"10000\r\n" + b"x" * 65_536 + b"\r\n"] * 33, b"0\r\n\r\n"]
    assert send(cloud.port, pieces).status == 413


FRAMING = {
    "no number": "Content-Length: x",
    "negative": "Content-Length: -1",
    "two lengths": "Content-Length: 2\r\nContent-Length: 3",
    "length and chunks": "Content-Length: 2\r\nTransfer-Encoding: chunked",
    "unknown transfer encoding": "Transfer-Encoding: gzip",
    "a header without a name": ": x",
    "a header with a blank in its name": "a b: c",
}


@pytest.mark.parametrize("header", FRAMING.values(), ids=FRAMING)
def test_framing_that_two_readers_could_read_in_two_ways(cloud: LocalCloud, header: str) -> None:
    target = "X-Amz-Target: AWSCognitoIdentityProviderService.GetUser"
    data = f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n{target}\r\n{header}\r\n\r\n{{}}"
    assert send(cloud.port, data.encode(), half_close=True).status == 400


NO_HTTP = {
    "binary": b"\x00\xff\x80\xfe\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "another method": b"FROBNICATE / HTTP/1.1\r\nHost: x\r\n\r\n",
    "another version": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "a path without end": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("data", NO_HTTP.values(), ids=NO_HTTP)
def test_what_is_no_http(cloud: LocalCloud, data: bytes) -> None:
    assert send(cloud.port, data, half_close=True).status == 400


def test_a_client_that_goes_away_or_waits_for_ever_keeps_nobody(cloud: LocalCloud) -> None:
    promise = (
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nX-Amz-Target: AWSCognitoIdentityService.GetId\r\n\r\n{"
    )
    with ExitStack() as waiting:
        for _ in range(100):
            sock = waiting.enter_context(socket.create_connection(("127.0.0.1", cloud.port), timeout=SECONDS))
            sock.sendall(promise)
        assert call(cloud.port, "cognito-idp", "GetUser").status == 400
    assert call(cloud.port, "cognito-idp", "GetUser").status == 400


def test_absurd_headers(cloud: LocalCloud) -> None:
    for headers in (
        {"x-long": "a" * 60_000},
        {f"x-{number}": "a" for number in range(1000)},
        {"content-type": "\xff\xfe"},
        {"content-encoding": "gzip"},
        {"expect": "100-continue"},
        {"authorization": "Bearer \xff"},
        {"accept-encoding": "x" * 1000, "te": "trailers", "upgrade": "h2c", "connection": "upgrade, close"},
    ):
        answer = call(cloud.port, "cognito-idp", "GetUser", {}, headers)
        assert (answer.status, answer.code) == (400, "InvalidParameterException"), headers


@pytest.mark.parametrize(
    "value", ["AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=\xff", "AWS4-HMAC-SHA256 ,,,=", "AWS x:y"]
)
def test_an_authorization_header_that_cannot_be_read(cloud: LocalCloud, value: str) -> None:
    answer = call(cloud.port, "cognito-idp", "ListUserPools", {"MaxResults": 1}, {"authorization": value})
    assert (answer.status, answer.code) == (400, "IncompleteSignatureException")


METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS")


@pytest.mark.parametrize(
    "path",
    [
        "//", "/..", "/../../etc/passwd", "/_x", "/_x/key", "/%00/key", "/%FF/key", "/%zz", "/bucket", "/bucket/",
        "/bucket/../key", "/bucket//key", "/bucket/%2e%2e/%2e%2e", "/bucket/..%2F..%2Fkey", "/bucket/_key", "/bucket/%",
        "/bucket/%00", "/bucket/%FF%FE", "/bucket/key?versionId=", "/bucket/key?uploadId=..%2Fx&partNumber=x",
        "/bucket?list-type=3", "/bucket?max-keys=x&prefix=a&prefix=b", "/bucket?policy",
        "/2015-03-31/functions/", "/2015-03-31/functions/x/invocations", "/health", "/_localstack/health",
        "/_ministack/reset", "/_aws/execute-api", "/_aws/execute-api/x/y/z", "/_aws/execute-api/../x", "/_localcloud",
        "/us-east-1_x/.well-known/jwks.json", "/us-east-1_x/.well-known/../x", "/us-east-1_x%00/.well-known/jwks.json",
    ],
)  # fmt: skip
def test_paths_and_methods_without_a_signature(cloud: LocalCloud, path: str) -> None:
    for method in METHODS:
        answer = request(cloud.port, b"x" if method in ("PUT", "POST", "PATCH") else b"", method=method, path=path)
        assert 400 <= answer.status < 500, method
        assert answer.code or "message" in answer.body.decode() or method == "HEAD", method


def test_methods_on_the_root(cloud: LocalCloud) -> None:
    for method in METHODS:
        answer = request(cloud.port, b"", method=method)
        assert answer.status == (200 if method == "OPTIONS" else 403), method
