"""AdminGetUserAuthFactors: with what a user may sign in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.accounts.users import require_user
from localcloud.userpool.factors import first_factors
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The first factors that it can show, and its second ones."""
    pool = require_pool(ctx, request["UserPoolId"])
    return first_factors.describe(ctx, pool, require_user(ctx, pool, request["Username"]))
