"""ListSAMLProviderTags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import provider_tags, saml_providers


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """All tags of a provider, in one page. Raises NoSuchEntity."""
    provider = saml_providers.require(ctx, request["SAMLProviderArn"])
    return {"Tags": provider_tags.shown(provider.tags), "IsTruncated": False}
