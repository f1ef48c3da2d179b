"""UpdateProvisionedLimit: another request rate for a category of operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.limits import quotas


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Set it, between the default and the account's maximum."""
    category = quotas.require_category(request["LimitDefinition"])
    quotas.provision(ctx, category, request["RequestedLimitValue"])
    return {"Limit": quotas.describe(ctx, category)}
