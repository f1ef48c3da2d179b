"""What a function may do with queues, topics, mail, keys, streams and secrets is what its role may, as on AWS."""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.journeys.functions import ACCOUNT, Function
from tests.journeys.people import root_client
from tests.local_cloud import LocalCloud

# On AWS the runtime has boto3 with all services; here the tests lend theirs.
SOURCE = (
    f"import sys; sys.path.append({str(Path(boto3.__file__).parent.parent)!r})"
    + """
import base64
import boto3
from botocore.exceptions import ClientError

def handler(event, context):
    try:
        client = boto3.client(event["service"], region_name=event.get("region"))
        params = event["params"]
        for name in event.get("binary", ()):
            params[name] = base64.b64decode(params[name])
        answer = getattr(client, event["method"])(**params)
        return {"answer": repr(answer)}
    except ClientError as error:
        return {"code": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}
"""
)
DENIED = {"AccessDenied", "AccessDeniedException"}


@dataclass(frozen=True, slots=True)
class Things:
    """One of each service that the function may use, and one that it may not."""

    queue: tuple[str, str]
    topic: tuple[str, str]
    key: tuple[str, str]
    stream: tuple[str, str]
    secret: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Caller:
    """A function that makes the call it is told to."""

    function: Function

    def ask(self, service: str, method: str, **event: Any) -> dict[str, Any]:
        params = event.pop("params", None) or {name: event.pop(name) for name in list(event) if name[0].isupper()}
        payload = json.dumps({"service": service, "method": method, "params": params, **event})
        invoke = root_client(self.function.cloud, "lambda").invoke
        answer: dict[str, Any] = json.loads(invoke(FunctionName=self.function.name, Payload=payload)["Payload"].read())
        return answer

    def may(self, service: str, method: str, **params: Any) -> bool:
        answer = self.ask(service, method, **params)
        assert "answer" in answer or answer.get("code") in DENIED, answer
        return "answer" in answer


@pytest.fixture(scope="module")
def things(cloud: LocalCloud) -> Things:
    tag = uuid.uuid4().hex[:8]
    names = (f"mine-{tag}", f"yours-{tag}")
    sqs, sns, kms = (root_client(cloud, service) for service in ("sqs", "sns", "kms"))
    kinesis, secrets = (root_client(cloud, service) for service in ("kinesis", "secretsmanager"))
    ses = root_client(cloud, "ses")
    for domain in ("mine.example.com", "yours.example.com"):
        ses.verify_domain_identity(Domain=domain)
    for name in names:
        kinesis.create_stream(StreamName=name, ShardCount=1)
    made = Things(
        queue=tuple(sqs.create_queue(QueueName=name)["QueueUrl"] for name in names),
        topic=tuple(sns.create_topic(Name=name)["TopicArn"] for name in names),
        key=tuple(kms.create_key()["KeyMetadata"]["Arn"] for _ in names),
        stream=names,
        secret=tuple(secrets.create_secret(Name=name, SecretString="x")["ARN"] for name in names),
    )
    kms.create_alias(AliasName=f"alias/mine-{tag}", TargetKeyId=made.key[0])
    return made


@pytest.fixture(scope="module")
def caller(cloud: LocalCloud, things: Things) -> Caller:
    at_home = f"us-east-1:{ACCOUNT}"
    own = {"StringEquals": {"kms:EncryptionContext:owner": "me"}}
    allow: list[dict[str, Any]] = [
        {"Action": ["sqs:SendMessage", "sqs:ReceiveMessage"], "Resource": f"arn:aws:sqs:{at_home}:{things.stream[0]}"},
        {"Action": "sns:Publish", "Resource": things.topic[0]},
        {"Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": things.key[0], "Condition": own},
        {"Action": ["kinesis:PutRecord", "kinesis:PutRecords"],
         "Resource": f"arn:aws:kinesis:{at_home}:stream/{things.stream[0]}"},
        {"Action": ["ses:SendEmail", "ses:SendRawEmail"],
         "Resource": f"arn:aws:ses:{at_home}:identity/mine.example.com",
         "Condition": {"ForAllValues:StringLike": {"ses:Recipients": "*@example.com"}}},
        {"Action": "secretsmanager:GetSecretValue", "Resource": f"arn:aws:secretsmanager:{at_home}:secret:mine-*"},
    ]  # fmt: skip
    return Caller(Function.make(cloud, SOURCE, allow=allow, timeout=20))


