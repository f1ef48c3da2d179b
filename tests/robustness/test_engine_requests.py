"""Malformed requests to DynamoDB, S3, Lambda and STS, signed by the root, whom no permission stops: all are refused."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.local_cloud import LocalCloud
from tests.robustness.wire import Answer, signed, signed_call

KEY = {"pk": {"S": "a"}, "sk": {"S": "b"}}
DEEP: Any = {"S": "x"}
for _ in range(120):
    DEEP = {"L": [DEEP]}


def s3(cloud: LocalCloud, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    bucket = cloud.outputs["UserDataBucket"]
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return signed(cloud.port, "s3", body, given, method=method, path=f"/{bucket}{path}")


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("operation", "body", "code"),
    [
        ("PutItem", {"Item": []}, "SerializationException"),
        ("PutItem", {"Item": {**KEY, "a": "x"}}, "SerializationException"),
        ("PutItem", {"Item": {**KEY, "a": {"S": 1}}}, "SerializationException"),
        ("PutItem", {"Item": {**KEY, "a": {"L": {}}}}, "SerializationException"),
        ("PutItem", {"Item": {**KEY, "a": DEEP}}, "SerializationException"),
        ("PutItem", {"Item": {"pk": {"S": "a"}}}, "ValidationException"),
        ("PutItem", {"Item": {**KEY, "sk": {"N": "1"}}}, "ValidationException"),
        ("GetItem", {"Key": {**KEY, "sk": {"S": []}}}, "SerializationException"),
        ("GetItem", {"Key": {**KEY, "sk": {"S": {"a": 1}}}}, "SerializationException"),
        ("GetItem", {"Key": KEY, "ConsistentRead": "yes"}, "SerializationException"),
        ("UpdateItem", {"Key": KEY, "UpdateExpression": "SET a = :a", "ExpressionAttributeValues": [1]},
         "SerializationException"),
        ("Query", {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": 1}, "SerializationException"),
        ("Query", {"Limit": 0, "KeyConditionExpression": "pk = :p"}, "ValidationException"),
        ("UpdateTimeToLive", {}, "ValidationException"),
        ("UpdateTimeToLive", {"TimeToLiveSpecification": "x"}, "SerializationException"),
        ("DescribeTable", {"TableName": "!"}, "ValidationException"),
        ("DescribeTable", {"TableName": 7}, "SerializationException"),
        ("CreateTable", {"TableName": "new", "KeySchema": {}}, "SerializationException"),
        ("BatchExecuteStatement", {"Statements": [{"Statement": None}]}, "ValidationException"),
        ("TransactWriteItems", {"TransactItems": []}, "ValidationException"),
    ],
)  # fmt: skip
def test_dynamodb(cloud: LocalCloud, operation: str, body: dict[str, Any], code: str) -> None:
    answer = signed_call(cloud.port, "dynamodb", operation, {"TableName": cloud.outputs["UserDataTable"], **body})
    assert (answer.status, answer.code) == (400, code), answer.body


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "?list-type=2&max-keys=abc", 400, "InvalidArgument"),
        ("GET", "?list-type=2&max-keys=-1", 400, "InvalidArgument"),
        ("GET", "?list-type=2&max-keys=99999999999999999999", 400, "InvalidArgument"),
        ("GET", "?versions&max-keys=x", 400, "InvalidArgument"),
        ("GET", "?uploads&max-uploads=x", 400, "InvalidArgument"),
        ("GET", "?list-type=3", 405, "MethodNotAllowed"),
        ("GET", "?list-type=2&prefix=a&prefix=b", 405, "MethodNotAllowed"),
        ("GET", "/key?partNumber=x", 400, "InvalidArgument"),
        ("GET", "/key?uploadId=..%2F..%2Fx", 404, "NoSuchUpload"),
        ("GET", "/no/such/key", 404, "NoSuchKey"),
        ("GET", "/..", 404, "NoSuchKey"),
        ("GET", "/%00", 404, "NoSuchKey"),
        ("PUT", "/" + "k" * 1025, 400, "KeyTooLongError"),
        ("PUT", "/" + quote("あ" * 342), 400, "KeyTooLongError"),
        ("PUT", "/key?partNumber=0&uploadId=x", 404, "NoSuchUpload"),
        ("PUT", "/key?uploads", 405, "MethodNotAllowed"),
        ("PATCH", "/key", 405, "MethodNotAllowed"),
        ("POST", "/key", 405, "MethodNotAllowed"),
        ("POST", "?delete", 400, "MalformedXML"),
        ("PUT", "?cors", 400, "MalformedXML"),
        ("PUT", "?lifecycle", 400, "MalformedXML"),
        ("PUT", "?versioning", 400, "MalformedXML"),
        ("PUT", "/key?tagging", 400, "MalformedXML"),
    ],
)  # fmt: skip
def test_s3(cloud: LocalCloud, method: str, path: str, status: int, code: str) -> None:
    answer = s3(cloud, method, path)
    assert (answer.status, answer.code) == (status, code), answer.body


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "body",
    [
        b"x", b"{}", b"<Delete/>", b"<Other/>", b"<Delete>", b"\xff\xfe", b"<a>" * 50_000 + b"</a>" * 50_000,
        b"<Delete><Object><Key></Key></Object></Delete>", b"<Delete><Object><Key>\xff</Key></Object></Delete>",
        b"<!DOCTYPE a [<!ENTITY x 'y'>]><Delete><Object><Key>&x;</Key></Object></Delete>",
        b"<Delete>" + b"<Object><Key>a</Key></Object>" * 1001 + b"</Delete>",
    ],
)  # fmt: skip
def test_xml_that_s3_cannot_read(cloud: LocalCloud, body: bytes) -> None:
    for path in ("?delete", "?cors", "?tagging"):
        answer = s3(cloud, "POST" if path == "?delete" else "PUT", path, body)
        assert (answer.status, answer.code) == (400, "MalformedXML"), path


def test_an_upload_is_not_completed_without_its_parts(cloud: LocalCloud) -> None:
    begun = s3(cloud, "POST", "/parts?uploads=")
    upload = begun.body.partition(b"<UploadId>")[2].partition(b"<")[0].decode()
    path = f"/parts?uploadId={upload}"
    assert s3(cloud, "PUT", f"{path}&partNumber=1", b"content").status == 200
    for body, code in (
        (b"", "MalformedXML"),
        (b"<CompleteMultipartUpload/>", "MalformedXML"),
        (b"<CompleteMultipartUpload><Part/></CompleteMultipartUpload>", "MalformedXML"),
        (_part(b"x", b"y"), "MalformedXML"),
        (_part(b"7", b"y"), "InvalidPart"),
    ):
        answer = s3(cloud, "POST", path, body)
        assert (answer.status, answer.code) == (400, code), body
    assert s3(cloud, "GET", "/parts").code == "NoSuchKey"
    assert b"<PartNumber>1</PartNumber>" in s3(cloud, "GET", path).body, "the part is still there"
    assert s3(cloud, "DELETE", path).status == 204


def _part(number: bytes, tag: bytes) -> bytes:
    part = b"<Part><PartNumber>" + number + b"</PartNumber><ETag>" + tag + b"</ETag></Part>"
    return b"<CompleteMultipartUpload>" + part + b"</CompleteMultipartUpload>"


@pytest.mark.parametrize("value", ["a%0D%0Aset-cookie%3A%20b", "a%0Ab", "a%00b", "%E3%81%82"])
def test_a_header_value_that_would_split_the_answer(cloud: LocalCloud, value: str) -> None:
    assert s3(cloud, "PUT", "/header", b"x").status == 200
    answer = s3(cloud, "GET", f"/header?response-content-type={value}")
    assert (answer.status, answer.code) == (400, "InvalidArgument")
    assert "set-cookie" not in answer.headers
    assert s3(cloud, "DELETE", "/header").status == 204


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "functions/no-such-function", b"", 404, "ResourceNotFoundException"),
        ("GET", "functions/..%2Fx", b"", 404, "UnknownOperationException"),
        ("GET", "functions?MaxItems=abc", b"", 400, "InvalidParameterValueException"),
        ("POST", "functions", b"", 400, "InvalidParameterValueException"),
        ("POST", "functions", b"x", 400, "SerializationException"),
        ("POST", "functions", b"[]", 400, "SerializationException"),
        ("POST", "functions", b'{"FunctionName": 1}', 400, "SerializationException"),
        ("POST", "functions/FUNCTION/aliases", b'{"Name": "1", "FunctionVersion": "x"}', 400,
         "InvalidParameterValueException"),
        ("PUT", "functions/FUNCTION/configuration", b'{"Timeout": -1}', 400, "InvalidParameterValueException"),
        ("POST", "functions/FUNCTION/invocations", b"{", 400, "InvalidRequestContentException"),
        ("POST", "functions/FUNCTION/invocations", b"\xff", 400, "InvalidRequestContentException"),
        ("POST", "functions/FUNCTION/invocations", b"[" * 100_000, 400, "InvalidRequestContentException"),
        ("POST", "functions/FUNCTION/invocations", b'"' + b"x" * 6_291_556 + b'"', 413, "RequestTooLargeException"),
    ],
)  # fmt: skip
def test_lambda(cloud: LocalCloud, method: str, path: str, body: bytes, status: int, code: str) -> None:
    path = f"/2015-03-31/{path.replace('FUNCTION', 'gatehouse-local-pre-sign-up')}"
    answer = signed(cloud.port, "lambda", body, method=method, path=path)
    assert (answer.status, answer.code) == (status, code), answer.body[:300]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({}, 400, "MissingAction"),
        ([("Action", "GetCallerIdentity"), ("Action", "AssumeRole")], 400, "MalformedQueryString"),
        ({"Action": "GetCallerIdentity", "x": b"\xff"}, 400, "MalformedQueryString"),
        ({"Action": "AssumeRole"}, 400, "ValidationError"),
        ({"Action": "AssumeRole", "RoleArn": "ROLE", "RoleSessionName": "a b"}, 403, "AccessDenied"),
    ],
)
def test_sts(cloud: LocalCloud, fields: Any, status: int, code: str) -> None:
    body = urlencode(fields).replace("ROLE", quote("arn:aws:iam::000000000000:role/no-such-role"))
    if "%FF" in body:
        body = body.replace("%FF", "\xff")
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = signed(cloud.port, "sts", body.encode("latin-1"), headers)
    assert (answer.status, answer.code) == (status, code), answer.body


@pytest.mark.parametrize("operation", ["PATCH", "PUT"])
@pytest.mark.parametrize("body", [b"", b"x", b"[" * 10_000, json.dumps({"name": 1}).encode()])
def test_the_api_asks_for_a_token_before_it_reads_a_body(cloud: LocalCloud, operation: str, body: bytes) -> None:
    path = cloud.outputs["ApiUrl"].removeprefix(cloud.endpoint)
    answer = signed(cloud.port, "execute-api", body, method=operation, path=f"{path}/me")
    assert answer.status in (401, 404)
