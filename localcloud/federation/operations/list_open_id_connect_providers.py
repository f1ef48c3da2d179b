"""ListOpenIDConnectProviders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation.models import OpenIdProvider


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """All providers of the account."""
    return {"OpenIDConnectProviderList": [{"Arn": provider.arn} for provider in ctx.store.find(OpenIdProvider)]}