def test_queues(caller: Caller, things: Things) -> None:
    for url, allowed in zip(things.queue, (True, False), strict=True):
        assert caller.may("sqs", "send_message", QueueUrl=url, MessageBody="x") is allowed
        entries = [{"Id": "a", "MessageBody": "x"}]
        assert caller.may("sqs", "send_message_batch", QueueUrl=url, Entries=entries) is allowed
    assert not caller.may("sqs", "purge_queue", QueueUrl=things.queue[0])
    elsewhere = things.queue[0].replace(ACCOUNT, "111111111111")
    assert not caller.may("sqs", "send_message", QueueUrl=elsewhere, MessageBody="x")
    refused = caller.ask("sqs", "send_message", QueueUrl=things.queue[1], MessageBody="x")
    assert "is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:us-east-1" in refused["message"]


def test_topics(caller: Caller, things: Things) -> None:
    assert caller.may("sns", "publish", TopicArn=things.topic[0], Message="x")
    assert caller.may("sns", "publish", TargetArn=things.topic[0], Message="x")
    assert not caller.may("sns", "publish", TopicArn=things.topic[1], Message="x")
    assert not caller.may("sns", "publish", TopicArn=things.topic[0], TargetArn=things.topic[1], Message="x")
    assert not caller.may("sns", "publish", PhoneNumber="+15550100", Message="x")


def test_keys(cloud: LocalCloud, caller: Caller, things: Things) -> None:
    mine, yours = things.key
    own = {"owner": "me"}
    text = base64.b64encode(b"x").decode()
    assert caller.may("kms", "encrypt", KeyId=mine, Plaintext="x", EncryptionContext=own)
    assert caller.may("kms", "encrypt", KeyId=f"alias/{things.stream[0]}", Plaintext="x", EncryptionContext=own)
    assert not caller.may("kms", "encrypt", KeyId=mine, Plaintext="x")
    assert not caller.may("kms", "encrypt", KeyId=yours, Plaintext="x", EncryptionContext=own)
    kms = root_client(cloud, "kms")
    for key, allowed in ((mine, True), (yours, False)):
        sealed = kms.encrypt(KeyId=key, Plaintext=base64.b64decode(text), EncryptionContext=own)["CiphertextBlob"]
        given = {"CiphertextBlob": base64.b64encode(sealed).decode(), "EncryptionContext": own}
        assert caller.may("kms", "decrypt", params=given, binary=["CiphertextBlob"]) is allowed


def test_a_key_whose_policy_says_nothing_of_the_account(cloud: LocalCloud, caller: Caller) -> None:
    """Rule 39: an identity policy alone does not open a key."""
    kms, role = root_client(cloud, "kms"), f"arn:aws:iam::{ACCOUNT}:role/{caller.function.name}"
    root = f"arn:aws:iam::{ACCOUNT}:root"

    def key(principal: str, action: str) -> str:
        own = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [own]})
        arn: str = kms.create_key(Policy=policy)["KeyMetadata"]["Arn"]
        return arn

    assert caller.may("kms", "encrypt", KeyId=key(role, "kms:Encrypt"), Plaintext="x")
    assert not caller.may("kms", "encrypt", KeyId=key(role, "kms:Decrypt"), Plaintext="x")
    assert not caller.may("kms", "encrypt", KeyId=key(root, "kms:*"), Plaintext="x")


