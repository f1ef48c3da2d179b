"""UntagSAMLProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import provider_tags, saml_providers


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove tags; nothing happens for a key that is not there. Raises NoSuchEntity."""
    keys = request["TagKeys"]
    saml_providers.change(ctx, request["SAMLProviderArn"], lambda old: {"tags": provider_tags.without(old.tags, keys)})
    return {}
