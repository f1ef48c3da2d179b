"""Identity pools: every call that is signed is about one pool, or has no resource of its own.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_cognito-identity.html
"""

from __future__ import annotations

import re

from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._params import tag_map, text, texts
from localcloud.iam.actions._passed_roles import pass_role_checks
from localcloud.iam.request import ContextValue

_POOL_ID = re.compile(r"(?P<region>[\w-]+):[0-9a-f-]+", re.ASCII)
_WITHOUT_RESOURCE = frozenset(
    {
        "CreateIdentityPool",
        "DeleteIdentities",
        "DescribeIdentity",
        "ListIdentityPools",
        "SetIdentityPoolRoles",
        "SetPrincipalTagAttributeMap",
    }
)
_BY_ARN = frozenset({"ListTagsForResource", "TagResource", "UntagResource"})


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call. Raises AwsError `SerializationException` for a parameter of the wrong type."""
    resource = _resource(call)
    if not resource:
        return []
    action = f"cognito-identity:{call.operation}"
    return [Check(action, resource, _tags(call)), *pass_role_checks(call.params, "cognito-identity.amazonaws.com")]


def _resource(call: Call) -> str:
    if call.operation in _WITHOUT_RESOURCE:
        return "*"
    pool_id = text(call.params, "IdentityPoolId")
    if call.operation in _BY_ARN:
        pool_id = text(call.params, "ResourceArn").rpartition("/")[2]
    match = _POOL_ID.fullmatch(pool_id)
    if match is None:
        return ""
    arn = f"arn:aws:cognito-identity:{match['region']}:{call.account}:identitypool/{pool_id}"
    return arn if call.operation not in _BY_ARN or text(call.params, "ResourceArn") == arn else ""


def _tags(call: Call) -> dict[str, ContextValue]:
    if call.operation == "UntagResource":
        return {"aws:TagKeys": texts(call.params, "TagKeys")}
    return tag_map(call.params, "Tags" if call.operation == "TagResource" else "IdentityPoolTags")
