"""IAM: reading roles, and reading and writing their inline policies. Nothing else that changes permissions is mapped.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_iam.html
"""

from __future__ import annotations

import re

from localcloud.iam.actions import Call, Catalog, Check
from localcloud.iam.actions._params import text

_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_ROLE_OPERATIONS = frozenset(
    {"GetRole", "GetRolePolicy", "ListRolePolicies", "ListAttachedRolePolicies", "ListRoleTags"}
    | {"PutRolePolicy", "DeleteRolePolicy"}
)


def checks(call: Call, catalog: Catalog) -> list[Check]:
    """What to decide for one call; nothing for one that is not understood. Raises AwsError for a malformed one."""
    name = text(call.params, "RoleName")
    if call.operation not in _ROLE_OPERATIONS or not _NAME.fullmatch(name):
        return []
    role = catalog.role_arn(name)
    tags = catalog.role_tags(role)
    keys = {f"{prefix}:ResourceTag/{key}": tag for prefix in ("aws", "iam") for key, tag in tags.items()}
    return [Check(f"iam:{call.operation}", role, keys)]
