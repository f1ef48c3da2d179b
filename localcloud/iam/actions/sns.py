"""SNS: calls about one topic; whatever else SNS does has no resource of its own.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_sns.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._forms import form_list, form_pairs
from localcloud.iam.actions._params import NotUnderstoodError, own_arn, tag_context, text
from localcloud.iam.request import ContextValue

_NAME = re.compile(r"(?=.{1,256}$)[A-Za-z0-9_-]+(\.fifo)?")
_ENDPOINT = re.compile(r"endpoint/[A-Z_]+/[A-Za-z0-9_.-]{1,256}/[0-9a-f-]{36}")
_TOPIC_OPERATIONS = {
    "AddPermission": "TopicArn",
    "ConfirmSubscription": "TopicArn",
    "DeleteTopic": "TopicArn",
    "GetDataProtectionPolicy": "ResourceArn",
    "GetTopicAttributes": "TopicArn",
    "ListSubscriptionsByTopic": "TopicArn",
    "ListTagsForResource": "ResourceArn",
    "PublishBatch": "TopicArn",
    "PutDataProtectionPolicy": "ResourceArn",
    "RemovePermission": "TopicArn",
    "SetTopicAttributes": "TopicArn",
    "Subscribe": "TopicArn",
    "TagResource": "ResourceArn",
    "UntagResource": "ResourceArn",
}
_WITHOUT_RESOURCE = frozenset(
    {
        "CheckIfPhoneNumberIsOptedOut",
        "CreatePlatformApplication",
        "CreatePlatformEndpoint",
        "DeleteEndpoint",
        "DeletePlatformApplication",
        "GetEndpointAttributes",
        "GetPlatformApplicationAttributes",
        "GetSMSAttributes",
        "GetSubscriptionAttributes",
        "ListEndpointsByPlatformApplication",
        "ListPhoneNumbersOptedOut",
        "ListPlatformApplications",
        "ListSubscriptions",
        "ListTopics",
        "OptInPhoneNumber",
        "SetEndpointAttributes",
        "SetPlatformApplicationAttributes",
        "SetSMSAttributes",
        "SetSubscriptionAttributes",
        "Unsubscribe",
    }
)


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call, whose `params` are form fields as on the wire. Raises NotUnderstoodError."""
    found = _checks(call)
    return [*found, *_pass_role_checks(call)] if found else []


def _checks(call: Call) -> list[Check]:
    action = f"sns:{call.operation}"
    if call.operation in _WITHOUT_RESOURCE:
        return [Check(action, "*")]
    if call.operation == "Publish":
        return [Check(action, _target(call))]
    if call.operation == "CreateTopic":
        arn = _topic(call, _prefix(call) + text(call.params, "Name"))
        tags = tag_context(form_pairs(call.params, "Tags.member", "Key", "Value"))
        return [Check(action, arn, tags), *([Check("sns:TagResource", arn, tags)] if tags else [])]
    if call.operation not in _TOPIC_OPERATIONS:
        return []
    arn = _topic(call, text(call.params, _TOPIC_OPERATIONS[call.operation]))
    return [Check(action.removesuffix("Batch"), arn, _context(call))]


def _context(call: Call) -> Mapping[str, ContextValue]:
    if call.operation == "Subscribe":
        given = {name: text(call.params, name) for name in ("Endpoint", "Protocol")}
        return {f"sns:{name}": value for name, value in given.items() if value}
    if call.operation == "UntagResource":
        return {"aws:TagKeys": tuple(form_list(call.params, "TagKeys.member"))}
    return tag_context(form_pairs(call.params, "Tags.member", "Key", "Value"))


def _target(call: Call) -> str:
    """Where a message goes: a topic, a device's endpoint, or a phone number, which is no resource."""
    given = {name: text(call.params, name) for name in ("TopicArn", "TargetArn", "PhoneNumber")}
    named = [name for name, value in given.items() if value]
    # Attack: an allowed topic beside a forbidden one, for the reader that takes the other.
    if len(named) != 1:
        raise NotUnderstoodError
    if named == ["PhoneNumber"]:
        return "*"
    target = given[named[0]]
    if named == ["TargetArn"] and _ENDPOINT.fullmatch(target.removeprefix(_prefix(call))):
        return target
    return _topic(call, target)


def _topic(call: Call, arn: str) -> str:
    return own_arn(arn, _prefix(call), _NAME)


def _prefix(call: Call) -> str:
    return f"arn:aws:sns:{call.region}:{call.account}:"


def _pass_role_checks(call: Call) -> list[Check]:
    """`iam:PassRole` for roles among the attributes: SNS writes delivery logs, or to Firehose, with them."""
    given = form_pairs(call.params, "Attributes.entry", "key", "value")
    if text(call.params, "AttributeName"):
        given[text(call.params, "AttributeName")] = text(call.params, "AttributeValue")
    roles = {value for name, value in given.items() if name.endswith("RoleArn") and value}
    return [Check("iam:PassRole", role, {"iam:PassedToService": "sns.amazonaws.com"}) for role in sorted(roles)]
