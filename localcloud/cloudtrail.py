"""What CloudTrail records of a call to a user pool, for the rules of EventBridge that wait for it.

Only calls that succeed and change something are recorded.
https://docs.aws.amazon.com/cognito/latest/developerguide/logging-using-cloudtrail.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.wire import model
from localcloud.wire.model import Operation

DETAIL_TYPE = "AWS API Call via CloudTrail"
SOURCE = "aws.cognito-idp"

_HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
_READS = ("Get", "List", "Describe")

Shapes = Mapping[str, Mapping[str, Any]]


def is_recorded(operation: Operation) -> bool:
    """Whether EventBridge is told of the operation: calls that only read are not passed on."""
    return operation.service == "cognito-idp" and not operation.name.removeprefix("Admin").startswith(_READS)


def record(operation: Operation, ctx: Context, params: Mapping[str, Any], sub: str) -> dict[str, Any]:
    """The record of a call that has just succeeded, and was about the user `sub` (empty: about none)."""
    shapes = model.load(operation.service).shapes
    return {
        "eventVersion": "1.08",
        "userIdentity": _identity(ctx),
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(ctx.now)),
        "eventSource": f"{operation.service}.amazonaws.com",
        "eventName": operation.name,
        "awsRegion": ctx.cloud.region,
        "sourceIPAddress": ctx.source_ip,
        "userAgent": ctx.user_agent,
        "requestParameters": _shown(shapes, operation.input, params),
        "responseElements": None,
        **({"additionalEventData": {"sub": sub}} if sub else {}),
        "requestID": ctx.request_id,
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ctx.cloud.account,
        "eventCategory": "Management",
    }


def _identity(ctx: Context) -> dict[str, str]:
    if not ctx.principal_arn:
        return {"type": "Unknown", "principalId": "Anonymous"}
    kind = "AssumedRole" if ctx.session_key else "IAMUser" if ":user/" in ctx.principal_arn else "Root"
    return {
        "type": kind,
        "principalId": ctx.user_id,
        "arn": ctx.principal_arn,
        "accountId": ctx.cloud.account,
    }


def _shown(shapes: Shapes, name: str, value: Any) -> Any:
    """A value as a record shows it: what AWS's own model calls sensitive is hidden, tokens and names among it."""
    shape = shapes[name]
    # Attack: a provider's client secret or private key on the event bus; the model does not call its details sensitive.
    if shape.get("sensitive") or name == "ProviderDetailsType":
        return _HIDDEN
    if shape["type"] == "structure":
        members = ((key, member["shape"]) for key, member in shape["members"].items() if key in value)
        return {key[0].lower() + key[1:]: _shown(shapes, member, value[key]) for key, member in members}
    if shape["type"] == "list":
        return [_shown(shapes, shape["member"]["shape"], item) for item in value]
    if shape["type"] == "map":
        return {key: _shown(shapes, shape["value"]["shape"], item) for key, item in value.items()}
    return value
