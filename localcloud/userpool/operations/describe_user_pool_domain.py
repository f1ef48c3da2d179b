"""DescribeUserPoolDomain: which pool has a domain prefix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.userpool.configuration import domains
from localcloud.userpool.models import Domain


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """The domain, or nothing: an unknown one is no error on AWS."""
    domain = ctx.store.get(Domain, request["Domain"])
    return {"DomainDescription": domains.describe(ctx, domain) if domain else {}}
