"""CreateSAMLProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import provider_tags, saml_providers


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Register a provider with its metadata. Raises InvalidInput, EntityAlreadyExists and LimitExceeded."""
    saml_providers.refuse_encryption(request)
    tags = provider_tags.read(request.get("Tags"))
    provider = saml_providers.create(ctx, request["Name"], request["SAMLMetadataDocument"], tags)
    return {"SAMLProviderArn": provider.arn, "Tags": provider_tags.shown(tags)}
