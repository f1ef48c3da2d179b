"""ListOpenIDConnectProviderTags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import open_id_providers, provider_tags


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """All tags of a provider, in one page. Raises NoSuchEntity."""
    provider = open_id_providers.require(ctx, request["OpenIDConnectProviderArn"])
    return {"Tags": provider_tags.shown(provider.tags), "IsTruncated": False}
