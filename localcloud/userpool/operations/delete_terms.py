"""DeleteTerms: a terms document goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import terms
from localcloud.userpool.configuration.pool_state import Terms
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove it; nobody who signs up sees it any more."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        ctx.store.delete(Terms, pool.id, terms.require(ctx, pool.id, request["TermsId"]).id)
    return {}
