"""Rules that show only where there is data: what an answer tells, who asks from where, and policies of tables."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
import urllib3
from botocore.exceptions import ClientError

from tests.journeys.people import client, root_client
from tests.journeys.refusals import code_of, refusal
from tests.local_cloud import LocalCloud
from tests.localcloud.sts.actors import Actor, policy, role, trusts, user

LIST = "s3:ListBucket"


@pytest.fixture(scope="module")
def bucket(cloud: LocalCloud) -> str:
    name = f"rules-{uuid.uuid4().hex[:8]}"
    root_client(cloud, "s3").create_bucket(Bucket=name)
    root_client(cloud, "s3").put_object(Bucket=name, Key="a", Body=b"hello")
    return name


def may(action: str | list[str], resource: str = "*", **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


@pytest.mark.parametrize(("actions", "status"), [(["s3:GetObject"], 403), (["s3:GetObject", LIST], 404)])
def test_rule_56_only_who_may_list_is_told_that_an_object_is_missing(
    cloud: LocalCloud, bucket: str, actions: list[str], status: int
) -> None:
    """Attack: finding out by 404 and 403 which keys others have."""
    s3 = user(cloud, may(actions)).client("s3")
    assert s3.head_object(Bucket=bucket, Key="a")
    for call in (s3.get_object, s3.head_object):
        with pytest.raises(ClientError) as refused:
            call(Bucket=bucket, Key="nothing")
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_rule_59_refused_keys_are_named_inside_an_answer_of_200(cloud: LocalCloud, bucket: str) -> None:
    s3 = user(cloud, may("s3:DeleteObject", f"arn:aws:s3:::{bucket}/mine*")).client("s3")
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "mine"}, {"Key": "a"}]})
    assert [deleted["Key"] for deleted in answer["Deleted"]] == ["mine"]
    assert [(error["Key"], error["Code"]) for error in answer["Errors"]] == [("a", "AccessDenied")]
    assert root_client(cloud, "s3").get_object(Bucket=bucket, Key="a")["Body"].read() == b"hello"


def test_rule_61_a_presigned_url_may_do_what_its_signer_may_now(cloud: LocalCloud, bucket: str) -> None:
    iam = root_client(cloud, "iam")
    presigned = may("s3:GetObject", StringEquals={"s3:authType": "REST-QUERY-STRING"})
    young = may("s3:GetObject", NumericLessThan={"s3:signatureAge": "600000"})
    signer = user(cloud, presigned)
    name, s3, url = signer.arn.rpartition("/")[2], signer.client("s3"), presign(signer, bucket)
    assert status_of(url) == 200
    assert code_of(s3.get_object, Bucket=bucket, Key="a") == "AccessDenied"
    for statement, expected in ((young, 200), (may("s3:PutObject"), 403), (presigned, 200)):
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=policy(statement))
        assert status_of(url) == expected
    iam.delete_user_policy(UserName=name, PolicyName="p")
    assert status_of(url) == 403


def presign(signer: Actor, bucket: str) -> str:
    """The URL of an object, as boto3 makes it."""
    s3 = client(signer.cloud, "s3", signer.keys, signature_version="s3v4")
    return str(s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "a"}))


def status_of(url: str, headers: Mapping[str, str] | None = None) -> int:
    with urllib3.PoolManager() as pool:
        return pool.request("GET", url, headers=headers, retries=False).status


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, True),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, False),
        ({"StringLike": {"aws:UserAgent": "phone/*"}}, True),
        ({"StringLike": {"aws:UserAgent": "Boto3/*"}}, False),
        ({"StringEquals": {"aws:Referer": "https://app.example.com/"}}, True),
        ({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, False),
        ({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, False),
        ({"NumericGreaterThan": {"aws:EpochTime": "1577836800"}}, True),
        ({"StringEquals": {"aws:PrincipalType": "User"}}, True),
        ({"StringEquals": {"aws:PrincipalAccount": "111122223333"}}, False),
    ],
)
def test_rule_53_a_request_says_from_where_and_when_it_comes(
    cloud: LocalCloud, bucket: str, condition: dict[str, Any], allowed: bool
) -> None:
    url = presign(user(cloud, may("s3:GetObject", **condition)), bucket)
    headers = {"user-agent": "phone/1.0", "referer": "https://app.example.com/"}
    assert status_of(url, headers) == (200 if allowed else 403)


@pytest.fixture
def table(cloud: LocalCloud) -> dict[str, Any]:
    made: dict[str, Any] = root_client(cloud, "dynamodb").create_table(
        TableName=f"rules-{uuid.uuid4().hex[:8]}",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )["TableDescription"]
    return made


def test_rule_69_the_policy_of_a_table(cloud: LocalCloud, table: dict[str, Any]) -> None:
    """Rules 39, 41, 45: it lets the session in that it names, the role only within the session's own policy."""
    dynamodb, name, arn = root_client(cloud, "dynamodb"), table["TableName"], table["TableArn"]
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "a"}})
    ada = user(cloud)
    assumed = role(cloud, trusts({"AWS": ada.arn}), may=[may("s3:ListAllMyBuckets")])
    narrow = policy(may("s3:*"))
    session, narrowed = ada.assume(assumed), ada.assume(assumed, RoleSessionName="narrowed", Policy=narrow)

    def put(*statements: dict[str, Any]) -> None:
        dynamodb.put_resource_policy(ResourceArn=arn, Policy=policy(*statements))

    def outcomes(*actors: Actor) -> list[str]:
        return [outcome(actor, name) for actor in actors]

    reads = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": arn}
    assert outcomes(ada, session, narrowed) == ["AccessDeniedException"] * 3
    put({**reads, "Principal": {"AWS": assumed}})
    assert outcomes(ada, session, narrowed) == ["AccessDeniedException", "read", "AccessDeniedException"]
    put({**reads, "Principal": {"AWS": narrowed.arn}})
    assert outcomes(ada, session, narrowed) == ["AccessDeniedException", "AccessDeniedException", "read"]
    everybody = {**reads, "Principal": {"AWS": "*"}}
    put(everybody, {**everybody, "Effect": "Deny", "Condition": {"ArnEquals": {"aws:PrincipalArn": assumed}}})
    assert outcomes(ada, session, narrowed) == ["read", "AccessDeniedException", "AccessDeniedException"]
    assert "explicit deny in a resource-based policy" in refusal(get, actor=session, table=name).message
    dynamodb.delete_resource_policy(ResourceArn=arn)
    assert outcomes(ada) == ["AccessDeniedException"]


def get(actor: Actor, table: str) -> Any:
    return actor.client("dynamodb").get_item(TableName=table, Key={"pk": {"S": "a"}})["Item"]


def outcome(actor: Actor, table: str) -> str:
    try:
        assert json.dumps(get(actor, table))
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "read"
