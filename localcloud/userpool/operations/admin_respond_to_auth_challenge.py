"""AdminRespondToAuthChallenge: RespondToAuthChallenge with AWS credentials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.auth_flows import go_on
from localcloud.userpool.pools import require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Take the answer and say what follows."""
    pool, client = require_client(ctx, request["ClientId"], request["UserPoolId"])
    return go_on(ctx, pool, client, request)
