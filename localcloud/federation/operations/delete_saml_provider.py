"""DeleteSAMLProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import saml_providers


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove a provider. Raises NoSuchEntity."""
    saml_providers.delete(ctx, request["SAMLProviderArn"])
    return {}
