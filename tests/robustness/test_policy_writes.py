"""Each call that stores a policy refuses what AWS would, in its service's words, and never with an internal error."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.people import root_client
from tests.journeys.refusals import refusal
from tests.local_cloud import LocalCloud

STATEMENT = {"Sid": "Own", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
WRONG = json.dumps({"Version": "2012-10-17", "Statement": [{**STATEMENT, "Efect": "Deny"}]})
PLACE = "statement Own: unknown element `Efect`"
NAME = f"writes-{uuid.uuid4().hex[:8]}"
FULL = f"{NAME}-full"
TABLE = {
    "TableName": NAME,
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
}
ACCOUNT = "000000000000"

CALLS: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("iam", "create_policy", {"PolicyName": "p"}, "PolicyDocument", "MalformedPolicyDocument"),
    (
        "iam",
        "create_policy_version",
        {"PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/{NAME}"},
        "PolicyDocument",
        "MalformedPolicyDocument",
    ),
    ("iam", "create_role", {"RoleName": f"{NAME}-2"}, "AssumeRolePolicyDocument", "MalformedPolicyDocument"),
    ("iam", "update_assume_role_policy", {"RoleName": NAME}, "PolicyDocument", "MalformedPolicyDocument"),
    ("iam", "put_role_policy", {"RoleName": NAME, "PolicyName": "p"}, "PolicyDocument", "MalformedPolicyDocument"),
    ("iam", "put_user_policy", {"UserName": NAME, "PolicyName": "p"}, "PolicyDocument", "MalformedPolicyDocument"),
    ("iam", "put_group_policy", {"GroupName": NAME, "PolicyName": "p"}, "PolicyDocument", "MalformedPolicyDocument"),
    ("s3", "put_bucket_policy", {"Bucket": NAME}, "Policy", "MalformedPolicy"),
    ("dynamodb", "create_table", TABLE, "ResourcePolicy", "ValidationException"),
    (
        "dynamodb",
        "put_resource_policy",
        {"ResourceArn": f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/{NAME}"},
        "Policy",
        "ValidationException",
    ),
    ("kms", "create_key", {}, "Policy", "MalformedPolicyDocumentException"),
    ("kms", "put_key_policy", {"KeyId": "1", "PolicyName": "default"}, "Policy", "MalformedPolicyDocumentException"),
    ("sns", "create_topic", {"Name": NAME}, "Attributes", "InvalidParameter"),
    (
        "sns",
        "set_topic_attributes",
        {"TopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:{NAME}", "AttributeName": "Policy"},
        "AttributeValue",
        "InvalidParameter",
    ),
    ("sqs", "create_queue", {"QueueName": NAME}, "Attributes", "InvalidAttributeValue"),
    (
        "sqs",
        "set_queue_attributes",
        {"QueueUrl": f"http://127.0.0.1/{ACCOUNT}/{NAME}"},
        "Attributes",
        "InvalidAttributeValue",
    ),
]
BY_CALL = pytest.mark.parametrize(
    ("service", "operation", "arguments", "parameter", "code"), CALLS, ids=[f"{c[0]}:{c[1]}" for c in CALLS]
)


@pytest.fixture(scope="module")
def client(cloud: LocalCloud) -> Callable[[str], Any]:
    iam = root_client(cloud, "iam")
    for name in (NAME, FULL):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
        iam.create_user(UserName=name)
        iam.create_group(GroupName=name)
    root_client(cloud, "s3").create_bucket(Bucket=NAME)
    return lambda service: root_client(cloud, service)


def given(parameter: str, text: str) -> dict[str, Any]:
    return {parameter: {"Policy": text} if parameter == "Attributes" else text}


@BY_CALL
def test_a_wrong_policy_is_refused_with_its_place(
    client: Callable[[str], Any], service: str, operation: str, arguments: dict[str, Any], parameter: str, code: str
) -> None:
    refused = refusal(getattr(client(service), operation), **arguments, **given(parameter, WRONG))
    assert refused.code == code
    assert PLACE in refused.message


@BY_CALL
@pytest.mark.parametrize(
    "text",
    [
        "{",
        "1",
        "[" * 3_000,
        '{"Statement": {"Effect": ' + "[" * 600 + "]" * 600 + "}}",
        '{"a": "\\ud800"}',
        POLICY.replace("{", "{ ", 1) + " " * 400_000 + "x",
    ],
    ids=["open", "number", "unclosed", "deep", "surrogate", "long"],
)
def test_anything_else_is_refused_by_the_same_code(
    client: Callable[[str], Any],
    service: str,
    operation: str,
    arguments: dict[str, Any],
    parameter: str,
    code: str,
    text: str,
) -> None:
    # What is too long, or what the model itself does not let through, has an answer of its own.
    expected = {code, "LimitExceeded", "ValidationError", "ValidationException", "InvalidParameterValue"}
    assert refusal(getattr(client(service), operation), **arguments, **given(parameter, text)).code in expected


def long_policy(characters: int, statement: dict[str, Any] = STATEMENT) -> str:
    """A policy of that many characters, not counting white space."""
    bare = json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Sid": ""}]})
    return bare.replace('"Sid": ""', '"Sid": "' + "a" * (characters - len("".join(bare.split()))) + '"')


@pytest.mark.parametrize(
    ("operation", "arguments", "parameter", "limit", "message"),
    [
        ("create_policy", {}, "PolicyDocument", 6_144, "Cannot exceed quota for PolicySize: 6144"),
        ("put_role_policy", {"RoleName": FULL}, "PolicyDocument", 10_240, "exceeded for role"),
        ("put_user_policy", {"UserName": FULL}, "PolicyDocument", 2_048, "exceeded for user"),
        ("put_group_policy", {"GroupName": FULL}, "PolicyDocument", 5_120, "exceeded for group"),
    ],
)
def test_quotas_count_no_white_space(
    client: Callable[[str], Any], operation: str, arguments: dict[str, Any], parameter: str, limit: int, message: str
) -> None:
    call = getattr(client("iam"), operation)
    call(**arguments, PolicyName=FULL, **{parameter: long_policy(limit) + " " * 50})
    refused = refusal(call, **arguments, PolicyName=FULL, **{parameter: long_policy(limit + 1)})
    assert refused.code == "LimitExceeded"
    assert message in refused.message
    if "put" in operation:
        # The quota is one for all inline policies of an owner.
        assert refusal(call, **arguments, PolicyName="more", **{parameter: POLICY}).code == "LimitExceeded"


def test_a_trust_policy_has_a_quota_too(client: Callable[[str], Any]) -> None:
    trust = json.loads(TRUST)["Statement"][0]
    iam = client("iam")
    iam.update_assume_role_policy(RoleName=FULL, PolicyDocument=long_policy(2_048, trust))
    refused = refusal(iam.update_assume_role_policy, RoleName=FULL, PolicyDocument=long_policy(2_049, trust))
    assert refused == ("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048")


def test_a_bucket_policy_of_another_bucket(client: Callable[[str], Any]) -> None:
    statement = {**STATEMENT, "Principal": "*", "Resource": "arn:aws:s3:::another-bucket/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    refused = refusal(client("s3").put_bucket_policy, Bucket=NAME, Policy=policy)
    assert refused.code == "MalformedPolicy"
    assert "statement Own: Resource: Policy has invalid resource" in refused.message
