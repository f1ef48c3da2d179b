"""DynamoDB's calls about tables themselves: create, describe, change, tag, and their resource policies.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_dynamodb.html
"""

from __future__ import annotations

from localcloud.iam.actions import Call, Check
from localcloud.iam.actions._attribute_values import invalid
from localcloud.iam.actions._dynamodb_request import table_arn, table_name
from localcloud.iam.actions._params import tag_context, tag_list, text, texts
from localcloud.iam.request import ContextValue

_TABLE_OPERATIONS = frozenset(
    {
        "DeleteTable",
        "DescribeContinuousBackups",
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
_ACCOUNT_OPERATIONS = frozenset({"DescribeEndpoints", "DescribeLimits", "ListTables"})


def control_checks(call: Call) -> list[Check]:
    """What to decide for a call about tables themselves; nothing for one that is not known. Raises AwsError."""
    action = f"dynamodb:{call.operation}"
    if call.operation in _ACCOUNT_OPERATIONS:
        return [Check(action, "*")]
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
    # Replicas need actions in other Regions as well.
    if call.operation not in _TABLE_OPERATIONS or call.params.get("ReplicaUpdates"):
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
