"""GetUserPoolMfaConfig: whether a pool has MFA, and which factors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import mfa_config
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The setting and the factors that are on."""
    return mfa_config.shown(require_pool(ctx, request["UserPoolId"]))
