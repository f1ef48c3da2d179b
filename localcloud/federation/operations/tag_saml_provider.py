"""TagSAMLProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import provider_tags
from localcloud.federation.models import SamlProvider


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags, or give those that are there other values. Raises NoSuchEntity and LimitExceeded."""
    provider_tags.add(ctx, SamlProvider, request["SAMLProviderArn"], request["Tags"])
    return {}
