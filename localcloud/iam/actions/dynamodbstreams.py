"""DynamoDB Streams: reading what changed in a table. The actions are DynamoDB's.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_dynamodb.html
"""

from __future__ import annotations

import re

from localcloud.errors import AwsError
from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._params import own_arn, refuse_duplicate_names, text

_STREAM = re.compile(r"[A-Za-z0-9_.-]{3,255}/stream/[0-9T:.-]{1,64}", re.ASCII)


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call. Raises NotUnderstoodError, and AwsError for a malformed one."""
    refuse_duplicate_names(call.body)
    action = f"dynamodb:{call.operation}"
    if call.operation == "ListStreams":
        return [Check(action, "*")]
    if call.operation in ("DescribeStream", "GetShardIterator"):
        return [Check(action, _own(call, text(call.params, "StreamArn")))]
    if call.operation != "GetRecords":
        return []
    arn = catalog.iterator_stream_arn("dynamodbstreams", call.region, text(call.params, "ShardIterator"))
    if not arn:
        raise AwsError("ValidationException", "Invalid ShardIterator.")
    return [Check(action, _own(call, arn))]


def _own(call: Call, arn: str) -> str:
    return own_arn(arn, f"arn:aws:dynamodb:{call.region}:{call.account}:table/", _STREAM)
