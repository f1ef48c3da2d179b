"""UpdateGroup: a group's description, role or precedence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool import wire
from localcloud.userpool.accounts.groups import require_group
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Change what the request names; the rest stays."""
    fields = {"description": "Description", "role_arn": "RoleArn", "precedence": "Precedence"}
    changes = {field: request[name] for field, name in fields.items() if name in request}
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        group = replaced(require_group(ctx, pool.id, request["GroupName"]), modified=ctx.now, **changes)
        ctx.store.put(group)
    return {"Group": wire.group_type(group)}
