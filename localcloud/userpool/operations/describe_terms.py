"""DescribeTerms: a terms document by its id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import terms
from localcloud.userpool.pools import require_pool


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its links."""
    pool = require_pool(ctx, request["UserPoolId"])
    return {"Terms": terms.describe(terms.require(ctx, pool.id, request["TermsId"]))}
