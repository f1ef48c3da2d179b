"""SQS: calls about one queue, named by its URL.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_sqs.html
"""

from __future__ import annotations

import re

from localcloud.errors import AwsError
from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._params import NotUnderstoodError, refuse_duplicate_names, tag_map, text, texts

_NAME = re.compile(r"(?=.{1,80}$)[A-Za-z0-9_-]+(\.fifo)?")
_URL = re.compile(r"https?://(?P<host>[A-Za-z0-9.-]+)(:\d{1,5})?/(?P<account>\d{12})/(?P<name>[^/?#]+)", re.ASCII)
_BATCHES = {
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
    "DeleteMessageBatch": "DeleteMessage",
    "SendMessageBatch": "SendMessage",
}
_QUEUE_OPERATIONS = frozenset(
    {
        "AddPermission",
        "ChangeMessageVisibility",
        "DeleteMessage",
        "DeleteQueue",
        "GetQueueAttributes",
        "ListDeadLetterSourceQueues",
        "ListQueueTags",
        "PurgeQueue",
        "ReceiveMessage",
        "RemovePermission",
        "SendMessage",
        "SetQueueAttributes",
        "TagQueue",
        "UntagQueue",
    }
)


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call. Raises NotUnderstoodError, and AwsError for a malformed one."""
    refuse_duplicate_names(call.body)
    if call.operation == "ListQueues":
        return [Check("sqs:ListQueues", "*")]
    if call.operation == "CreateQueue":
        arn, tags = _arn(call, text(call.params, "QueueName")), tag_map(call.params, "tags")
        tagging = [Check("sqs:TagQueue", arn, tags)] if tags else []
        return [Check("sqs:CreateQueue", arn, tags), *tagging]
    if call.operation == "GetQueueUrl":
        if text(call.params, "QueueOwnerAWSAccountId") not in ("", call.account):
            raise NotUnderstoodError
        return [Check("sqs:GetQueueUrl", _arn(call, text(call.params, "QueueName")))]
    action = _BATCHES.get(call.operation, call.operation)
    if action not in _QUEUE_OPERATIONS:
        return []
    context = {"aws:TagKeys": texts(call.params, "TagKeys")} if action == "UntagQueue" else tag_map(call.params, "Tags")
    return [Check(f"sqs:{action}", _queue_arn(call), context)]


def _queue_arn(call: Call) -> str:
    """The ARN of the queue that a URL names. Raises NotUnderstoodError for one of another account or Region."""
    url = text(call.params, "QueueUrl")
    if not url:
        raise AwsError("MissingParameter", "The request must contain the parameter QueueUrl.")
    found = _URL.fullmatch(url)
    # Attack: the URL of somebody else's queue: what is decided is the ARN, what is reached might be the URL.
    if found is None or found["account"] != call.account or not _is_here(found["host"], call.region):
        raise NotUnderstoodError
    return _arn(call, found["name"])


def _is_here(host: str, region: str) -> bool:
    """Whether a host may stand for SQS in this Region. Hosts outside AWS name no Region."""
    host = host.lower()
    if not host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")):
        return True
    return region in host.split(".") or (host == "queue.amazonaws.com" and region == "us-east-1")


def _arn(call: Call, name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NotUnderstoodError
    return f"arn:aws:sqs:{call.region}:{call.account}:{name}"
