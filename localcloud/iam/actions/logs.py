"""CloudWatch Logs: calls about a log group or one of its streams.

A call about a group is decided on `log-group:NAME:log-stream:`, with nothing after the last colon, as AWS's own
refusals show; so a policy needs `log-group:NAME:*`, and `log-group:NAME` alone gives nothing.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
"""

from __future__ import annotations

import re

from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._params import NotUnderstoodError, refuse_duplicate_names, tag_map, text, texts
from localcloud.iam.request import ContextValue

_GROUP = re.compile(r"[A-Za-z0-9._/#-]{1,512}")
_STREAM = re.compile(r"[^:*]{1,512}")
_STREAM_OPERATIONS = frozenset({"CreateLogStream", "DeleteLogStream", "GetLogEvents", "PutLogEvents"})
_GROUP_OPERATIONS = frozenset(
    {
        "CreateLogGroup",
        "DeleteLogGroup",
        "DeleteRetentionPolicy",
        "DescribeLogStreams",
        "DescribeMetricFilters",
        "DescribeSubscriptionFilters",
        "FilterLogEvents",
        "PutRetentionPolicy",
    }
)
_TAG_OPERATIONS = frozenset({"ListTagsForResource", "TagResource", "UntagResource"})


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call. Raises NotUnderstoodError, and AwsError `SerializationException`."""
    refuse_duplicate_names(call.body)
    action = f"logs:{call.operation}"
    if call.operation == "DescribeLogGroups":
        # Whatever prefix it asks for, it is about all groups.
        return [Check(action, f"{_prefix(call)}:log-stream:")]
    if call.operation in _STREAM_OPERATIONS:
        stream = text(call.params, "logStreamName")
        if not _STREAM.fullmatch(stream):
            raise NotUnderstoodError
        return [Check(action, f"{_prefix(call)}{_group(call)}:log-stream:{stream}")]
    if call.operation in _TAG_OPERATIONS:
        return [Check(action, _prefix(call) + _group_of(call, text(call.params, "resourceArn")), _tags(call))]
    if call.operation not in _GROUP_OPERATIONS:
        return []
    context = _tags(call)
    resource = f"{_prefix(call)}{_group(call)}:log-stream:"
    tagging = [Check("logs:TagResource", resource, context)] if context else []
    return [Check(action, resource, context), *tagging]


def _group(call: Call) -> str:
    name, identifier = text(call.params, "logGroupName"), text(call.params, "logGroupIdentifier")
    # Of two names the service might take the other one.
    if bool(name) == bool(identifier):
        raise NotUnderstoodError
    return _group_of(call, identifier) if identifier.startswith("arn:") else _checked(name or identifier)


def _group_of(call: Call, arn: str) -> str:
    """The name of a log group of the caller's Region and account, from its ARN."""
    prefix = _prefix(call)
    if not arn.startswith(prefix):
        raise NotUnderstoodError
    return _checked(arn.removeprefix(prefix).removesuffix(":*"))


def _prefix(call: Call) -> str:
    return f"arn:aws:logs:{call.region}:{call.account}:log-group:"


def _checked(name: str) -> str:
    if not _GROUP.fullmatch(name):
        raise NotUnderstoodError
    return name


def _tags(call: Call) -> dict[str, ContextValue]:
    if call.operation == "UntagResource":
        return {"aws:TagKeys": texts(call.params, "tagKeys")}
    return tag_map(call.params, "tags")
