"""DynamoDB's calls about tables themselves: create, describe, change, tag, and their resource policies.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_dynamodb.html
"""

from __future__ import annotations

import re

from localcloud.iam.actions import Call, Check
from localcloud.iam.actions._attribute_values import invalid
from localcloud.iam.actions._dynamodb_request import table_arn, table_name
from localcloud.iam.actions._params import NotUnderstoodError, tag_context, tag_list, text, texts
from localcloud.iam.request import ContextValue

_TABLE_OPERATIONS = frozenset(
    {
        "CreateBackup",
        "DeleteTable",
        "DescribeContinuousBackups",
        "DescribeKinesisStreamingDestination",
        "DescribeTable",
        "DescribeTimeToLive",
        "UpdateContinuousBackups",
        "UpdateTable",
        "UpdateTimeToLive",
    }
)
_RESOURCE_OPERATIONS = frozenset(
    {
        "DeleteResourcePolicy",
        "GetResourcePolicy",
        "ListTagsOfResource",
        "PutResourcePolicy",
        "TagResource",
        "UntagResource",
    }
)
_BACKUP_OPERATIONS = frozenset({"DeleteBackup", "DescribeBackup"})
_ACCOUNT_OPERATIONS = frozenset(
    {
        "DescribeEndpoints",
        "DescribeLimits",
        "ListBackups",
        "ListContributorInsights",
        "ListExports",
        "ListGlobalTables",
        "ListImports",
        "ListTables",
    }
)
_REACHES_FURTHER = ("GlobalTableSourceArn", "GlobalTableWitnessUpdates", "ReplicaUpdates")
_BACKUP = re.compile(r"(?P<table>[^/]+)/backup/[0-9a-f-]{1,64}")


def control_checks(call: Call) -> list[Check]:
    """What to decide for a call about tables themselves; nothing for one that is not known. Raises AwsError."""
    action = f"dynamodb:{call.operation}"
    if call.operation in _ACCOUNT_OPERATIONS:
        return [Check(action, "*")]
    # Copies in other Regions need actions there as well.
    if any(call.params.get(name) for name in _REACHES_FURTHER):
        return []
    if call.operation in _BACKUP_OPERATIONS:
        return [Check(action, _backup_arn(call))]
    if call.operation == "CreateTable":
        return _create_table_checks(call)
    if call.operation in _RESOURCE_OPERATIONS:
        name = text(call.params, "ResourceArn")
        context: dict[str, ContextValue] = tag_context(tag_list(call.params, "Tags"))
        if call.operation == "UntagResource":
            context = {"aws:TagKeys": texts(call.params, "TagKeys")}
        if not name.startswith("arn:"):
            raise invalid("Invalid TableArn: Invalid ResourceArn provided as input")
        return [Check(action, table_arn(call, table_name(call, name)), context)]
    if call.operation not in _TABLE_OPERATIONS:
        return []
    return [Check(action, table_arn(call, table_name(call, text(call.params, "TableName"))))]


def _create_table_checks(call: Call) -> list[Check]:
    arn = table_arn(call, table_name(call, text(call.params, "TableName")))
    context = tag_context(tag_list(call.params, "Tags"))
    found = [Check("dynamodb:CreateTable", arn, context)]
    if context:
        found.append(Check("dynamodb:TagResource", arn, context))
    if call.params.get("ResourcePolicy"):
        found.append(Check("dynamodb:PutResourcePolicy", arn))
    return found


def _backup_arn(call: Call) -> str:
    arn = text(call.params, "BackupArn")
    match = _BACKUP.fullmatch(arn.removeprefix(table_arn(call, "")))
    if match is None or not arn.startswith(table_arn(call, "")):
        raise NotUnderstoodError
    return table_arn(call, table_name(call, match["table"])) + arn[arn.index("/backup/") :]
