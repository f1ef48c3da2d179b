"""DescribeUserPoolClient: all settings of an app client, and its secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import wire
from localcloud.userpool.pools import require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The client of that pool."""
    _, client = require_client(ctx, request["ClientId"], request["UserPoolId"])
    return {"UserPoolClient": wire.client_type(client)}
