"""DeleteUserPoolDomain: a pool's domain prefix goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import domains
from localcloud.userpool.models import Domain


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove it from the pool that has it."""
    with ctx.store.transaction():
        domain = domains.require(ctx, request["Domain"], request["UserPoolId"])
        ctx.store.delete(Domain, domain.domain)
    return {}
