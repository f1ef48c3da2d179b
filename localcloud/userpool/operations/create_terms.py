"""CreateTerms: a terms document of an app client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import ids
from localcloud.userpool.configuration import terms
from localcloud.userpool.configuration.pool_state import Terms
from localcloud.userpool.pools import require_client


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Make it, for a client that has none of that name."""
    links = request.get("Links") or {}
    terms.check_links(links)
    with ctx.store.transaction():
        pool, client = require_client(ctx, request["ClientId"], request["UserPoolId"])
        terms.check_free(ctx, client.id, request["TermsName"])
        made = Terms(pool.id, ids.uuid4(ctx), client.id, request["TermsName"], links, ctx.now, ctx.now)
        ctx.store.insert(made)
    return {"Terms": terms.describe(made)}
