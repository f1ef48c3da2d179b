"""GetLogDeliveryConfiguration: where a pool's logs go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import log_delivery
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """All configurations; none where nothing is delivered."""
    return {"LogDeliveryConfiguration": log_delivery.describe(ctx, require_pool(ctx, request["UserPoolId"]).id)}
