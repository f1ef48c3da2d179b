"""GetCallerIdentity: who signed this call. Always allowed, even against a Deny (rule 46)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The caller's account, ARN and unique id."""
    return {"UserId": ctx.user_id, "Account": ctx.cloud.account, "Arn": ctx.principal_arn}
