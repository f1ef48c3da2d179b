"""GetProvisionedLimit: the account's request rate of a category of operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.limits import quotas


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The rate, and the one that every account has."""
    return {"Limit": quotas.describe(ctx, quotas.require_category(request["LimitDefinition"]))}
