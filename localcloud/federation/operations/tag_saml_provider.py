"""TagSAMLProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import provider_tags, saml_providers


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Add tags, or give those that are there other values. Raises NoSuchEntity and LimitExceeded."""
    tags = request["Tags"]
    saml_providers.change(ctx, request["SAMLProviderArn"], lambda old: {"tags": provider_tags.read(tags, old.tags)})
    return {}
