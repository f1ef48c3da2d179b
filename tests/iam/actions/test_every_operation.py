"""Rules 54-69: every operation of S3 and DynamoDB, listed from botocore's model, is mapped, or denied with a reason.

A new botocore may bring operations: each one has to be decided on here before it is let through.
"""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from localcloud.iam.actions import checks, dynamodb
from localcloud.iam.actions._dynamodb_tables import control_checks
from localcloud.iam.actions._s3_operations import OPERATIONS
from tests.iam.actions.fakes import ACCOUNT, REGION, RESOURCES, call

SESSION = botocore.session.get_session()
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/table"
STREAM = f"{TABLE}/stream/2026-01-01T00:00:00.000"

GIVES_THE_OBJECT = "the engine does not know the query word and gives the object itself"
GIVES_THE_LIST = "the engine does not know the query word and lists the bucket instead"
CHANGES_THE_BUCKET = "the engine does not know the query word and makes, or removes, the bucket or object itself"
NOT_HERE = "the service does not exist in the local cloud"
OLD_NAME = "an old name of an operation that is mapped: the same request"
PASSES_MORE = "hands a role or data to something else, which has permissions of its own"
UNKNOWN_ACTION = "the authorization reference that we have names no action"
COPIES_TABLES = "reads one table or bucket and writes another, each needing actions of its own"
OTHER_REGIONS = "reaches into other Regions"

UNMAPPED_S3 = {
    "CreateBucketMetadataConfiguration": NOT_HERE,
    "CreateBucketMetadataTableConfiguration": NOT_HERE,
    "CreateSession": NOT_HERE,
    "DeleteBucketAnalyticsConfiguration": CHANGES_THE_BUCKET,
    "DeleteBucketIntelligentTieringConfiguration": CHANGES_THE_BUCKET,
    "DeleteBucketInventoryConfiguration": CHANGES_THE_BUCKET,
    "DeleteBucketMetadataConfiguration": CHANGES_THE_BUCKET,
    "DeleteBucketMetadataTableConfiguration": CHANGES_THE_BUCKET,
    "DeleteBucketMetricsConfiguration": CHANGES_THE_BUCKET,
    "DeleteObjectAnnotation": UNKNOWN_ACTION,
    "GetBucketAbac": GIVES_THE_LIST,
    "GetBucketAnalyticsConfiguration": GIVES_THE_LIST,
    "GetBucketIntelligentTieringConfiguration": GIVES_THE_LIST,
    "GetBucketInventoryConfiguration": GIVES_THE_LIST,
    "GetBucketLifecycle": OLD_NAME,
    "GetBucketMetadataConfiguration": GIVES_THE_LIST,
    "GetBucketMetadataTableConfiguration": GIVES_THE_LIST,
    "GetBucketMetricsConfiguration": GIVES_THE_LIST,
    "GetBucketNotification": OLD_NAME,
    "GetBucketPolicyStatus": GIVES_THE_LIST,
    "GetObjectAnnotation": UNKNOWN_ACTION,
    "GetObjectTorrent": GIVES_THE_OBJECT,
    "ListBucketAnalyticsConfigurations": GIVES_THE_LIST,
    "ListBucketIntelligentTieringConfigurations": GIVES_THE_LIST,
    "ListBucketInventoryConfigurations": GIVES_THE_LIST,
    "ListBucketMetricsConfigurations": GIVES_THE_LIST,
    "ListDirectoryBuckets": NOT_HERE,
    "ListObjectAnnotations": UNKNOWN_ACTION,
    "PutBucketAbac": CHANGES_THE_BUCKET,
    "PutBucketAnalyticsConfiguration": CHANGES_THE_BUCKET,
    "PutBucketIntelligentTieringConfiguration": CHANGES_THE_BUCKET,
    "PutBucketInventoryConfiguration": CHANGES_THE_BUCKET,
    "PutBucketLifecycle": OLD_NAME,
    "PutBucketMetricsConfiguration": CHANGES_THE_BUCKET,
    "PutBucketNotification": OLD_NAME,
    "PutBucketReplication": PASSES_MORE,
    "PutObjectAnnotation": UNKNOWN_ACTION,
    "RenameObject": CHANGES_THE_BUCKET,
    "UpdateBucketMetadataAnnotationTableConfiguration": NOT_HERE,
    "UpdateBucketMetadataInventoryTableConfiguration": NOT_HERE,
    "UpdateBucketMetadataJournalTableConfiguration": NOT_HERE,
    "UpdateObjectEncryption": CHANGES_THE_BUCKET,
    "WriteGetObjectResponse": NOT_HERE,
}
UNMAPPED_DYNAMODB = {
    "CreateGlobalTable": OTHER_REGIONS,
    "DescribeContributorInsights": NOT_HERE,
    "DescribeExport": NOT_HERE,
    "DescribeGlobalTable": OTHER_REGIONS,
    "DescribeGlobalTableSettings": OTHER_REGIONS,
    "DescribeImport": NOT_HERE,
    "DescribeTableReplicaAutoScaling": OTHER_REGIONS,
    "DisableKinesisStreamingDestination": PASSES_MORE,
    "EnableKinesisStreamingDestination": PASSES_MORE,
    "ExportTableToPointInTime": COPIES_TABLES,
    "ImportTable": COPIES_TABLES,
    "RestoreTableFromBackup": COPIES_TABLES,
    "RestoreTableToPointInTime": COPIES_TABLES,
    "SearchVectors": UNKNOWN_ACTION,
    "UpdateContributorInsights": NOT_HERE,
    "UpdateGlobalTable": OTHER_REGIONS,
    "UpdateGlobalTableSettings": OTHER_REGIONS,
    "UpdateKinesisStreamingDestination": PASSES_MORE,
    "UpdateTableReplicaAutoScaling": OTHER_REGIONS,
}


def operations(service: str) -> set[str]:
    return set(SESSION.get_service_model(service).operation_names)


def test_every_s3_operation_is_mapped_or_denied_with_a_reason() -> None:
    mapped = {operation.name for operation in OPERATIONS}
    assert mapped & UNMAPPED_S3.keys() == set()
    assert mapped | UNMAPPED_S3.keys() == operations("s3")


def test_every_dynamodb_operation_is_mapped_or_denied_with_a_reason() -> None:
    names = {
        "TableName": "table",
        "ResourceArn": TABLE,
        "BackupArn": f"{TABLE}/backup/01489602797149-73d8d5bc",
    }
    control = {name for name in operations("dynamodb") if control_checks(call("dynamodb", name, names))}
    mapped = control | set(dynamodb._DATA_OPERATIONS)
    assert mapped & UNMAPPED_DYNAMODB.keys() == set()
    assert mapped | UNMAPPED_DYNAMODB.keys() == operations("dynamodb")


@pytest.mark.parametrize("operation", sorted(UNMAPPED_DYNAMODB))
def test_what_is_not_mapped_has_no_check(operation: str) -> None:
    assert checks(call("dynamodb", operation, {"TableName": "table"}), RESOURCES) == []


def test_every_streams_operation_is_mapped() -> None:
    params: dict[str, Any] = {"StreamArn": STREAM, "ShardIterator": STREAM}
    for name in operations("dynamodbstreams"):
        (check,) = checks(call("dynamodbstreams", name, params), RESOURCES)
        assert check.action == f"dynamodb:{name}"
