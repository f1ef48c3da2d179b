"""ListTerms: the terms documents of a pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool import pages
from localcloud.userpool.configuration import terms
from localcloud.userpool.configuration.pool_state import Terms
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """One page of documents, by id."""
    pool = require_pool(ctx, request["UserPoolId"])
    size, token = request.get("MaxResults"), request.get("NextToken")
    found, token = pages.read(ctx, Terms, f"ListTerms {pool.id}", size, token, pool_id=pool.id)
    return pages.answer("Terms", [terms.summary(one) for one in found], token)
