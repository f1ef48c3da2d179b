"""GetSAMLProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import provider_tags, saml_providers


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """A provider with its metadata. Raises NoSuchEntity."""
    provider = saml_providers.require(ctx, request["SAMLProviderArn"])
    return {
        "SAMLProviderUUID": provider.id,
        "SAMLMetadataDocument": provider.metadata,
        "CreateDate": provider.created,
        "ValidUntil": provider.valid_until,
        "Tags": provider_tags.shown(provider.tags),
    }
