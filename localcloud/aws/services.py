"""The AWS services that the engine serves, by botocore's name: its module for each, and how a call is spelt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `target` is the prefix of `X-Amz-Target`."""

    module: str
    protocol: Literal["json", "query", "rest"]
    target: str = ""


SERVICES: Mapping[str, Service] = {
    "apigatewayv2": Service("apigateway", "rest"),
    "cloudformation": Service("cloudformation", "query"),
    "dynamodb": Service("dynamodb", "json", "DynamoDB_20120810"),
    "dynamodbstreams": Service("dynamodb_streams", "json", "DynamoDBStreams_20120810"),
    "events": Service("eventbridge", "json", "AWSEvents"),
    "iam": Service("iam", "query"),
    "kinesis": Service("kinesis", "json", "Kinesis_20131202"),
    "kms": Service("kms", "json", "TrentService"),
    "lambda": Service("lambda_svc", "rest"),
    "logs": Service("cloudwatch_logs", "json", "Logs_20140328"),
    "s3": Service("s3", "rest"),
    "secretsmanager": Service("secretsmanager", "json", "secretsmanager"),
    "ses": Service("ses", "query"),
    "sesv2": Service("ses_v2", "rest"),
    "sns": Service("sns", "query"),
    "sqs": Service("sqs", "json", "AmazonSQS"),
}

_READS = ("Get", "List", "Describe", "Head", "BatchGet", "Query", "Scan", "Filter", "Lookup", "Select", "Simulate")

# Writes of data and not of resources. DynamoDB's have their journal, S3 keeps its objects on disk by itself;
# queues, streams, log events and sent mail survive a clean stop only.
DYNAMODB_WRITES = frozenset(
    {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
    | {"ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"}
)
_DATA_WRITES = DYNAMODB_WRITES | {
    *("PutObject", "CopyObject", "DeleteObject", "DeleteObjects", "PutObjectTagging", "DeleteObjectTagging"),
    *("CreateMultipartUpload", "UploadPart", "UploadPartCopy", "CompleteMultipartUpload", "AbortMultipartUpload"),
    *("SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage", "DeleteMessageBatch", "PurgeQueue"),
    *("ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "Publish", "PublishBatch", "PutEvents"),
    *("PutRecord", "PutRecords", "PutLogEvents", "CreateLogStream", "SendEmail", "SendRawEmail", "SendTemplatedEmail"),
    *("Invoke", "InvokeAsync", "Encrypt", "Decrypt", "GenerateDataKey", "Sign", "Verify"),
}


def changes_resources(operation: str) -> bool:
    """Whether a call of this operation may change a resource (and not only read it, or write data into it)."""
    return not operation.startswith(_READS) and operation not in _DATA_WRITES
