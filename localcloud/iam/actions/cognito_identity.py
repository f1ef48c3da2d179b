"""Identity pools: every call that is signed is about one pool, about identities, or has no resource of its own.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_cognito-identity.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._params import text, texts
from localcloud.iam.actions._pools import Pools

_MOST_IDENTITIES = 60
"""Source: DeleteIdentities."""

_POOLS = Pools(
    service="cognito-identity",
    resource="identitypool",
    parameter="IdentityPoolId",
    pool_id=re.compile(r"(?P<region>[\w-]+):[0-9a-f-]+", re.ASCII),
    tags="IdentityPoolTags",
    without_pool=frozenset(
        {"CreateIdentityPool", "ListIdentityPools", "SetIdentityPoolRoles", "SetPrincipalTagAttributeMap"}
    ),
)


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call. Raises AwsError `SerializationException` for a parameter of the wrong type."""
    if call.operation == "DescribeIdentity":
        return _about_identities(call, catalog, [text(call.params, "IdentityId")])
    if call.operation == "DeleteIdentities":
        return _about_identities(call, catalog, texts(call.params, "IdentityIdsToDelete"))
    return _POOLS.checks(call)


def _about_identities(call: Call, catalog: Catalog, identity_ids: Sequence[str]) -> list[Check]:
    """One check for each pool that the identities are in, and one without a pool for those that are nowhere.

    Attack: an identity of a guarded pool among many of one's own.
    """
    if len(identity_ids) > _MOST_IDENTITIES:
        return []
    pools = {catalog.identity_pool_of(identity_id) for identity_id in identity_ids} or {""}
    action = f"cognito-identity:{call.operation}"
    return [Check(action, "*", {"cognito-identity:IdentityPoolArn": arn} if arn else {}) for arn in sorted(pools)]
