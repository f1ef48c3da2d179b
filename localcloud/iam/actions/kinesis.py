"""Kinesis: calls about a stream, named by name or ARN, or about one of its consumers.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_kinesis.html
"""

from __future__ import annotations

import re

from localcloud.errors import AwsError
from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._params import NotUnderstoodError, own_arn, refuse_duplicate_names, tag_map, text, texts

_STREAM = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_CONSUMER = re.compile(r"[A-Za-z0-9_.-]{1,128}/consumer/[A-Za-z0-9_.-]{1,128}:\d{1,12}", re.ASCII)
_STREAM_OPERATIONS = frozenset(
    {
        "AddTagsToStream",
        "DecreaseStreamRetentionPeriod",
        "DeleteStream",
        "DescribeStream",
        "DescribeStreamSummary",
        "GetShardIterator",
        "IncreaseStreamRetentionPeriod",
        "ListShards",
        "ListStreamConsumers",
        "ListTagsForStream",
        "MergeShards",
        "PutRecord",
        "PutRecords",
        "RegisterStreamConsumer",
        "RemoveTagsFromStream",
        "SplitShard",
    }
)
_CONSUMER_OPERATIONS = frozenset({"DeregisterStreamConsumer", "DescribeStreamConsumer"})
_RESOURCE_OPERATIONS = frozenset(
    {
        "DeleteResourcePolicy",
        "GetResourcePolicy",
        "ListTagsForResource",
        "PutResourcePolicy",
        "TagResource",
        "UntagResource",
    }
)
_WITHOUT_RESOURCE = frozenset(
    {
        "DescribeAccountSettings",
        "DescribeLimits",
        "DisableEnhancedMonitoring",
        "EnableEnhancedMonitoring",
        "ListStreams",
        "UpdateShardCount",
        "UpdateStreamMode",
    }
)


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call. Raises NotUnderstoodError, and AwsError for a malformed one."""
    refuse_duplicate_names(call.body)
    action = f"kinesis:{call.operation}"
    context = tag_map(call.params, "Tags")
    if call.operation in _WITHOUT_RESOURCE:
        return [Check(action, "*")]
    if call.operation == "CreateStream":
        arn = _stream(call)
        return [Check(action, arn, context), *([Check("kinesis:AddTagsToStream", arn, context)] if context else [])]
    if call.operation == "GetRecords":
        return [Check(action, _read_stream(call, catalog))]
    if call.operation in _CONSUMER_OPERATIONS:
        return [Check(action, _consumer(call, text(call.params, "ConsumerARN")))]
    if call.operation in ("RemoveTagsFromStream", "UntagResource"):
        context = {"aws:TagKeys": texts(call.params, "TagKeys")}
    if call.operation in _RESOURCE_OPERATIONS:
        arn = text(call.params, "ResourceARN")
        return [Check(action, _consumer(call, arn) if "/consumer/" in arn else _own(call, arn), context)]
    return [Check(action, _stream(call), context)] if call.operation in _STREAM_OPERATIONS else []


def _stream(call: Call) -> str:
    """The ARN of the stream that a request names, by name, by ARN, or by both alike."""
    name, arn = text(call.params, "StreamName"), text(call.params, "StreamARN")
    named = _own(call, f"{_prefix(call)}{name}") if name else ""
    # Of a name and the ARN of another stream the service might take either.
    if named and arn and named != arn:
        raise NotUnderstoodError
    return named or _own(call, arn)


def _read_stream(call: Call, catalog: Catalog) -> str:
    """The ARN of the stream that an iterator reads, whatever the request says besides."""
    arn = catalog.iterator_stream_arn("kinesis", call.region, text(call.params, "ShardIterator"))
    if not arn:
        raise AwsError("ExpiredIteratorException", "Iterator expired, or invalid.")
    if text(call.params, "StreamARN") not in ("", arn):
        raise NotUnderstoodError
    return arn


def _consumer(call: Call, arn: str) -> str:
    return own_arn(arn, _prefix(call), _CONSUMER)


def _own(call: Call, arn: str) -> str:
    return own_arn(arn, _prefix(call), _STREAM)


def _prefix(call: Call) -> str:
    return f"arn:aws:kinesis:{call.region}:{call.account}:stream/"
