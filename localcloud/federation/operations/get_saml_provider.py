"""GetSAMLProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import identity_providers, provider_tags
from localcloud.federation.models import SamlProvider


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """A provider with its metadata. Raises NoSuchEntity."""
    provider = identity_providers.require(ctx, SamlProvider, request["SAMLProviderArn"])
    return {
        "SAMLProviderUUID": provider.id,
        "SAMLMetadataDocument": provider.metadata,
        "CreateDate": provider.created,
        "ValidUntil": provider.valid_until,
        "Tags": provider_tags.shown(provider.tags),
    }
