"""Resources' own policies, and the names that stand for an ARN, as the engine keeps them."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import Any

from localcloud.aws.records import NOTHING
from localcloud.iam.evaluator import Policies, decide
from localcloud.iam.policy import compile_policy
from localcloud.iam.request import ContextValue, Principal, Request
from tests.localcloud.aws.local_engine import ACCOUNT, LocalEngine

EVERYONE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"
SESSION = Principal("AWS", f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/me")


def new_key(local: LocalEngine, region: str = "", **parameters: Any) -> tuple[str, str]:
    made = local.call("kms", "CreateKey", region=region, **parameters)["KeyMetadata"]
    return made["KeyId"], made["Arn"]


def may(local: LocalEngine, action: str, arn: str, **context: ContextValue) -> bool:
    """Whether the key's own policy alone lets the role in."""
    document = local.engine.resource_policy(arn)
    assert document is not None
    policy = compile_policy(document, arn, "resource")
    return decide(Request(SESSION, action, arn, ACCOUNT, context), Policies(resource=policy)).allowed


def test_a_key_without_a_policy_leaves_it_to_the_account(local: LocalEngine) -> None:
    """Rule 39: a key's policy must allow; the default one hands that on to identity policies."""
    key_id, arn = new_key(local)
    for name in (arn, arn.replace(key_id, "nothing")):
        document = local.engine.resource_policy(name)
        assert document is not None
        (statement,) = document["Statement"]
        assert (statement["Effect"], statement["Action"]) == ("Allow", "kms:*")
    assert not may(local, "kms:Decrypt", arn)
    local.call("kms", "PutKeyPolicy", KeyId=key_id, PolicyName="default", Policy=json.dumps(EVERYONE))
    assert local.engine.resource_policy(arn) == EVERYONE
    assert local.engine.resource_policy(f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/x") is None


def test_a_grant_allows_what_it_says(local: LocalEngine) -> None:
    key_id, arn = new_key(local)
    operations = ["Decrypt", "DescribeKey"]
    constraints = {"EncryptionContextSubset": {"Owner": "me"}}
    grant = local.call(
        "kms", "CreateGrant", KeyId=key_id, GranteePrincipal=ROLE, Operations=operations, Constraints=constraints
    )
    mine: dict[str, ContextValue] = {"kms:EncryptionContext:owner": "me", "kms:EncryptionContextKeys": ("Owner", "x")}
    assert may(local, "kms:Decrypt", arn, **mine)
    assert may(local, "kms:DescribeKey", arn)
    assert not may(local, "kms:Encrypt", arn, **mine)
    assert not may(local, "kms:Decrypt", arn)
    assert not may(local, "kms:Decrypt", arn, **{**mine, "kms:EncryptionContext:owner": "you"})
    local.call("kms", "RevokeGrant", KeyId=key_id, GrantId=grant["GrantId"])
    assert not may(local, "kms:Decrypt", arn, **mine)


def test_a_grant_for_an_exact_context(local: LocalEngine) -> None:
    key_id, arn = new_key(local)
    constraints = {"EncryptionContextEquals": {"Owner": "me"}}
    local.call(
        "kms", "CreateGrant", KeyId=key_id, GranteePrincipal=ROLE, Operations=["Decrypt"], Constraints=constraints
    )
    exact: dict[str, ContextValue] = {"kms:EncryptionContext:owner": "me", "kms:EncryptionContextKeys": ("Owner",)}
    assert may(local, "kms:Decrypt", arn, **exact)
    assert not may(local, "kms:Decrypt", arn, **{**exact, "kms:EncryptionContextKeys": ("Owner", "x")})


def test_a_grant_to_nobody_does_not_spoil_the_policy(local: LocalEngine) -> None:
    """Attack: a grantee that no policy can name would make all of the key's policy unreadable."""
    key_id, arn = new_key(local)
    for grantee in ("nobody", f"arn:aws:iam::{ACCOUNT}:role/*", f"arn:aws:iam::{ACCOUNT}:root"):
        local.call("kms", "CreateGrant", KeyId=key_id, GranteePrincipal=grantee, Operations=["Decrypt"])
    context = {"EncryptionContextSubset": {"Owner": "${aws:userid}"}}
    local.call("kms", "CreateGrant", KeyId=key_id, GranteePrincipal=ROLE, Operations=["Decrypt"], Constraints=context)
    document = local.engine.resource_policy(arn)
    assert document is not None
    assert len(document["Statement"]) == 1


def test_a_key_by_all_its_names(local: LocalEngine) -> None:
    key_id, arn = new_key(local)
    local.call("kms", "CreateAlias", AliasName="alias/names", TargetKeyId=key_id)
    for name in (key_id, arn, "alias/names", f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/names"):
        assert local.engine.key_arn("us-east-1", name) == arn
    for name in ("nothing", "alias/nothing", arn.replace(ACCOUNT, "111111111111")):
        assert local.engine.key_arn("us-east-1", name) == ""
    assert local.engine.key_arn("eu-west-1", key_id) == ""
    properties = local.engine.key_properties(arn)
    assert properties["ResourceAliases"] == ("alias/names",)
    assert (properties["KeySpec"], properties["KeyUsage"]) == ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
    assert local.engine.key_properties(f"{arn}x") == {}
    sealed = local.call("kms", "Encrypt", KeyId="alias/names", Plaintext=b"x")["CiphertextBlob"]
    assert local.engine.ciphertext_key_arn("us-east-1", sealed) == arn
    assert local.engine.ciphertext_key_arn("us-east-1", sealed[:80]) == ""
    assert local.engine.ciphertext_key_arn("us-east-1", b"\xff" * 100) == ""


def test_policies_of_queues_topics_and_streams(local: LocalEngine) -> None:
    url = local.call("sqs", "CreateQueue", QueueName="guarded")["QueueUrl"]
    queue = f"arn:aws:sqs:us-east-1:{ACCOUNT}:guarded"
    assert local.engine.resource_policy(queue) is None
    local.call("sqs", "SetQueueAttributes", QueueUrl=url, Attributes={"Policy": json.dumps(EVERYONE)})
    assert local.engine.resource_policy(queue) == EVERYONE
    local.call("sqs", "SetQueueAttributes", QueueUrl=url, Attributes={"Policy": "{"})
    assert local.engine.resource_policy(queue) == NOTHING

    topic = local.call("sns", "CreateTopic", Name="guarded")["TopicArn"]
    default = local.engine.resource_policy(topic)
    assert default is not None
    # The default says `everyone`, if the topic's own account sends: which leaves it to identity policies.
    assert not decide(
        Request(SESSION, "sns:Publish", topic, ACCOUNT), Policies(resource=compile_policy(default, "t", "resource"))
    ).allowed
    local.call("sns", "SetTopicAttributes", TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(EVERYONE))
    assert local.engine.resource_policy(topic) == EVERYONE

    local.call("kinesis", "CreateStream", StreamName="guarded", ShardCount=1)
    stream = f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/guarded"
    assert local.engine.resource_policy(stream) is None
    owner = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "kinesis:PutRecord", "Resource": stream}
    policy = {"Version": "2012-10-17", "Statement": [owner]}
    local.call("kinesis", "PutResourcePolicy", ResourceARN=stream, Policy=json.dumps(policy))
    assert local.engine.resource_policy(stream) == policy


def test_policies_of_functions_are_of_one_qualifier(local: LocalEngine) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("app.py", "def handler(event, context): return 1")
    local.call(
        "lambda", "CreateFunction", FunctionName="guarded", Runtime="python3.11", Role=ROLE, Handler="app.handler",
        Code={"ZipFile": archive.getvalue()},
    )  # fmt: skip
    local.call("lambda", "PublishVersion", FunctionName="guarded")
    local.call("lambda", "CreateAlias", FunctionName="guarded", Name="live", FunctionVersion="1")
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:guarded"
    assert local.engine.resource_policy(arn) is None
    local.call(
        "lambda", "AddPermission", FunctionName="guarded", Qualifier="live", StatementId="s",
        Action="lambda:InvokeFunction", Principal=ACCOUNT,
    )  # fmt: skip
    assert local.engine.resource_policy(arn) is None
    assert local.engine.resource_policy(f"{arn}:live") is not None


def test_what_has_no_policy(local: LocalEngine) -> None:
    for arn in (
        "*",
        "+15550100",
        "arn:aws:iam::1:role/x",
        "arn:aws:sqs:us-east-1:000000000000:nothing",
        "arn:aws:s3:::x",
    ):
        assert local.engine.resource_policy(arn) is None


def test_an_index_stands_under_its_tables_policy_and_a_stream_under_its_own(local: LocalEngine) -> None:
    attribute = {"AttributeName": "pk", "AttributeType": "S"}
    local.call(
        "dynamodb", "CreateTable", TableName="watched", BillingMode="PAY_PER_REQUEST", AttributeDefinitions=[attribute],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )  # fmt: skip
    table = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/watched"
    local.call("dynamodb", "PutResourcePolicy", ResourceArn=table, Policy=json.dumps(EVERYONE))
    assert local.engine.resource_policy(f"{table}/index/any") == EVERYONE
    assert local.engine.resource_policy(f"{table}/stream/2026-01-01T00:00:00.000") is None
    assert local.engine.resource_policy(table.replace("us-east-1", "eu-west-1")) is None

    stream = local.call("dynamodb", "DescribeTable", TableName="watched")["Table"]["LatestStreamArn"]
    shard = local.call("dynamodbstreams", "DescribeStream", StreamArn=stream)["StreamDescription"]["Shards"][0]
    iterator = local.call(
        "dynamodbstreams", "GetShardIterator", StreamArn=stream, ShardId=shard["ShardId"],
        ShardIteratorType="TRIM_HORIZON",
    )["ShardIterator"]  # fmt: skip
    assert local.engine.iterator_stream_arn("dynamodbstreams", "us-east-1", iterator) == stream
    # Attack: an iterator made by hand, that names one's own stream beside another table.
    content = json.loads(base64.urlsafe_b64decode(iterator)) | {"t": "other"}
    forged = base64.urlsafe_b64encode(json.dumps(content).encode()).decode()
    for wrong in (forged, "", "ü", "bnVsbA==", forged[:20]):
        assert local.engine.iterator_stream_arn("dynamodbstreams", "us-east-1", wrong) == ""


def test_iterators_secrets_and_identities(local: LocalEngine) -> None:
    local.call("kinesis", "CreateStream", StreamName="read", ShardCount=1)
    iterator = local.call(
        "kinesis", "GetShardIterator", StreamName="read", ShardId="shardId-000000000000", ShardIteratorType="LATEST"
    )["ShardIterator"]
    arn = f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/read"
    assert local.engine.iterator_stream_arn("kinesis", "us-east-1", iterator) == arn
    assert local.engine.iterator_stream_arn("kinesis", "us-east-1", "nothing") == ""

    secret = local.call("secretsmanager", "CreateSecret", Name="db", SecretString="x")["ARN"]
    for name in ("db", secret, secret[:-7]):
        assert local.engine.secret_arn("us-east-1", name) == secret
    assert local.engine.secret_arn("us-east-1", "nothing") == ""
    assert local.engine.resource_policy(secret) is None
    local.call("secretsmanager", "PutResourcePolicy", SecretId="db", ResourcePolicy=json.dumps(EVERYONE))
    assert local.engine.resource_policy(secret) == EVERYONE

    local.call("ses", "VerifyDomainIdentity", Domain="Example.com")
    local.call("sesv2", "CreateEmailIdentity", EmailIdentity="ada@example.com")
    assert local.engine.mail_identity("us-east-1", "ada@example.com") == "ada@example.com"
    assert local.engine.mail_identity("us-east-1", "bob@mail.EXAMPLE.com") == "Example.com"
    assert local.engine.mail_identity("us-east-1", "eve@example.org") == ""


def test_the_keys_of_a_table_in_another_region(local: LocalEngine) -> None:
    """A table of the same name elsewhere has keys of its own."""
    for region, key in (("us-east-1", "pk"), ("eu-west-1", "id")):
        local.call(
            "dynamodb", "CreateTable", region=region, TableName="twin", BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        )  # fmt: skip
        assert local.engine.key_schema(f"arn:aws:dynamodb:{region}:{ACCOUNT}:table/twin") == (key,)


def test_an_index_with_a_key_of_several_attributes_has_no_leading_key(local: LocalEngine) -> None:
    names = ("pk", "a", "b")
    index = {"IndexName": "two", "Projection": {"ProjectionType": "ALL"}}
    keys = [{"AttributeName": name, "KeyType": "HASH"} for name in ("a", "b")]
    local.call(
        "dynamodb", "CreateTable", TableName="several", BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[index | {"KeySchema": keys}],
    )  # fmt: skip
    assert local.engine.key_schema(f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/several", "two") == ()
