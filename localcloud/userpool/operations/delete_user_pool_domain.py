"""DeleteUserPoolDomain: a pool's domain prefix goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.errors import AwsError
from localcloud.userpool.models import Domain


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove it from the pool that has it."""
    with ctx.store.transaction():
        domain = ctx.store.get(Domain, request["Domain"])
        if domain is None or domain.pool_id != request["UserPoolId"]:
            raise AwsError("InvalidParameterException", "No such domain or user pool exists.")
        ctx.store.delete(Domain, domain.domain)
    return {}
