"""GetUserAuthFactors: with what a signed-in user may sign in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.factors import first_factors
from localcloud.userpool.tokens import verify_access


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The first factors that it can show, and its second ones."""
    pool, user, _ = verify_access(ctx, request["AccessToken"])
    return first_factors.describe(ctx, pool, user)
