"""Groups of a pool and who is in them."""

from __future__ import annotations

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.models import Group


def require_group(ctx: Context, pool_id: str, name: str) -> Group:
    """The group of that name. Raises ResourceNotFoundException."""
    group = ctx.store.get(Group, pool_id, name)
    if group is None:
        raise AwsError("ResourceNotFoundException", "Group not found.")
    return group
