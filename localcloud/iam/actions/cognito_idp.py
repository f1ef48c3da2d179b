"""User pools: every call that is signed is about one pool, or about all of them.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_cognito-idp.html
"""

from __future__ import annotations

import re

from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._pools import Pools

_POOLS = Pools(
    service="cognito-idp",
    resource="userpool",
    parameter="UserPoolId",
    pool_id=re.compile(r"(?P<region>[\w-]+)_[0-9a-zA-Z]+", re.ASCII),
    tags="UserPoolTags",
    without_pool=frozenset(
        {"CreateUserPool", "DescribeUserPoolDomain", "GetProvisionedLimit", "ListUserPools", "UpdateProvisionedLimit"}
    ),
)


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call. Raises AwsError `SerializationException` for a parameter of the wrong type."""
    return _POOLS.checks(call)
