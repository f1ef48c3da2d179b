"""CreateGroup: a new group in a pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.store import AlreadyExistsError
from localcloud.userpool import wire
from localcloud.userpool.models import Group
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make it. Raises GroupExistsException where there is one of that name."""
    with ctx.store.transaction():
        group = Group(
            pool_id=require_pool(ctx, request["UserPoolId"]).id,
            name=request["GroupName"],
            description=request.get("Description", ""),
            role_arn=request.get("RoleArn", ""),
            precedence=request.get("Precedence"),
            created=ctx.now,
            modified=ctx.now,
        )
        try:
            ctx.store.insert(group)
        except AlreadyExistsError as error:
            raise AwsError("GroupExistsException", "A group with the name already exists.") from error
    return {"Group": wire.group_type(group)}
