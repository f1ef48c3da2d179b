"""UpdateSAMLProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import saml_providers


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Replace a provider's metadata. Raises NoSuchEntity and InvalidInput."""
    saml_providers.refuse_encryption(request)
    provider = saml_providers.require(ctx, request["SAMLProviderArn"])
    if "SAMLMetadataDocument" in request:
        saml_providers.set_metadata(ctx, provider.arn, request["SAMLMetadataDocument"])
    return {"SAMLProviderArn": provider.arn}
