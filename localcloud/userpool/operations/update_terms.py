"""UpdateTerms: another name or other links for a terms document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.store import replaced
from localcloud.userpool.configuration import terms
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Change what the request names; the rest stays."""
    with ctx.store.transaction():
        pool = require_pool(ctx, request["UserPoolId"])
        kept = terms.require(ctx, pool.id, request["TermsId"])
        name, links = request.get("TermsName") or kept.name, request.get("Links", kept.links)
        terms.check_links(links)
        terms.check_free(ctx, kept.client_id, name, besides=kept.id)
        changed = replaced(kept, name=name, links=links, modified=ctx.now)
        ctx.store.put(changed)
    return {"Terms": terms.describe(changed)}
