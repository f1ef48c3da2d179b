"""UntagSAMLProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import provider_tags
from localcloud.federation.models import SamlProvider


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove tags; nothing happens for a key that is not there. Raises NoSuchEntity."""
    provider_tags.remove(ctx, SamlProvider, request["SAMLProviderArn"], request["TagKeys"])
    return {}
