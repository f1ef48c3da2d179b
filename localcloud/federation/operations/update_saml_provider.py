"""UpdateSAMLProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import identity_providers, saml_providers
from localcloud.federation.models import SamlProvider


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Replace a provider's metadata. Raises NoSuchEntity and InvalidInput."""
    saml_providers.refuse_encryption(request)
    provider = identity_providers.require(ctx, SamlProvider, request["SAMLProviderArn"])
    if "SAMLMetadataDocument" in request:
        saml_providers.set_metadata(ctx, provider.arn, request["SAMLMetadataDocument"])
    return {"SAMLProviderArn": provider.arn}
