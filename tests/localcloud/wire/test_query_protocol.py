"""The query protocol: what boto3 writes into a form comes out as it was given, and what is no request is refused."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree

import botocore.session
import pytest
from botocore.parsers import QueryParser
from botocore.serialize import QuerySerializer

from localcloud.errors import AwsError
from localcloud.wire import model, protocol, query_protocol
from localcloud.wire.http import HttpRequest

FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
SESSION = botocore.session.get_session()
ROLE = "arn:aws:iam::000000000000:role/r"


def read(operation: str, fields: dict[str, str], service: str = "sts") -> dict[str, Any]:
    known = model.load(service)
    return query_protocol.read(known, known.operations[operation], fields)


def parsed_by_boto(operation: str, text: bytes) -> dict[str, Any]:
    """An answer of IAM as boto3 gives it."""
    shape: Any = SESSION.get_service_model("iam").operation_model(operation).output_shape
    return dict(QueryParser().parse({"status_code": 200, "headers": {}, "body": text}, shape))


def from_boto(service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    shapes = SESSION.get_service_model(service)
    body = QuerySerializer().serialize_to_request(parameters, shapes.operation_model(operation))["body"]
    return read(operation, dict(parse_qsl(urlencode(body), keep_blank_values=True)), service)


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("sts", "GetCallerIdentity", {}),
        (
            "sts",
            "AssumeRole",
            {
                "RoleArn": ROLE,
                "RoleSessionName": "ü & <x>",
                "DurationSeconds": 900,
                "PolicyArns": [{"arn": f"arn:{number}"} for number in range(12)],
                "Tags": [{"Key": "a", "Value": ""}, {"Key": "b", "Value": "c=d&e"}],
                "TransitiveTagKeys": ["a"],
            },
        ),
        ("sts", "AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "s", "Tags": []}),
        ("iam", "CreateUser", {"UserName": "u", "Tags": [{"Key": "k", "Value": "v"}]}),
        ("iam", "ListRoles", {"MaxItems": 5}),
        ("iam", "DeletePolicyVersion", {"PolicyArn": "arn", "VersionId": "v1"}),
        ("iam", "CreatePolicyVersion", {"PolicyArn": "arn", "PolicyDocument": "{}", "SetAsDefault": True}),
        (
            "iam",
            "SimulateCustomPolicy",
            {
                "PolicyInputList": ["{}"],
                "ActionNames": ["s3:GetObject"],
                "ContextEntries": [{"ContextKeyName": "k", "ContextKeyValues": ["a", "b"]}],
            },
        ),
    ],
)
def test_what_boto3_writes_is_read_back(service: str, operation: str, parameters: dict[str, Any]) -> None:
    assert from_boto(service, operation, parameters) == parameters


def test_members_come_in_the_order_of_their_numbers() -> None:
    fields = {f"TransitiveTagKeys.member.{number}": str(number) for number in (10, 2, 1)}
    assert read("AssumeRole", fields) == {"TransitiveTagKeys": ["1", "2", "10"]}


def test_what_the_operation_does_not_declare_is_left_out() -> None:
    assert read("AssumeRole", {"Action": "AssumeRole", "Version": "x", "Principal": "root", "A.b.c": "d"}) == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"DurationSeconds": "an hour"},
        {"DurationSeconds": "9_00"},
        {"DurationSeconds": "٩٠٠"},
        {"DurationSeconds": ""},
        {"RoleArn.member.1": ROLE},
        {"Tags": "x"},
        {"Tags.member": "x"},
        {"Tags.member.0.Key": "x"},
        {"Tags.member.-1.Key": "x"},
        {"Tags.member.x.Key": "x"},
        {"Tags.1.Key": "x"},
        {"Tags.member.1": "x"},
        {"Tags.member.1.Key": "x", "Tags.entry.1.key": "y"},
        {"Tags": "", "Tags.member.1.Key": "x"},
        {"Tags.member.1.Key": "x", "Tags": ""},
        {"Tags.member.1.Key.member.1": "x"},
    ],
)
def test_a_form_that_is_no_request_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(AwsError) as caught:
        read("AssumeRole", fields)
    assert caught.value.code == "MalformedInput"


def test_attack_a_name_of_a_million_parts() -> None:
    """Attack: one field that nests until its reader falls over."""
    deep = ".member.1" * 300_000
    assert read("AssumeRole", {f"A{deep}": "x"}) == {}
    assert read("AssumeRole", {f"Tags{deep}": "x"}) == {"Tags": [{}]}


@pytest.mark.parametrize("service", ["sts", "iam"])
def test_attack_two_requests_in_one(service: str) -> None:
    """Attack: decided by one of two roles, carried out with the other."""
    form = "&".join(f"{name}={value}" for name, value in [("Action", "AssumeRole"), ("RoleArn", "a"), ("RoleArn", "b")])
    request = HttpRequest("POST", "/", "", FORM, form.encode(), "127.0.0.1")
    with pytest.raises(AwsError) as caught:
        protocol.resolve(request, service)
    assert caught.value.code == "MalformedQueryString"


def test_the_engines_operations_keep_their_fields() -> None:
    body = urlencode({"Action": "CreateUser", "UserName": "u", "Tags.member.1.Key": "k"}).encode()
    target = protocol.resolve(HttpRequest("POST", "/", "", FORM, body, "127.0.0.1"), "iam")
    assert target.params["Tags.member.1.Key"] == "k"


def test_a_result_is_what_boto3_reads() -> None:
    known = model.load("iam")
    result = {
        "SAMLProviderList": [
            {"Arn": "arn:a", "ValidUntil": 1_800_000_000, "CreateDate": 1_700_000_000.5},
            {"Arn": "a<b>&\x00c", "ValidUntil": None},
        ]
    }
    text = query_protocol.write(known, known.operations["ListSAMLProviders"], result, "request-1")
    parsed = parsed_by_boto("ListSAMLProviders", text)
    first, second = parsed["SAMLProviderList"]
    assert first["ValidUntil"].timestamp() == 1_800_000_000
    assert first["CreateDate"].timestamp() == 1_700_000_000
    assert second == {"Arn": "a<b>&\N{REPLACEMENT CHARACTER}c"}
    assert parsed["ResponseMetadata"]["RequestId"] == "request-1"


def test_a_result_may_be_empty() -> None:
    known = model.load("iam")
    text = query_protocol.write(known, known.operations["DeleteSAMLProvider"], {}, "request-1")
    parsed = parsed_by_boto("DeleteSAMLProvider", text)
    assert parsed["ResponseMetadata"]["RequestId"] == "request-1"


@pytest.mark.parametrize("service", ["iam", "s3", "sts"])
def test_attack_an_error_with_a_character_that_xml_cannot_hold(service: str) -> None:
    answer = protocol.render_error(service, AwsError("NoSuchEntity", "no role a\x00b <c>"), "id")
    assert [text for text in ElementTree.fromstring(answer.body).itertext() if "no role" in text] == [
        "no role a\N{REPLACEMENT CHARACTER}b <c>"
    ]
