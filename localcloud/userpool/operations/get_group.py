"""GetGroup: one group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import wire
from localcloud.userpool.accounts.groups import require_group
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The group of that name."""
    pool = require_pool(ctx, request["UserPoolId"])
    return {"Group": wire.group_type(require_group(ctx, pool.id, request["GroupName"]))}
