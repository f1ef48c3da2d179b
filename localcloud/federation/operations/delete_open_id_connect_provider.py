"""DeleteOpenIDConnectProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation.models import OpenIdProvider


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove a provider; as on AWS, nothing happens when it is gone."""
    ctx.store.delete(OpenIdProvider, request["OpenIDConnectProviderArn"])
    return {}
