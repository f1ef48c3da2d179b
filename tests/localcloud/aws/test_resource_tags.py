"""The tags of the engine's resources, by ARN: what conditions on `aws:ResourceTag/…` see."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.localcloud.aws.local_engine import ACCOUNT, LocalEngine

RED = {"team": "red"}
LISTED = [{"Key": "team", "Value": "red"}]


def arn_of(service: str, resource: str, region: str = "us-east-1") -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"


def test_a_table_its_indexes_and_its_stream_have_the_tables_tags(local: LocalEngine) -> None:
    local.call(
        "dynamodb", "CreateTable", TableName="tagged", BillingMode="PAY_PER_REQUEST", Tags=LISTED,
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
    )  # fmt: skip
    table = arn_of("dynamodb", "table/tagged")
    for name in (table, f"{table}/index/any", f"{table}/stream/2026-01-01T00:00:00.000"):
        assert local.engine.resource_tags(name) == RED
    local.call("dynamodb", "UntagResource", ResourceArn=table, TagKeys=["team"])
    assert local.engine.resource_tags(table) == {}


def test_queues_topics_and_streams(local: LocalEngine) -> None:
    local.call("sqs", "CreateQueue", QueueName="tagged", tags=RED)
    local.call("sns", "CreateTopic", Name="tagged", Tags=LISTED)
    local.call("kinesis", "CreateStream", StreamName="tagged", ShardCount=1)
    local.call("kinesis", "AddTagsToStream", StreamName="tagged", Tags=RED)
    for arn in (arn_of("sqs", "tagged"), arn_of("sns", "tagged"), arn_of("kinesis", "stream/tagged")):
        assert local.engine.resource_tags(arn) == RED
        assert local.engine.resource_tags(arn.replace("us-east-1", "eu-west-1")) == {}


def test_keys_and_secrets(local: LocalEngine) -> None:
    made = local.call("kms", "CreateKey", Tags=[{"TagKey": "team", "TagValue": "red"}])["KeyMetadata"]
    assert local.engine.resource_tags(made["Arn"]) == RED
    local.call("kms", "CreateAlias", AliasName="alias/tagged", TargetKeyId=made["KeyId"])
    assert local.engine.resource_tags(arn_of("kms", "alias/tagged")) == {}
    secret = local.call("secretsmanager", "CreateSecret", Name="tagged", SecretString="x", Tags=LISTED)["ARN"]
    assert local.engine.resource_tags(secret) == RED


def test_a_function_and_a_log_group_stand_for_what_is_in_them(local: LocalEngine) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("app.py", "def handler(event, context): return 1")
    local.call(
        "lambda", "CreateFunction", FunctionName="tagged", Runtime="python3.11", Handler="app.handler", Tags=RED,
        Role=f"arn:aws:iam::{ACCOUNT}:role/runs", Code={"ZipFile": archive.getvalue()},
    )  # fmt: skip
    local.call("logs", "CreateLogGroup", logGroupName="tagged", tags=RED)
    for arn in (
        arn_of("lambda", "function:tagged"),
        arn_of("lambda", "function:tagged:live"),
        arn_of("logs", "log-group:tagged"),
        arn_of("logs", "log-group:tagged:log-stream:s"),
    ):
        assert local.engine.resource_tags(arn) == RED


def test_buckets_have_none_that_count(local: LocalEngine) -> None:
    """Attribute-based access control is off for a bucket, unless it is switched on; here it cannot be."""
    local.call("s3", "CreateBucket", Bucket="tagged-bucket")
    local.call("s3", "PutBucketTagging", Bucket="tagged-bucket", Tagging={"TagSet": LISTED})
    assert local.engine.resource_tags("arn:aws:s3:::tagged-bucket") == {}


@pytest.mark.parametrize(
    "arn",
    [
        "*",
        "+15550100",
        arn_of("dynamodb", "table"),
        arn_of("dynamodb", "table/nothing"),
        arn_of("dynamodb", "global-table/tagged"),
        arn_of("kinesis", "stream/nothing"),
        arn_of("kms", "key/nothing"),
        arn_of("lambda", "layer:x"),
        arn_of("lambda", "function:nothing"),
        arn_of("logs", "log-group:nothing"),
        arn_of("secretsmanager", "secret:nothing"),
        arn_of("sns", "nothing"),
        arn_of("sqs", "nothing"),
        arn_of("cognito-idp", "userpool/us-east-1_nothing"),
        "arn:aws:sqs:us-east-1:111111111111:tagged",
    ],
)
def test_what_is_not_ours_or_not_there_has_none(local: LocalEngine, arn: str) -> None:
    assert local.engine.resource_tags(arn) == {}
