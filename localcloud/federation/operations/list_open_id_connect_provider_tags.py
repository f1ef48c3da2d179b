"""ListOpenIDConnectProviderTags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import identity_providers, provider_tags
from localcloud.federation.models import OpenIdProvider


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """All tags of a provider, in one page. Raises NoSuchEntity."""
    provider = identity_providers.require(ctx, OpenIdProvider, request["OpenIDConnectProviderArn"])
    return {"Tags": provider_tags.shown(provider.tags), "IsTruncated": False}
