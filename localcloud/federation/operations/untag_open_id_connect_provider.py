"""UntagOpenIDConnectProvider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.context import Context
from localcloud.federation import open_id_providers, provider_tags


def handle(ctx: Context, request: Mapping[str, Any]) -> dict[str, Any]:
    """Remove tags; nothing happens for a key that is not there. Raises NoSuchEntity."""
    keys = request["TagKeys"]
    open_id_providers.change(
        ctx, request["OpenIDConnectProviderArn"], lambda old: {"tags": provider_tags.without(old.tags, keys)}
    )
    return {}