def test_a_grant_opens_a_key(cloud: LocalCloud, caller: Caller) -> None:
    kms = root_client(cloud, "kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    assert not caller.may("kms", "encrypt", KeyId=key, Plaintext="x")
    role = f"arn:aws:iam::{ACCOUNT}:role/{caller.function.name}"
    grant = kms.create_grant(KeyId=key, GranteePrincipal=role, Operations=["Encrypt"])
    assert caller.may("kms", "encrypt", KeyId=key, Plaintext="x")
    kms.revoke_grant(KeyId=key, GrantId=grant["GrantId"])
    assert not caller.may("kms", "encrypt", KeyId=key, Plaintext="x")


def test_streams(caller: Caller, things: Things) -> None:
    for name, allowed in zip(things.stream, (True, False), strict=True):
        arn = f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/{name}"
        assert caller.may("kinesis", "put_record", StreamName=name, Data="x", PartitionKey="p") is allowed
        records = [{"Data": "x", "PartitionKey": "p"}]
        assert caller.may("kinesis", "put_records", StreamARN=arn, Records=records) is allowed
    assert not caller.may("kinesis", "describe_stream", StreamName=things.stream[0])


@pytest.mark.parametrize(
    ("sender", "recipient", "allowed"),
    [
        ("Ada <ada@mine.example.com>", "bob@example.com", True),
        ("ada@yours.example.com", "bob@example.com", False),
        ("ada@mine.example.com", "bob@example.org", False),
    ],
)
def test_mail(caller: Caller, sender: str, recipient: str, allowed: bool) -> None:
    content = {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}
    to = {"ToAddresses": [recipient]}
    assert caller.may("ses", "send_email", Source=sender, Destination=to, Message=content) is allowed
    simple = {"Simple": content}
    assert caller.may("sesv2", "send_email", FromEmailAddress=sender, Destination=to, Content=simple) is allowed
    raw = {"Data": f"From: {sender}\r\nTo: {recipient}\r\nSubject: x\r\n\r\nx"}
    assert caller.may("ses", "send_raw_email", RawMessage=raw) is allowed


def test_secrets(caller: Caller, things: Things) -> None:
    for name, arn, allowed in zip(things.stream, things.secret, (True, False), strict=True):
        assert caller.may("secretsmanager", "get_secret_value", SecretId=name) is allowed
        assert caller.may("secretsmanager", "get_secret_value", SecretId=arn) is allowed
        assert caller.may("secretsmanager", "get_secret_value", SecretId=arn[:-7]) is allowed
    assert not caller.may("secretsmanager", "list_secrets", params={"MaxResults": 1})


def test_resources_let_the_role_in_themselves(cloud: LocalCloud, things: Things) -> None:
    """Rule 39: in one account the resource's policy is enough."""
    nobody = Caller(Function.make(cloud, SOURCE, timeout=20))
    name = nobody.function.name
    role = f"arn:aws:iam::{ACCOUNT}:role/{name}"

    def policy(action: str, resource: str) -> str:
        statement = {"Effect": "Allow", "Principal": {"AWS": role}, "Action": action, "Resource": resource}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    sqs, sns = root_client(cloud, "sqs"), root_client(cloud, "sns")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    topic = sns.create_topic(Name=name)["TopicArn"]
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("sqs", "send_message", {"QueueUrl": url, "MessageBody": "x"}),
        ("sns", "publish", {"TopicArn": topic, "Message": "x"}),
        ("lambda", "invoke", {"FunctionName": name, "Payload": "{}", "InvocationType": "DryRun"}),
    ]
    assert not any(nobody.may(service, method, params=params) for service, method, params in calls)
    queue = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy("sqs:SendMessage", queue)})
    allowed = policy("sns:Publish", topic)
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=allowed)
    root_client(cloud, "lambda").add_permission(
        FunctionName=name, StatementId="own", Action="lambda:InvokeFunction", Principal=role
    )
    assert all(nobody.may(service, method, params=params) for service, method, params in calls)


def test_what_is_not_mapped_is_denied_by_name(caller: Caller) -> None:
    answer = caller.ask("kms", "create_custom_key_store", CustomKeyStoreName="x")
    assert answer["code"] == "AccessDeniedException"
    assert "kms:CreateCustomKeyStore" in answer["message"]
